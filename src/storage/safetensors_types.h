// How safetensors files name the types of values. Constants only.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/state_tree.h"

namespace cairn::storage {

struct SafetensorsType {
  std::string_view name;
  std::uint64_t bits = 0;            ///< of a value
  std::optional<core::DType> dtype;  ///< absent: a type that Cairn does not hold
};

inline constexpr std::array<SafetensorsType, 19> kSafetensorsTypes = {{
    {"F32", 32, core::DType::Float32},
    {"F64", 64, core::DType::Float64},
    {"F16", 16, core::DType::Float16},
    {"BF16", 16, core::DType::BFloat16},
    {"U8", 8, core::DType::UInt8},
    {"I8", 8, core::DType::Int8},
    {"I16", 16, core::DType::Int16},
    {"I32", 32, core::DType::Int32},
    {"I64", 64, core::DType::Int64},
    {"BOOL", 8, core::DType::Bool},
    {"U16", 16, {}},
    {"U32", 32, {}},
    {"U64", 64, {}},
    {"C64", 64, {}},
    {"F8_E5M2", 8, {}},
    {"F8_E4M3", 8, {}},
    {"F8_E8M0", 8, {}},
    {"F6_E2M3", 6, {}},
    {"F4", 4, {}},
}};

inline const SafetensorsType* safetensorsType(std::string_view name) {
  for (const auto& type : kSafetensorsTypes)
    if (type.name == name) return &type;
  return nullptr;
}

inline std::string_view safetensorsName(core::DType dtype) {
  for (const auto& type : kSafetensorsTypes)
    if (type.dtype == dtype) return type.name;
  return {};
}

}  // namespace cairn::storage
