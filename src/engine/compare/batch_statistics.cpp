#include "engine/compare/batch_statistics.h"

#include <vector>

#include "engine/models/layers.h"

namespace cairn::engine {

namespace {

std::vector<BatchNorm2d*> batchNormsOf(const Model& model) {
  std::vector<BatchNorm2d*> found;
  for (const auto& module : model.modules(/*include_self=*/false))
    if (auto* norm = dynamic_cast<BatchNorm2d*>(module.get())) found.push_back(norm);
  return found;
}

}  // namespace

bool hasBatchStatistics(const Model& model) { return !batchNormsOf(model).empty(); }

void computeBatchStatistics(Model& model, const std::function<std::optional<torch::Tensor>()>& next) {
  const torch::NoGradGuard noGrad;
  const auto norms = batchNormsOf(model);
  model.eval();
  for (auto* norm : norms) norm->beginMean();
  while (const auto batch = next()) model.forward(*batch);
  for (auto* norm : norms) norm->endMean();
}

}  // namespace cairn::engine
