#include "engine/compare/sample_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "engine/loop/objective.h"

namespace cairn::engine {

namespace {

std::int64_t promptLength(const SharedData& shared) {
  return std::max<std::int64_t>(1, shared.data->shape.blockSize / 2);
}
std::int64_t writtenLength(const SharedData& shared) { return shared.data->shape.blockSize + 1 - promptLength(shared); }

std::string bytesAt(const Dataset& data, std::int64_t start, std::int64_t count) {
  const auto* from = reinterpret_cast<const char*>(data.bytes.data() + start);
  return {from, static_cast<std::size_t>(count)};
}

/// A class each, or a value a target.
core::SampleAnswer answerOf(const Contender& contender, const SharedData& shared, const CheckpointInfo& info,
                            std::int64_t sample, const double* values, std::size_t count) {
  core::SampleAnswer answer;
  if (!shared.classifies()) {
    answer.outputs.resize(count);
    for (std::size_t i = 0; i < count; ++i)  // in the data's order of targets
      answer.outputs[static_cast<std::size_t>(contender.sharedIndex()[i])] =
          fmt::format("{}", static_cast<float>(values[i]));
    return answer;
  }
  answer.probabilities.assign(values, values + count);
  const auto own = static_cast<std::size_t>(std::max_element(values, values + count) - values);
  answer.outputs = {info.classes[own]};
  answer.right = contender.sharedIndex()[own] == shared.data->labels[static_cast<std::size_t>(sample)];
  return answer;
}

/// The bytes that the model writes after each prompt; one batch for all.
std::vector<std::string> writeOn(Contender& contender, const SharedData& shared, std::span<const std::int64_t> samples,
                                 const std::string& phase, const core::Progress& progress) {
  const auto length = promptLength(shared), wanted = writtenLength(shared);
  auto text = contender.inputs(samples).slice(1, 0, length);
  for (std::int64_t i = 0; i < wanted; ++i) {
    if (progress && !progress(phase, i, wanted)) throw Error::cancelled(phase);
    const auto logits = contender.model().forward(text);
    text = torch::cat({text, logits.select(1, text.size(1) - 1).argmax(-1, /*keepdim=*/true)}, 1);
  }
  text = text.slice(1, length).to(torch::kCPU).contiguous();
  std::vector<std::string> written;
  const auto* byte = text.data_ptr<std::int64_t>();
  for (std::int64_t n = 0; n < text.size(0); ++n) {
    auto& one = written.emplace_back();
    for (std::int64_t i = 0; i < wanted; ++i) one += static_cast<char>(*byte++);
  }
  return written;
}

void addText(std::vector<core::DifferingSample>& views, Contender& contender, const SharedData& shared,
             std::span<const std::int64_t> samples, const std::string& phase, const core::Progress& progress) {
  const auto written = writeOn(contender, shared, samples, phase, progress);
  for (std::size_t n = 0; n < views.size(); ++n) {
    core::SampleAnswer answer;
    answer.outputs = {written[n]};
    const auto one = samples.subspan(n, 1);
    answer.loss = lossOf(shared.spec.loss, contender.forward(one), *contender.targets(one)).item<double>();
    views[n].answers.push_back(std::move(answer));
  }
}

}  // namespace

torch::Tensor answersOf(const Contender& contender, const SharedData& shared, std::size_t extra,
                        const torch::Tensor& output) {
  const auto values = output.detach().to(torch::kCPU).to(torch::kDouble);
  if (shared.isText()) return values.softmax(-1);
  const auto index = torch::tensor(contender.sharedIndex());
  if (!shared.classifies()) return torch::empty_like(values).index_copy_(1, index, values);
  const auto classes = static_cast<std::int64_t>(shared.data->classes.size() + extra);
  return torch::zeros({values.size(0), classes}, torch::kDouble).index_copy_(1, index, values.softmax(1));
}

core::DifferingSample viewOf(const SharedData& shared, std::int64_t sample) {
  const auto& data = *shared.data;
  core::DifferingSample view;
  view.number = sample;
  if (shared.isText()) {
    view.prompt = bytesAt(data, sample, promptLength(shared));
    view.truth = {bytesAt(data, sample + promptLength(shared), writtenLength(shared))};
    return view;
  }
  if (!data.pixels.empty()) {
    const auto size = data.shape.height * data.shape.width;
    view.width = static_cast<int>(data.shape.width);
    view.height = static_cast<int>(data.shape.height);
    const auto start = data.pixels.begin() + sample * data.shape.channels * size;
    view.pixels.assign(start, start + size);
  } else {
    const auto* row = data.values.data() + sample * data.shape.inputs;
    for (std::int64_t i = 0; i < data.shape.inputs; ++i) view.row.push_back(fmt::format("{}", row[i]));
  }
  if (shared.classifies()) {
    view.truth = {data.classes[static_cast<std::size_t>(data.labels[static_cast<std::size_t>(sample)])]};
  } else {
    const auto* target = data.targets.data() + sample * data.shape.outputs;
    for (std::int64_t i = 0; i < data.shape.outputs; ++i) view.truth.push_back(fmt::format("{}", target[i]));
  }
  return view;
}

void addAnswers(std::vector<core::DifferingSample>& views, Contender& contender, const SharedData& shared,
                const CheckpointInfo& info, std::span<const std::int64_t> samples, const std::string& phase,
                const core::Progress& progress) {
  if (views.empty()) return;
  if (!contender.problem().empty()) {
    for (auto& view : views) view.answers.emplace_back();
    return;
  }
  const torch::NoGradGuard noGrad;
  if (shared.isText()) return addText(views, contender, shared, samples, phase, progress);
  for (std::size_t n = 0; n < views.size(); ++n) {
    if (progress && !progress(phase, static_cast<std::int64_t>(n), static_cast<std::int64_t>(views.size())))
      throw Error::cancelled(phase);
    const auto one = samples.subspan(n, 1);
    const auto output = contender.forward(one);
    auto values = output.detach().to(torch::kCPU).to(torch::kDouble);
    if (shared.classifies()) values = values.softmax(1);
    values = values.contiguous();
    auto answer = answerOf(contender, shared, info, samples[n], values.data_ptr<double>(),
                           static_cast<std::size_t>(values.size(1)));
    if (const auto target = contender.targets(one))
      answer.loss = lossOf(shared.spec.loss, output, *target).item<double>();
    views[n].answers.push_back(std::move(answer));
  }
}

}  // namespace cairn::engine
