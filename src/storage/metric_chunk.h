// A stretch of one series as the catalog keeps it: one packed blob. Free functions, thread-safe.
//
// Layout: format byte (1), width byte (4 or 8), count as varint; then step, epoch and microseconds, each column as
// zigzag varint differences; then the values, little-endian, as float32 if each is exactly one, else as float64.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace cairn::storage {

/// Values of one series of one run, columns side by side (equal lengths), ascending by step.
struct SeriesData {
  std::vector<std::int64_t> step, epoch;
  std::vector<double> seconds, value;

  std::size_t size() const { return step.size(); }
  void append(std::int64_t atStep, std::int64_t atEpoch, double atSeconds, double atValue);
  void append(const SeriesData& other, std::size_t from, std::size_t to);  ///< other's [from, to)
};

/// Values keep every bit, NaN payloads too; seconds are rounded to microseconds.
std::string packChunk(const SeriesData& data);
/// Appends to `into`. Throws Error if the blob is cut short or not one.
void unpackChunk(std::span<const std::byte> blob, SeriesData& into);

}  // namespace cairn::storage
