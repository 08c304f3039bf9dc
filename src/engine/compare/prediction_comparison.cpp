#include "engine/compare/prediction_comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/comparison.h"
#include "core/error.h"
#include "engine/compare/evaluated.h"
#include "engine/compare/sample_view.h"
#include "engine/loop/compute_device.h"

namespace cairn::engine {

namespace {

constexpr std::size_t kMostConfused = 256;  // classes of a confusion matrix

/// Everything known of the comparison while it goes through the samples.
class Predicting {
 public:
  Predicting(const ComparedFiles& files, const PredictionOptions& options, const core::Progress& progress)
      : options_(options),
        progress_(progress),
        infos_(infosOf(files)),
        shared_(loadSharedData(files, infos_, options.dataOf, progress)),
        threads_(threadsOf(*files[shared_.about.of].tree)) {
    const auto device = deviceFor(shared_.spec);
    for (std::size_t i = 0; i < files.size(); ++i) {
      contenders_.emplace_back(*files[i].tree, infos_[i], shared_, device);
      if (shared_.classifies() && !shared_.isText() && contenders_[i].problem().empty())
        contenders_[i].matchClasses(extra_);
    }
    result_.results.resize(files.size());
    predicted_.resize(files.size());
  }

  core::PredictionComparison run() {
    for (std::size_t i = 0; i < contenders_.size(); ++i) result_.results[i].problem = contenders_[i].problem();
    goThrough();
    if (shared_.classifies()) {
      countAgreement();
      if (!shared_.isText()) countOutcomes();
    } else {
      result_.agreement.assign(contenders_.size(), std::vector<std::optional<double>>(contenders_.size()));
    }
    showSamples();
    result_.data = std::move(shared_.about);
    return std::move(result_);
  }

 private:
  bool able(std::size_t i) const { return contenders_[i].problem().empty(); }
  /// Positions that are classified: samples, or bytes of text.
  std::size_t positions() const {
    return shared_.samples.size() * static_cast<std::size_t>(shared_.isText() ? shared_.data->shape.blockSize : 1);
  }

  void goThrough();
  void noteDifference(std::size_t at, const torch::Tensor& reference, const torch::Tensor& output);
  void countAgreement();
  void countOutcomes();
  void showSamples();

