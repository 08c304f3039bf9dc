// Where each tensor of a safetensors file stands, all of it checked, no tensor read. Free functions, thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "storage/byte_source.h"
#include "storage/safetensors_header.h"

namespace cairn::storage {

struct SafetensorsLayout {
  std::vector<DescribedTensor> tensors;  ///< in the order of their bytes, which fill the file without overlap or gap
  std::map<std::string, std::string> metadata;
  std::uint64_t dataStart = 0;  ///< offset in the file that their offsets count from
};

/// Throws Error naming the file, and the tensor. Blocks.
SafetensorsLayout readSafetensorsLayout(const ByteSource& source);

}  // namespace cairn::storage
