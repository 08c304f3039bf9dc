// The .safetensors file (Hugging Face's format): named tensors behind a JSON header, nothing that could be executed.
// Read strictly; written so that the official packages take it. Free functions and a writer, thread-safe.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/progress.h"
#include "core/state_tree.h"
#include "storage/byte_source.h"
#include "storage/file_system.h"

namespace cairn::storage {

struct SafetensorsFile {
  /// An ordered dict name -> tensor, in the order of their bytes. A tensor of a type that Cairn does not hold (F8_E4M3,
  /// U16, ...) is an Opaque "safetensors.TYPE" with its shape as one Tuple, for show.
  core::StateTree tensors;
  std::map<std::string, std::string> metadata;  ///< the header's `__metadata__`
};

/// Checks all of it: the header's length and JSON, types, shapes, that the tensors' bytes lie within the file, one
/// after the other, without overlap or gap. Throws Error naming the file, and the tensor. Blocks.
SafetensorsFile readSafetensorsSource(const ByteSource& source, const core::Progress& progress = {});

/// Whether the first bytes are those of a safetensors file (a small length, then a JSON object): by content, since a
/// name may lie. `head` holds the first 9 bytes at least.
bool looksLikeSafetensors(std::span<const std::byte> head, std::uint64_t fileSize);

/// The same tensors and metadata give the same bytes.
class SafetensorsWriter {
 public:
  /// `stateDict`: a dict name -> tensor, kept by reference. The format has no shared tensors: of tied ones the first is
  /// written, and the others' names go into the metadata (other -> first), as safetensors.torch.save_model does.
  /// Throws Error if something else than tensors is in it.
  explicit SafetensorsWriter(const core::StateTree& stateDict, std::map<std::string, std::string> metadata = {});

  std::uint64_t size() const { return head_.size() + tensorBytes_; }
  void writeTo(const std::function<void(std::span<const std::byte>)>& write) const;

 private:
  struct Named {
    std::string_view name;
    const core::Tensor* tensor = nullptr;
  };

  std::string head_;            ///< length and JSON
  std::vector<Named> tensors_;  ///< in the order of their bytes
  std::uint64_t tensorBytes_ = 0;
};

}  // namespace cairn::storage
