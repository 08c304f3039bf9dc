// What the fuzzers share: their entry point, and an input as a file for readers that want a path.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

/// libFuzzer calls it with each input; the replay program with each file of the corpus.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace cairn::tests {

/// Bytes as a file in memory, with a path as long as it lives.
class InputFile {
 public:
  explicit InputFile(std::span<const std::uint8_t> bytes);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  int file_;
  std::string path_;
};

/// Ends the program, so that the fuzzer keeps the input, if `condition` does not hold.
void require(bool condition, const char* what);

}  // namespace cairn::tests
