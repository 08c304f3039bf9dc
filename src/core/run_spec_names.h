// How a spec's choices are spelt: one table a choice, for the parser, the writer, and whoever lists them to a person.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "core/run_spec.h"

namespace cairn::core {

template <typename E, std::size_t N>
using NameTable = std::array<std::pair<E, std::string_view>, N>;

inline constexpr NameTable<Task, 2> kTaskNames{
    {{Task::Classification, "classification"}, {Task::Regression, "regression"}}};
inline constexpr NameTable<LossType, 4> kLossNames{{{LossType::MSELoss, "MSELoss"},
                                                    {LossType::L1Loss, "L1Loss"},
                                                    {LossType::SmoothL1Loss, "SmoothL1Loss"},
                                                    {LossType::CrossEntropyLoss, "CrossEntropyLoss"}}};
inline constexpr NameTable<Activation, 7> kActivationNames{{{Activation::ReLU, "ReLU"},
                                                            {Activation::LeakyReLU, "LeakyReLU"},
                                                            {Activation::GELU, "GELU"},
                                                            {Activation::SiLU, "SiLU"},
                                                            {Activation::Tanh, "Tanh"},
                                                            {Activation::Sigmoid, "Sigmoid"},
                                                            {Activation::ELU, "ELU"}}};
inline constexpr NameTable<Mode, 2> kModeNames{{{Mode::Min, "min"}, {Mode::Max, "max"}}};

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
