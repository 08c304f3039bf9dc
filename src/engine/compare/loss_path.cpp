#include "engine/compare/loss_path.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/comparison.h"
#include "core/error.h"
#include "engine/compare/batch_statistics.h"
#include "engine/compare/evaluated.h"
#include "engine/loop/compute_device.h"

namespace cairn::engine {

namespace {

constexpr std::size_t kStatisticsSamples = 10'240;  // of the training part, for each point's BatchNorm statistics

const char* kAdvice = "choose two checkpoints of one model";

/// Both ends and the model in between.
class Line {
 public:
  Line(const ComparedFiles& files, const PathOptions& options, const core::Progress& progress)
      : options_(options),
        progress_(progress),
        infos_(infosOf(files)),
        shared_(loadSharedData(files, infos_, options.dataOf, progress)),
        threads_(threadsOf(*files[shared_.about.of].tree)),
        device_(deviceFor(shared_.spec)),
        from_(*files[options.from].tree, infos_[options.from], shared_, device_),
        to_(*files[options.to].tree, infos_[options.to], shared_, device_),
        between_(*files[options.from].tree, infos_[options.from], shared_, device_) {
    for (const auto& [end, index] : {std::pair(&from_, options.from), std::pair(&to_, options.to)})
      if (!end->problem().empty()) throw Error("checkpoint " + core::letterOf(index), end->problem(), kAdvice);
    requireOneModel();
    ends_ = {from_.entries(), to_.entries()};
    moving_ = between_.entries();
    requireSameShapes();
  }

  core::LossPath run() {
    core::LossPath path;
    path.statisticsAnew = hasBatchStatistics(between_.model()) && options_.points > 2;
    for (int i = 0; i < options_.points; ++i) {
      path.points.push_back(at(i));
      if (options_.onPoint) options_.onPoint(path.points.back());
    }
    path.barrier = barrierOf(path.points);
    path.data = std::move(shared_.about);
    return path;
  }

 private:
  void requireOneModel() const {
    const auto& a = infos_[options_.from];
    const auto& b = infos_[options_.to];
    if (a.classes != b.classes || a.features != b.features || a.targets != b.targets)
      throw Error("checkpoints " + core::letterOf(options_.from) + " and " + core::letterOf(options_.to),
                  "their inputs or outputs stand for other columns or classes", kAdvice);
    if (core::modelType(a.spec.model) != core::modelType(b.spec.model))
      throw Error("checkpoints " + core::letterOf(options_.from) + " and " + core::letterOf(options_.to),
                  fmt::format("one is of type {}, the other {}: there is no line between them",
                              core::modelType(a.spec.model), core::modelType(b.spec.model)),
                  kAdvice);
  }
  void requireSameShapes() const;
  core::PathPoint at(int number);
  void place(double t);
  void computeStatistics(const std::string& phase);
  static double barrierOf(const std::vector<core::PathPoint>& points);

  const PathOptions& options_;
  const core::Progress& progress_;
  std::vector<CheckpointInfo> infos_;
  SharedData shared_;
  OwnThreads threads_;
  torch::Device device_;
  Contender from_, to_, between_;
  std::pair<StateEntries, StateEntries> ends_;
  StateEntries moving_;
};

void Line::requireSameShapes() const {
  const auto& [a, b] = ends_;
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    if (i < a.size() && i < b.size() && a[i].first == b[i].first && a[i].second.sizes() == b[i].second.sizes())
      continue;
    const auto& one = i < a.size() ? a[i] : b[i];
    throw Error("tensor " + one.first,
                "the checkpoints do not both have it in one shape: there is no line between them", kAdvice);
  }
}

/// The model at (1 - t) A + t B: whole at the ends, with their own BatchNorm statistics.
void Line::place(double t) {
  const torch::NoGradGuard noGrad;
  const auto& [a, b] = ends_;
  for (std::size_t i = 0; i < moving_.size(); ++i) {
    auto& to = moving_[i].second;
    if (t == 0 || !to.is_floating_point())
      to.copy_(a[i].second);
    else if (t == 1)
      to.copy_(b[i].second);
    else
      to.copy_(a[i].second.to(torch::kDouble) * (1 - t) + b[i].second.to(torch::kDouble) * t);
  }
  const auto& own = from_.normalization();
  const auto& other = to_.normalization();
  auto mixed = t == 1 ? other : own;
  for (std::size_t i = 0; t != 1 && i < std::min(own.mean.size(), other.mean.size()); ++i) {
    mixed.mean[i] = (1 - t) * own.mean[i] + t * other.mean[i];
    mixed.std[i] = (1 - t) * own.std[i] + t * other.std[i];
  }
  between_.setNormalization(std::move(mixed));
}

void Line::computeStatistics(const std::string& phase) {
  const std::span<const std::int64_t> all = shared_.data->training;
  const auto samples = all.first(std::min(all.size(), kStatisticsSamples));
  const auto size = static_cast<std::size_t>(shared_.spec.training.batchSize);
  std::size_t at = 0;
  computeBatchStatistics(between_.model(), [&]() -> std::optional<torch::Tensor> {
    if (at >= samples.size()) return {};
    if (progress_ && !progress_(phase, static_cast<std::int64_t>(at), static_cast<std::int64_t>(samples.size())))
      throw Error::cancelled(phase);
    const auto batch = samples.subspan(at, std::min(size, samples.size() - at));
    at += batch.size();
    return between_.inputs(batch);
  });
}

core::PathPoint Line::at(int number) {
  core::PathPoint point;
  point.t = static_cast<double>(number) / (options_.points - 1);
  place(point.t);
  const auto phase = fmt::format("Point {} of {}", number + 1, options_.points);
  const bool end = number == 0 || number == options_.points - 1;
  if (!end && hasBatchStatistics(between_.model())) computeStatistics(phase + ", BatchNorm");
  const auto score = evaluate(between_, shared_, phase, progress_);
  point.loss = score.loss.value_or(std::numeric_limits<double>::quiet_NaN());
  point.accuracy = score.accuracy;
  return point;
}

double Line::barrierOf(const std::vector<core::PathPoint>& points) {
  // No line runs through what is no number, and nothing can be said to lie above it.
  if (!std::all_of(points.begin(), points.end(), [](const auto& point) { return std::isfinite(point.loss); }))
    return std::numeric_limits<double>::quiet_NaN();
  double highest = 0;
  for (const auto& point : points) {
    const double straight = (1 - point.t) * points.front().loss + point.t * points.back().loss;
    if (point.loss - straight > highest) highest = point.loss - straight;
  }
  return highest;
}

}  // namespace

core::LossPath lossPathOf(const ComparedFiles& files, const PathOptions& options, const core::Progress& progress) {
  if (options.points < 2 || options.points > 1001)
    throw Error::invalid("points", fmt::format("{} is not 2 to 1001", options.points));
  if (options.from >= files.size() || options.to >= files.size())
    throw Error::invalid("from, to", "are none of the checkpoints that are compared");
  return Line(files, options, progress).run();
}

}  // namespace cairn::engine
