// The JSON header of a safetensors file, taken apart value by value, so that a hostile one costs no more memory than
// its size explains. Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "storage/memory_budget.h"
#include "storage/safetensors_types.h"

namespace cairn::storage {

/// What the header says of one tensor; offsets count from the end of the header, and are not checked yet.
struct DescribedTensor {
  std::string name;
  const SafetensorsType* type = nullptr;
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0, end = 0;
};

struct SafetensorsHeader {
  std::vector<DescribedTensor> tensors;  ///< in the header's order
  std::map<std::string, std::string> metadata;
};

/// Throws Error naming the file, and the tensor: bad JSON, a name twice, a key that is missing or unknown, an unknown
/// type, something else than whole numbers.
SafetensorsHeader parseSafetensorsHeader(std::string_view text, MemoryBudget& budget);

/// A name as it may stand in a message.
std::string shownName(std::string_view name);

}  // namespace cairn::storage
