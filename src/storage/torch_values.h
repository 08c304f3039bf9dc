// What PyTorch's pickles say in their own way, found among a pickle's values. Free functions, thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/pickle_reader.h"
#include "storage/torch_types.h"

namespace cairn::storage {

std::string globalName(const PickleValue& global);  ///< "module.name"
/// Python's hex() of a two's complement, little-endian.
std::string hexOf(std::string_view bytes);
/// Of a tuple, a list or a torch.Size of whole numbers; nothing of anything else.
std::optional<std::vector<std::int64_t>> wholesOf(const PickleValue& value);

/// As a persistent id names it; views into the pickle.
struct StorageId {
  std::string_view type;  ///< "FloatStorage"
  std::string_view key, device;
  std::int64_t numel = 0;
};
/// Of ('storage', torch.FloatStorage, '0', 'cpu', numel); nothing if it is something else.
std::optional<StorageId> storageOf(const PickleValue& value);

}  // namespace cairn::storage