  const PredictionOptions& options_;
  const core::Progress& progress_;
  std::vector<CheckpointInfo> infos_;
  SharedData shared_;
  OwnThreads threads_;
  std::vector<std::string> extra_;  ///< classes beyond the data's
  std::vector<Contender> contenders_;
  std::vector<std::vector<std::int32_t>> predicted_;  ///< of each: a class a position
  std::vector<double> differences_;                   ///< a sample each
  core::PredictionComparison result_;
};

/// All models batch by batch, so that no more than one batch of answers is kept.
void Predicting::goThrough() {
  differences_.assign(shared_.samples.size(), 0.0);
  std::vector<Scorer> scorers;
  for (auto& contender : contenders_) scorers.emplace_back(contender, shared_);
  std::size_t at = 0;
  inBatches(shared_, "Predicting", progress_, [&](auto batch) {
    torch::Tensor reference;  // the first able one's answers
    for (std::size_t i = 0; i < contenders_.size(); ++i) {
      if (!able(i)) continue;
      const auto output = scorers[i].add(batch);
      if (shared_.classifies()) {
        const auto classes = predictedClasses(contenders_[i], output);
        predicted_[i].insert(predicted_[i].end(), classes.begin(), classes.end());
      }
      const auto answers = answersOf(contenders_[i], shared_, extra_.size(), output);
      if (reference.defined())
        noteDifference(at, reference, answers);
      else
        reference = answers;
    }
    at += batch.size();
  });
  for (std::size_t i = 0; i < contenders_.size(); ++i) {
    if (!able(i)) continue;
    const auto score = scorers[i].score();
    result_.results[i].loss = score.loss;
    result_.results[i].accuracy = score.accuracy;
  }
}

void Predicting::noteDifference(std::size_t at, const torch::Tensor& reference, const torch::Tensor& output) {
  auto apart = output - reference;
  // Total variation of two distributions, of text the mean over positions; else the distance of two points.
  apart = shared_.classifies() ? apart.abs().sum(-1).div(2) : apart.square().sum(-1).sqrt();
  if (apart.dim() > 1) apart = apart.mean(1);
  apart = apart.to(torch::kDouble).contiguous();
  const auto* value = apart.data_ptr<double>();
  const double furthest = shared_.classifies() ? 1 : std::numeric_limits<double>::infinity();
  for (std::int64_t n = 0; n < apart.size(0); ++n) {
    auto& known = differences_[at + static_cast<std::size_t>(n)];
    // An answer that is no number is like none: as far apart as two can be.
    known = std::max(known, std::isnan(value[n]) ? furthest : value[n]);
  }
}

void Predicting::countAgreement() {
  const auto count = contenders_.size();
  const auto total = static_cast<double>(positions());
  auto& agreement = result_.agreement;
  agreement.assign(count, std::vector<std::optional<double>>(count));
  std::vector<std::size_t> ables;
  for (std::size_t i = 0; i < count; ++i)
    if (able(i)) ables.push_back(i);
  for (const auto i : ables)
    for (const auto j : ables) {
      std::int64_t same = 0;
      for (std::size_t n = 0; n < predicted_[i].size(); ++n) same += predicted_[i][n] == predicted_[j][n];
      agreement[i][j] = static_cast<double>(same) / total;
    }
  if (ables.size() < 2) return;
  std::int64_t all = 0;
  for (std::size_t n = 0; n < positions(); ++n)
    all += std::all_of(ables.begin(), ables.end(),
                       [&](auto i) { return predicted_[i][n] == predicted_[ables.front()][n]; });
  result_.allAgree = static_cast<double>(all) / total;
}

void Predicting::countOutcomes() {
  const auto classes = shared_.data->classes.size();
  result_.rightBy.assign(std::size_t{1} << contenders_.size(), 0);
  for (std::size_t i = 0; i < contenders_.size(); ++i)
    if (able(i) && classes <= kMostConfused) result_.results[i].confusion.assign(classes * classes, 0);
  for (std::size_t n = 0; n < shared_.samples.size(); ++n) {
    const auto truth = static_cast<std::size_t>(shared_.data->labels[static_cast<std::size_t>(shared_.samples[n])]);
    std::size_t right = 0;
    for (std::size_t i = 0; i < contenders_.size(); ++i) {
      if (!able(i)) continue;
      const auto answer = static_cast<std::size_t>(predicted_[i][n]);
      if (answer == truth) right |= std::size_t{1} << i;
      if (answer < classes && !result_.results[i].confusion.empty())
        ++result_.results[i].confusion[truth * classes + answer];
    }
    ++result_.rightBy[right];
  }
}

void Predicting::showSamples() {
  std::vector<std::size_t> order;
  for (std::size_t n = 0; n < differences_.size(); ++n)
    if (differences_[n] > 0) order.push_back(n);
  result_.differing = static_cast<std::int64_t>(order.size());
  const auto wanted =
      static_cast<std::size_t>(std::max<std::int64_t>(0, shared_.isText() ? options_.textSamples : options_.samples));
  const auto shown = std::min(order.size(), wanted);
  std::partial_sort(
      order.begin(), order.begin() + static_cast<std::ptrdiff_t>(shown), order.end(),
      [&](auto a, auto b) { return differences_[a] != differences_[b] ? differences_[a] > differences_[b] : a < b; });
  order.resize(shown);
  std::vector<std::int64_t> samples;
  for (const auto n : order) {
    samples.push_back(shared_.samples[n]);
    result_.samples.push_back(viewOf(shared_, shared_.samples[n]));
    result_.samples.back().difference = differences_[n];
  }
  for (std::size_t i = 0; i < contenders_.size(); ++i)
    addAnswers(result_.samples, contenders_[i], shared_, infos_[i], samples, fmt::format("Asking {}", core::letterOf(i)),
               progress_);
}

}  // namespace

core::PredictionComparison comparePredictionsOf(const ComparedFiles& files, const PredictionOptions& options,
                                                const core::Progress& progress) {
  return Predicting(files, options, progress).run();
}

}  // namespace cairn::engine
