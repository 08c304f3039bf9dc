// How PyTorch's pickles name the types of tensor storages. Constants only.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "core/state_tree.h"

namespace cairn::storage {

inline constexpr std::array<std::pair<core::DType, std::string_view>, 10> kStorageTypes = {{
    {core::DType::Float32, "FloatStorage"},   {core::DType::Float64, "DoubleStorage"},
    {core::DType::Float16, "HalfStorage"},    {core::DType::BFloat16, "BFloat16Storage"},
    {core::DType::UInt8, "ByteStorage"},      {core::DType::Int8, "CharStorage"},
    {core::DType::Int16, "ShortStorage"},     {core::DType::Int32, "IntStorage"},
    {core::DType::Int64, "LongStorage"},      {core::DType::Bool, "BoolStorage"},
}};

inline std::string_view storageType(core::DType dtype) {
  for (const auto& [known, name] : kStorageTypes)
    if (known == dtype) return name;
  return {};
}

inline std::optional<core::DType> storageDType(std::string_view name) {
  for (const auto& [dtype, known] : kStorageTypes)
    if (known == name) return dtype;
  return {};
}

}  // namespace cairn::storage
