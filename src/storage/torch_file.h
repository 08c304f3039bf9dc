// The PyTorch checkpoint file: a StateTree as the zip that torch.load opens, and back, executing nothing.
// Layout and keys: docs/file-format.md. Free functions, thread-safe.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "core/progress.h"
#include "core/state_tree.h"
#include "storage/file_system.h"

namespace cairn::storage {

/// A fixed layout: the same tree and archive name give the same bytes, in pieces to `write`. Size is known before.
class TorchFileWriter {
 public:
  /// `archive` is the folder name inside the zip ("step-100-1a2b3c4d"). Keeps `tree` by reference. Numbers from
  /// `zip64From` on stand in zip64 fields; lower than the format's own limit for tests only. Throws Error if the tree
  /// cannot be written (an Opaque node, text that is not UTF-8).
  TorchFileWriter(const core::StateTree& tree, std::string archive, std::uint64_t zip64From = 0xFFFFFFFF);
  ~TorchFileWriter();

  using Write = std::function<void(std::span<const std::byte>)>;

  std::uint64_t size() const;
  /// Calls `write` with the file's bytes in order.
  void writeTo(const Write& write) const;
  /// The same with another tree in the pickle, which comes last: `amended` is asked for it once the tensors are written. It
  /// has the same tensors, and what else differs are texts, each as long as before and met nowhere else in the tree.
  void writeTo(const Write& write, const std::function<core::StateTree()>& amended) const;

 private:
  struct Plan;
  void writeAll(const Write& write, const std::function<std::string()>& pickle) const;
  std::unique_ptr<Plan> plan_;
};

struct TorchFileLimits {
  std::uint64_t pickleBytes = 256u << 20;  ///< of data.pkl
  int depth = 512;                         ///< of nesting
  std::uint64_t fixedMemory = 512u << 20;  ///< bytes that reading may take on top of the file's own size
};

/// Reads and checks a whole file (structure, bounds, CRCs). Unknown classes become Opaque nodes. Throws Error naming
/// the file and what is wrong: compressed entries, entries out of the file, a storage longer than its record, a view
/// outside its storage, a bad CRC, the legacy format, a TorchScript archive, ...
std::shared_ptr<const core::StateTree> readTorchFile(FileSystem& files, const std::filesystem::path& path,
                                                     const TorchFileLimits& limits = {},
                                                     const core::Progress& progress = {});

/// XXH3-128 (32 hex digits) of the training state alone: model, optimizer, scheduler, random states, sampler, meters,
/// counters; no ids, paths or clocks.
std::string stateHash(const core::StateTree& checkpoint);

}  // namespace cairn::storage
