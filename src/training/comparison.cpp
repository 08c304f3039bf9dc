#include "training/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "core/compare_weights.h"
#include "core/comparison_summary.h"
#include "core/error.h"
#include "core/text.h"
#include "engine/face/engine.h"
#include "storage/checkpoint_files.h"
#include "training/checkpoint_weights.h"
#include "training/run_data.h"

namespace cairn::training {

struct Comparison::Impl {
  std::vector<core::Compared> checkpoints;
  core::ComparisonSummary summary;
  engine::ComparedFiles files;
  std::vector<core::Weights> weights;
  std::vector<std::map<std::string, double>> steps;  ///< meanSteps() of each

  void take(storage::Catalog& catalog, const std::string& id, const core::Progress& progress);
  void repeat(std::size_t index);
};

void Comparison::Impl::take(storage::Catalog& catalog, const std::string& id, const core::Progress& progress) {
  const auto record = catalog.checkpoint(id);
  const auto file = storage::readCheckpoint(catalog.files(), record, progress);
  auto run = catalog.run(record.run);
  files.push_back({withoutOptimizer(*file), run.spec});
  weights.push_back(weightsOf(*files.back().tree));
  steps.push_back(meanSteps(*file));
  checkpoints.push_back({record, std::move(run), dataFingerprintOf(*file)});
}

void Comparison::Impl::repeat(std::size_t index) {
  checkpoints.push_back(checkpoints[index]);
  files.push_back(files[index]);
  weights.push_back(weights[index]);
  steps.push_back(steps[index]);
}

Comparison::Comparison(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Comparison::~Comparison() = default;

std::shared_ptr<const Comparison> Comparison::open(const storage::Home& home,
                                                   const std::vector<std::string>& checkpoints,
                                                   const core::Progress& progress) {
  core::requireComparable(checkpoints.size());
  storage::Catalog catalog(home, storage::Catalog::Access::Read);
  auto impl = std::make_unique<Impl>();
  for (const auto& id : checkpoints) {
    const auto known = std::find_if(impl->checkpoints.begin(), impl->checkpoints.end(),
                                    [&](const auto& one) { return one.checkpoint.id == id; });
    if (known != impl->checkpoints.end())
      impl->repeat(static_cast<std::size_t>(known - impl->checkpoints.begin()));
    else
      impl->take(catalog, id, progress);
  }
  impl->summary = core::summarize(impl->checkpoints);
  return std::shared_ptr<const Comparison>(new Comparison(std::move(impl)));
}

const std::vector<core::Compared>& Comparison::checkpoints() const { return impl_->checkpoints; }
const core::ComparisonSummary& Comparison::summary() const { return impl_->summary; }

core::WeightsComparison Comparison::weights(const core::Progress& progress) const {
  return core::compareWeights(impl_->weights, progress);
}

core::TensorDetail Comparison::tensor(const std::string& name, int bins) const {
  auto detail = core::detailOf(impl_->weights, name, bins);
  for (std::size_t i = 0; i < impl_->steps.size(); ++i)
    if (const auto known = impl_->steps[i].find(name); known != impl_->steps[i].end())
      detail.meanStep[i] = known->second;
  return detail;
}

core::PredictionComparison Comparison::predictions(const engine::PredictionOptions& options,
                                                   const core::Progress& progress) const {
  return engine::engine().comparePredictions(impl_->files, options, progress);
}

core::LossPath Comparison::path(const engine::PathOptions& options, const core::Progress& progress) const {
  return engine::engine().lossPath(impl_->files, options, progress);
}

}  // namespace cairn::training
