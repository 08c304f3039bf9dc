#include "core/compare_weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "core/error.h"
#include "core/tensor_arithmetic.h"

namespace cairn::core {

namespace {

using Index = std::unordered_map<std::string, const NamedTensor*>;

std::vector<Index> indexOf(const std::vector<Weights>& checkpoints) {
  std::vector<Index> all;
  for (const auto& weights : checkpoints) {
    auto& index = all.emplace_back();
    for (const auto& tensor : weights) index.emplace(tensor.name, &tensor);
  }
  return all;
}

const NamedTensor* find(const Index& index, const std::string& name) {
  const auto known = index.find(name);
  return known == index.end() ? nullptr : known->second;
}

/// Of each checkpoint; null where it has none of that name.
std::vector<const NamedTensor*> everywhere(const std::vector<Index>& indices, const std::string& name) {
  std::vector<const NamedTensor*> tensors;
  for (const auto& index : indices) tensors.push_back(find(index, name));
  return tensors;
}

bool agree(const std::vector<const NamedTensor*>& tensors) {
  return std::all_of(tensors.begin(), tensors.end(), [&](const auto* tensor) {
    return tensor && tensors.front() && tensor->tensor.shape == tensors.front()->tensor.shape;
  });
}

void add(DistanceSums& all, const DistanceSums& one) {
  all.squares += one.squares;
  all.product += one.product;
  all.normA += one.normA;
  all.normOther += one.normOther;
  all.notFinite += one.notFinite;
  all.maxAbs = std::max(all.maxAbs, one.maxAbs);
}

/// The comparison as it grows.
class Comparing {
 public:
  Comparing(const std::vector<Weights>& checkpoints, const Progress& progress)
      : checkpoints_(checkpoints),
        progress_(progress),
        indices_(indexOf(checkpoints)),
        sums_(checkpoints.size() - 1),
        squares_(checkpoints.size()) {
    for (const auto& weights : checkpoints)
      for (const auto& tensor : weights) total_ += tensor.tensor.numel();
    total_ = 2 * total_ - (checkpoints.empty() ? 0 : sizeOf(checkpoints.front()));
  }

  WeightsComparison run() {
    for (const auto& [name, tensors] : rows()) addRow(name, tensors);
    for (const auto& sums : sums_) result_.whole.push_back(distanceOf(sums));
    for (const double squares : squares_) result_.norms.push_back(std::sqrt(squares));
    result_.identical = result_.onlyIn.empty();
    for (std::size_t i = 0; i < sums_.size(); ++i) {
      bool same = result_.onlyIn.empty();
      for (const auto& row : result_.tensors) same &= row.distances[i].identical;
      result_.whole[i].identical = same;
      result_.identical &= same;
    }
    return std::move(result_);
  }

 private:
  static std::int64_t sizeOf(const Weights& weights) {
    std::int64_t size = 0;
    for (const auto& tensor : weights) size += tensor.tensor.numel();
    return size;
  }

  /// Those that agree; the rest goes into onlyIn.
  std::vector<std::pair<std::string, std::vector<const NamedTensor*>>> rows() {
    std::vector<std::pair<std::string, std::vector<const NamedTensor*>>> found;
    std::unordered_map<std::string, bool> seen;
    for (const auto& weights : checkpoints_) {
      for (const auto& tensor : weights) {
        if (!seen.emplace(tensor.name, true).second) continue;
        auto tensors = everywhere(indices_, tensor.name);
        if (agree(tensors))
          found.emplace_back(tensor.name, std::move(tensors));
        else
          addOnlyIn(tensor.name, tensors);
      }
    }
    return found;
  }

  void addOnlyIn(const std::string& name, const std::vector<const NamedTensor*>& tensors) {
    TensorOnlyIn only{.name = name, .shapes = {}};
    for (const auto* tensor : tensors)
      only.shapes.push_back(tensor ? std::optional(tensor->tensor.shape) : std::nullopt);
    result_.onlyIn.push_back(std::move(only));
  }

  void addRow(const std::string& name, const std::vector<const NamedTensor*>& tensors) {
    const auto& a = *tensors.front();
    TensorRow row{.name = name,
                  .shape = a.tensor.shape,
                  .values = a.tensor.numel(),
                  .dtypes = {},
                  .learnt = a.learnt,
                  .tied = a.tied,
                  .stats = {},
                  .distances = {}};
    const Tick tick = [&](std::int64_t values) { advance(name, values); };
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      const auto& tensor = tensors[i]->tensor;
      row.dtypes.emplace_back(dtypeName(tensor.dtype));
      row.stats.push_back(statsOf(tensor, tick));
      if (row.learnt) squares_[i] += row.stats.back().norm * row.stats.back().norm;
      if (i == 0) continue;
      const auto sums = sumsOf(a.tensor, tensor, tick);
      row.distances.push_back(distanceBetween(a.tensor, tensor, sums));
      if (row.learnt) add(sums_[i - 1], sums);
    }
    if (row.learnt) result_.parameters += row.values;
    result_.tensors.push_back(std::move(row));
  }

  void advance(const std::string& name, std::int64_t values) {
    done_ += values;
    if (progress_ && !progress_("Comparing " + name, std::min(done_, total_), total_))
      throw Error::cancelled("Comparing weights");
  }

  const std::vector<Weights>& checkpoints_;
  const Progress& progress_;
  const std::vector<Index> indices_;
  std::vector<DistanceSums> sums_;  ///< of each but A, over the learnt tensors
  std::vector<double> squares_;     ///< of each
  std::int64_t done_ = 0, total_ = 0;
  WeightsComparison result_;
};

}  // namespace

WeightsComparison compareWeights(const std::vector<Weights>& checkpoints, const Progress& progress) {
  requireComparable(checkpoints.size());
  return Comparing(checkpoints, progress).run();
}

TensorDetail detailOf(const std::vector<Weights>& checkpoints, const std::string& name, int bins) {
  const auto tensors = everywhere(indexOf(checkpoints), name);
  if (tensors.empty() || !agree(tensors))
    throw Error("tensor " + name, "not all of the checkpoints have it, in one shape", "choose another");
  if (bins < 1 || bins > 1000) throw Error::invalid("bins", fmt::format("{} is not 1 to 1000", bins));
  TensorDetail detail{.name = name, .low = {}, .high = {}, .counts = {}, .byChannel = {}, .meanStep = {}};
  detail.low = std::numeric_limits<double>::infinity();
  detail.high = -detail.low;
  for (const auto* one : tensors) {
    const auto stats = statsOf(one->tensor);
    if (stats.notFinite == one->tensor.numel()) continue;
    detail.low = std::min(detail.low, stats.min);
    detail.high = std::max(detail.high, stats.max);
  }
  if (!(detail.low <= detail.high)) detail.low = detail.high = 0;
  if (detail.low == detail.high) detail.low -= 0.5, detail.high += 0.5;  // as numpy.histogram does
  for (const auto* one : tensors) detail.counts.push_back(histogramOf(one->tensor, detail.low, detail.high, bins));
  for (std::size_t i = 1; i < tensors.size(); ++i)
    detail.byChannel.push_back(channelDistances(tensors.front()->tensor, tensors[i]->tensor));
  detail.meanStep.resize(tensors.size());
  return detail;
}

}  // namespace cairn::core
