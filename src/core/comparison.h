// What two to four checkpoints have in common and where they differ, as values: A is the first, and distances are those
// of the others from it. Plain values; torch-free.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/records.h"

namespace cairn::core {

inline constexpr std::size_t kFewestCompared = 2, kMostCompared = 4;

void requireComparable(std::size_t count);  ///< throws Error for more or fewer than can be compared
std::string letterOf(std::size_t index);    ///< what the Nth of the compared is called: "A" to "D"

/// One of the compared: a checkpoint and its run.
struct Compared {
  CheckpointRecord checkpoint;
  RunRecord run;
  std::string dataFingerprint = {};  ///< of what it was trained on, as its file says; "" where that was not read
};

// --- summary: from the catalog alone

/// A metric beside itself. All vectors here have an entry a checkpoint, in the order in which they are compared.
struct MetricRow {
  std::string name;                           ///< "val/loss"; "loss" is the last training loss
  std::vector<std::optional<double>> values;  ///< none: not measured
  std::vector<bool> best;  ///< all false where there is nothing to choose (see why), or all are equal
  std::string why;         ///< "" or why no best one is marked: other losses, other validation data
};

struct SettingRow {
  std::string key;                  ///< "optimizer.lr"
  std::vector<std::string> values;  ///< JSON text; "" where the key is absent
  bool differs = false;
};

struct ComparisonSummary {
  std::vector<MetricRow> metrics;
  std::vector<SettingRow> settings;  ///< all, in the order of docs/spec.md, but for the name
  bool identical = false;            ///< the training states are equal, bit for bit, by their hashes
};

// --- weights

/// The values of one tensor by themselves.
struct TensorStats {
  double norm = 0;                 ///< L2; NaN or infinite if a value is
  double mean = 0, deviation = 0;  ///< of the finite values; over n
  double min = 0, max = 0;         ///< of the finite values
  std::int64_t notFinite = 0;      ///< how many are NaN or infinite
};

/// How far one checkpoint's tensor is from A's. None where it is not defined: a zero norm, or values that are no
/// numbers.
struct TensorDistance {
  double l2 = 0;                       ///< |other - A|, over the pairs that are finite
  std::optional<double> relativeL2;    ///< l2 / |A|; 0 if both are zero
  std::optional<double> cosine;        ///< 1: the same direction
  double maxAbs = 0;                   ///< the largest |other - A|
  std::int64_t maxAt = 0;              ///< where it is, in row-major order
  std::vector<std::int64_t> maxIndex;  ///< the same, an index a dimension; empty for a 0-dim tensor
  double atA = 0, atOther = 0;         ///< both values there
  bool identical = false;              ///< every byte is equal
};

/// A tensor that all have, in the same shape.
struct TensorRow {
  std::string name;  ///< as the model calls it, whatever the files do
  std::vector<std::int64_t> shape;
  std::int64_t values = 0;
  std::vector<std::string> dtypes;        ///< a checkpoint each: "float32"
  bool learnt = true;                     ///< false: a buffer, such as BatchNorm's running_mean
  std::vector<std::string> tied;          ///< other names under which A's file has the same tensor
  std::vector<TensorStats> stats;         ///< a checkpoint each
  std::vector<TensorDistance> distances;  ///< of each but A, from A
};

/// A tensor that not all have, or not in the same shape.
struct TensorOnlyIn {
  std::string name;
  std::vector<std::optional<std::vector<std::int64_t>>> shapes;  ///< a checkpoint each; none: it has none
};

struct WeightsComparison {
  std::vector<TensorRow> tensors;  ///< in the order of A's model
  std::vector<TensorOnlyIn> onlyIn;
  std::vector<TensorDistance> whole;  ///< of each but A: all learnt tensors as one vector (no maxIndex)
  std::vector<double> norms;          ///< a checkpoint each: of all learnt tensors as one vector
  std::int64_t parameters = 0;        ///< learnt values in `tensors`
  bool identical = false;             ///< all of them are equal, bit for bit, and onlyIn is empty
};

/// One tensor looked at closely.
struct TensorDetail {
  std::string name;
  double low = 0, high = 0;                       ///< the ends of the histograms
  std::vector<std::vector<std::int64_t>> counts;  ///< a checkpoint each: values a bin; a value at an inner border is in
                                                  ///< the bin above it, one at `high` in the last
  /// Of each but A: the L2 distance of each slice of the first dimension (an output channel, a row); empty for 0-dim.
  std::vector<std::vector<double>> byChannel;
  /// A checkpoint each: the mean |change| that its optimizer would make to a value of it in a step (lr, moments and
  /// bias correction; no weight decay). None without state, or of a buffer.
  std::vector<std::optional<double>> meanStep;
};

}  // namespace cairn::core
