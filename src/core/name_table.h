// How the values of an enum are spelt in files and the catalog: a table each, read both ways.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::core {

template <typename E, std::size_t N>
using NameTable = std::array<std::pair<E, std::string_view>, N>;

template <typename E, std::size_t N>
constexpr std::string_view nameOf(const NameTable<E, N>& names, E value) {
  for (const auto& [known, name] : names)
    if (known == value) return name;
  return {};
}

template <typename E, std::size_t N>
constexpr std::optional<E> valueNamed(const NameTable<E, N>& names, std::string_view text) {
  for (const auto& [known, name] : names)
    if (name == text) return known;
  return {};
}

template <typename E, std::size_t N>
std::vector<std::string_view> namesOf(const NameTable<E, N>& names) {
  std::vector<std::string_view> list;
  for (const auto& entry : names) list.push_back(entry.second);
  return list;
}

}  // namespace cairn::core
