#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/csv_field.h"
#include "core/text.h"
#include "training/comparison.h"

namespace cairn::training {

namespace {

using core::csvField;

std::string orEmpty(const std::optional<double>& value) { return value ? core::roundTrip(*value) : std::string(); }

}  // namespace

std::string weightsCsv(const core::WeightsComparison& weights, const std::vector<std::string>& labels) {
  std::string text =
      "tensor,shape,values,from,to,norm_from,norm_to,l2,relative_l2,cosine,max_abs,max_index,identical\n";
  for (const auto& row : weights.tensors) {
    for (std::size_t i = 0; i < row.distances.size(); ++i) {
      const auto& distance = row.distances[i];
      text += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{}\n", csvField(row.name), fmt::join(row.shape, "x"),
                          row.values, csvField(labels.at(0)), csvField(labels.at(i + 1)),
                          core::roundTrip(row.stats[0].norm), core::roundTrip(row.stats[i + 1].norm),
                          core::roundTrip(distance.l2), orEmpty(distance.relativeL2), orEmpty(distance.cosine),
                          core::roundTrip(distance.maxAbs), fmt::join(distance.maxIndex, " "), distance.identical);
    }
  }
  return text;
}

}  // namespace cairn::training
