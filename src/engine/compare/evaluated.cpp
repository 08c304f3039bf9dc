#include "engine/compare/evaluated.h"

#include <algorithm>

#include "core/error.h"
#include "engine/checkpoint_keys.h"
#include "engine/loop/compute_device.h"
#include "engine/loop/objective.h"

namespace cairn::engine {

namespace {

void count(Meter& accuracy, const torch::Tensor& output, const torch::Tensor& target) {
  const auto correct = countCorrect(output, target);
  accuracy.add(static_cast<double>(correct.right), correct.of);
}

/// Of a model that lacks some of the classes: those samples are wrong.
void countByClass(Meter& accuracy, const Contender& contender, const SharedData& shared,
                  std::span<const std::int64_t> samples, const torch::Tensor& output) {
  const auto predicted = predictedClasses(contender, output);
  std::int64_t right = 0;
  for (std::size_t i = 0; i < samples.size(); ++i)
    right += predicted[i] == shared.data->labels[static_cast<std::size_t>(samples[i])];
  accuracy.add(static_cast<double>(right), static_cast<std::int64_t>(samples.size()));
}

}  // namespace

torch::Tensor Scorer::add(std::span<const std::int64_t> batch) {
  const torch::NoGradGuard noGrad;
  const auto output = contender_.forward(batch);
  const auto target = contender_.targets(batch);
  const auto size = static_cast<std::int64_t>(batch.size());
  if (target) loss_.add(lossOf(shared_.spec.loss, output, *target).item<double>() * static_cast<double>(size), size);
  whole_ &= target.has_value();
  if (shared_.classifies() && target)
    count(accuracy_, output, *target);
  else if (shared_.classifies())
    countByClass(accuracy_, contender_, shared_, batch, output);
  return output;
}

void inBatches(const SharedData& shared, const std::string& phase, const core::Progress& progress,
               const std::function<void(std::span<const std::int64_t> batch)>& work) {
  const auto samples = shared.samples;
  const auto size = static_cast<std::size_t>(shared.batchSize);
  for (std::size_t at = 0; at < samples.size(); at += size) {
    if (progress && !progress(phase, static_cast<std::int64_t>(at), static_cast<std::int64_t>(samples.size())))
      throw Error::cancelled(phase);
    work(samples.subspan(at, std::min(samples.size() - at, size)));
  }
}

Score evaluate(Contender& contender, const SharedData& shared, const std::string& phase,
               const core::Progress& progress) {
  Scorer scorer(contender, shared);
  inBatches(shared, phase, progress, [&](auto batch) { scorer.add(batch); });
  return scorer.score();
}

std::vector<std::int32_t> predictedClasses(const Contender& contender, const torch::Tensor& output) {
  const auto logits = output.detach().to(torch::kCPU).to(torch::kFloat).contiguous();
  const auto classes = logits.size(-1);
  const auto& shared = contender.sharedIndex();
  std::vector<std::int32_t> predicted;
  const auto* row = logits.data_ptr<float>();
  for (const auto* end = row + logits.numel(); row != end; row += classes) {
    const auto own = std::max_element(row, row + classes) - row;
    predicted.push_back(static_cast<std::int32_t>(shared.empty() ? own : shared[static_cast<std::size_t>(own)]));
  }
  return predicted;
}

std::int64_t threadsOf(const core::StateTree& checkpoint) {
  const auto* cairn = checkpoint.find(keys::kCairn);
  const auto* threads = cairn ? cairn->find(keys::kThreads) : nullptr;
  return threads ? threads->asInteger().value_or(0) : 0;
}

torch::Device deviceFor(const core::RunSpec& spec) {
  try {
    return chooseDevice(spec.training.device);
  } catch (const Error&) {
    return torch::kCPU;  // trained elsewhere
  }
}

}  // namespace cairn::engine
