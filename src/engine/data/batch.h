// Gathers samples as a model takes them: the one place where raw values become inputs, for training and prediction
// alike. Torch-free; pure functions over an immutable Dataset, so any thread may call them.
#pragma once

#include <cstdint>
#include <span>

#include "engine/data/dataset.h"

namespace cairn::engine {

/// csv: (value - mean) / std a column; as it is without normalization. `out` holds rows x columns values.
void normalizeRows(const Normalization& normalization, std::span<const float> rows, std::span<float> out);
/// idx: pixels scaled to 0 to 1, then (value - mean) / std a channel. Images are channels x height x width.
void normalizeImages(const Normalization& normalization, const DataShape& shape, std::span<const std::uint8_t> pixels,
                     std::span<float> out);

/// Inputs of csv and idx samples, one after the other; `out` holds samples x inputs (or pixels) values.
void gatherInputs(const Dataset& data, std::span<const std::int64_t> samples, std::span<float> out);
/// Values of one csv row or image, and bytes of one text block's inputs.
std::int64_t sampleSize(const Dataset& data);
/// Class indices of csv and idx samples.
void gatherLabels(const Dataset& data, std::span<const std::int64_t> samples, std::span<std::int64_t> out);
/// Regression targets; `out` holds samples x outputs values.
void gatherTargets(const Dataset& data, std::span<const std::int64_t> samples, std::span<float> out);
/// text: blockSize bytes from each start, and the same one byte further on.
void gatherBlocks(const Dataset& data, std::span<const std::int64_t> starts, std::span<std::int64_t> inputs,
                  std::span<std::int64_t> targets);

}  // namespace cairn::engine
