#include "engine/loop/evaluation.h"

#include <algorithm>

#include "engine/loop/objective.h"

namespace cairn::engine {

namespace {

/// Training mode comes back however the evaluation ends.
struct EvalMode {
  explicit EvalMode(Model& evaluated) : model(evaluated) { model.eval(); }
  ~EvalMode() { model.train(); }
  EvalMode(const EvalMode&) = delete;
  EvalMode& operator=(const EvalMode&) = delete;
  Model& model;
};

}  // namespace

std::int64_t evaluationBatch(const core::RunSpec& spec, std::int64_t samples) {
  constexpr std::int64_t kRows = 1024, kOthers = 128;
  const auto usual = std::holds_alternative<core::CsvData>(spec.data.source) ? kRows : kOthers;
  return std::max<std::int64_t>(1, std::min(samples, std::max(usual, spec.training.batchSize)));
}

Evaluator::Evaluator(const Learner& learner)
    : batchSize_(evaluationBatch(learner.spec, static_cast<std::int64_t>(learner.data().validation.size()))),
      batcher_(learner.prepared, batchSize_, learner.device) {}

std::optional<Evaluation> Evaluator::run(Learner& learner, const GoOn& goOn) {
  const torch::NoGradGuard noGrad;
  const EvalMode mode(*learner.model);
  const std::span<const std::int64_t> samples = learner.data().validation;
  const bool classifies = learner.data().task == core::Task::Classification;
  Meter loss, accuracy;
  for (std::size_t at = 0; at < samples.size();) {
    if (!goOn(static_cast<std::int64_t>(at), static_cast<std::int64_t>(samples.size()))) return {};
    const auto count = std::min(samples.size() - at, static_cast<std::size_t>(batchSize_));
    const auto batch = batcher_.gather(samples.subspan(at, count));
    const auto output = learner.model->forward(batch.input);
    loss.add(lossOf(learner.spec.loss, output, batch.target).item<double>() * static_cast<double>(count),
             batch.samples);
    if (classifies) {
      const auto correct = countCorrect(output, batch.target);
      accuracy.add(static_cast<double>(correct.right), correct.of);
    }
    at += count;
  }
  return Evaluation{loss.mean().value_or(0), accuracy.mean()};
}

}  // namespace cairn::engine
