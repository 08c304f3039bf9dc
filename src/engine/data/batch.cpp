#include "engine/data/batch.h"

#include <algorithm>
#include <array>

namespace cairn::engine {

namespace {

using ByteTable = std::array<float, 256>;

/// What each grey value becomes in a channel.
std::vector<ByteTable> byteTables(const Normalization& normalization, std::int64_t channels) {
  std::vector<ByteTable> tables(static_cast<std::size_t>(channels));
  for (std::size_t c = 0; c < tables.size(); ++c) {
    const double mean = normalization.mean.empty() ? 0.0 : normalization.mean[c];
    const double deviation = normalization.std.empty() ? 1.0 : normalization.std[c];
    for (int grey = 0; grey < 256; ++grey)
      tables[c][static_cast<std::size_t>(grey)] = static_cast<float>((grey / 255.0 - mean) / deviation);
  }
  return tables;
}

void mapImage(const std::vector<ByteTable>& tables, std::int64_t plane, const std::uint8_t* pixels, float* out) {
  for (const auto& table : tables)
    for (std::int64_t i = 0; i < plane; ++i) *out++ = table[*pixels++];
}

void normalizeRow(const Normalization& normalization, std::size_t columns, const float* row, float* out) {
  for (std::size_t c = 0; c < columns; ++c)
    out[c] = static_cast<float>((static_cast<double>(row[c]) - normalization.mean[c]) / normalization.std[c]);
}

void gatherRows(const Dataset& data, std::span<const std::int64_t> samples, std::span<float> out) {
  const auto columns = static_cast<std::size_t>(data.shape.inputs);
  float* to = out.data();
  for (const auto sample : samples) {
    const float* row = data.values.data() + static_cast<std::size_t>(sample) * columns;
    if (data.normalization.mean.empty()) std::copy_n(row, columns, to);
    else normalizeRow(data.normalization, columns, row, to);
    to += columns;
  }
}

}  // namespace

void normalizeRows(const Normalization& normalization, std::span<const float> rows, std::span<float> out) {
  const auto columns = normalization.mean.size();
  if (columns == 0) {
    std::copy(rows.begin(), rows.end(), out.begin());
    return;
  }
  for (std::size_t at = 0; at < rows.size(); at += columns) normalizeRow(normalization, columns, &rows[at], &out[at]);
}

void normalizeImages(const Normalization& normalization, const DataShape& shape, std::span<const std::uint8_t> pixels,
                     std::span<float> out) {
  const auto tables = byteTables(normalization, shape.channels);
  const auto plane = shape.height * shape.width;
  const auto image = static_cast<std::size_t>(shape.channels * plane);
  for (std::size_t at = 0; at < pixels.size(); at += image) mapImage(tables, plane, &pixels[at], &out[at]);
}

void gatherInputs(const Dataset& data, std::span<const std::int64_t> samples, std::span<float> out) {
  if (data.pixels.empty()) return gatherRows(data, samples, out);
  const auto tables = byteTables(data.normalization, data.shape.channels);
  const auto image = sampleSize(data);
  float* to = out.data();
  for (const auto sample : samples) {
    mapImage(tables, data.shape.height * data.shape.width, data.pixels.data() + sample * image, to);
    to += image;
  }
}

std::int64_t sampleSize(const Dataset& data) {
  if (!data.pixels.empty()) return data.shape.channels * data.shape.height * data.shape.width;
  return data.bytes.empty() ? data.shape.inputs : data.shape.blockSize;
}

void gatherLabels(const Dataset& data, std::span<const std::int64_t> samples, std::span<std::int64_t> out) {
  for (std::size_t i = 0; i < samples.size(); ++i) out[i] = data.labels[static_cast<std::size_t>(samples[i])];
}

void gatherTargets(const Dataset& data, std::span<const std::int64_t> samples, std::span<float> out) {
  const auto outputs = data.shape.outputs;
  float* to = out.data();
  for (const auto sample : samples) to = std::copy_n(data.targets.data() + sample * outputs, outputs, to);
}

void gatherBlocks(const Dataset& data, std::span<const std::int64_t> starts, std::span<std::int64_t> inputs,
                  std::span<std::int64_t> targets) {
  const auto block = data.shape.blockSize;
  auto* in = inputs.data();
  auto* out = targets.data();
  for (const auto start : starts) {
    const auto* text = data.bytes.data() + start;
    in = std::copy_n(text, block, in);
    out = std::copy_n(text + 1, block, out);
  }
}

}  // namespace cairn::engine
