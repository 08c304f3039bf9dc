// Files made to do harm, each with what is wrong with it: for the tests of reading and inspecting, and as seeds of the
// fuzzers. `make_hostile_files FOLDER` writes them, for trying other readers. Free functions and values.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace cairn::tests {

struct HostileFile {
  std::string name;  ///< "stack-underflow"
  std::string bytes;
  std::string says;  ///< part of the error that reading it gives
};

/// Zips of a sound structure around a bad pickle.
std::vector<HostileFile> hostilePickles();
/// Files whose zip, or what it holds, is bad.
std::vector<HostileFile> hostileZips();
/// Pickles that would run something in Python, each of which names `says`; they are read, and nothing is run.
/// `trace`: the file that would come to be.
std::vector<HostileFile> attackingPickles(const std::string& trace);
std::vector<HostileFile> hostileSafetensors();

// What they are made of.
std::string zipOf(const std::vector<std::pair<std::string, std::string>>& entries);  ///< stored, CRCs right
std::string fileOf(const std::string& ops);  ///< a PyTorch file whose pickle is `ops` and a STOP, with one storage
/// A tensor's opcodes; the storage of fileOf has two floats, 1 and 2.
std::string tensorOps(std::int64_t numel, std::int64_t offset, std::int64_t size, std::int64_t stride,
                      const std::string& key = "0");
std::string textOps(const std::string& value);
std::string repeated(const std::string& what, int times);
/// Length, JSON and bytes of a safetensors file.
std::string safetensorsOf(const std::string& json, const std::string& data);
std::string safetensorsOfMany(int tensors);  ///< empty ones, and a byte that belongs to none

}  // namespace cairn::tests
