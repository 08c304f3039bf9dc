// One sample as a person looks at it, and what each contender answers to it. One thread.
#pragma once

#include <string>
#include <vector>

#include "core/predictions.h"
#include "engine/compare/contender.h"

namespace cairn::engine {

/// What differences are measured between, on the CPU: probabilities (double) in the shared data's classes and the
/// `extra` ones, text's by position; else values (double) in the data's order of targets.
torch::Tensor answersOf(const Contender& contender, const SharedData& shared, std::size_t extra,
                        const torch::Tensor& output);

/// Number, row, image or text, and truth.
core::DifferingSample viewOf(const SharedData& shared, std::int64_t sample);

/// Appends a contender's answer to each of `samples` to the `views` of them; an empty one if it has a problem. Text is
/// gone on with from its first half, the likeliest byte each time. Throws Error of kind Cancelled. Blocks.
void addAnswers(std::vector<core::DifferingSample>& views, Contender& contender, const SharedData& shared,
                const CheckpointInfo& info, std::span<const std::int64_t> samples, const std::string& phase,
                const core::Progress& progress);

}  // namespace cairn::engine
