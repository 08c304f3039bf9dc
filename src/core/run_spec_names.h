// How a spec's choices are spelt: one table a choice, for the parser, the writer, and whoever lists them to a person.
#pragma once

#include "core/name_table.h"
#include "core/run_spec.h"

namespace cairn::core {

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

}  // namespace cairn::core
