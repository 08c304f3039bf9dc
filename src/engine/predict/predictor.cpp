#include "engine/predict/predictor.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/error.h"
#include "engine/checkpoint_info.h"
#include "engine/data/batch.h"
#include "engine/data/csv_reader.h"
#include "engine/data/idx_reader.h"
#include "engine/models/load_state.h"
#include "engine/models/model.h"
#include "engine/models/state_dict.h"
#include "engine/torch_compat.h"
#include "engine/torch_error.h"

namespace cairn::engine {

namespace {

constexpr std::int64_t kBatch = 256;

class CheckpointPredictor final : public Predictor {
 public:
  explicit CheckpointPredictor(const core::StateTree& checkpoint) : info_(checkpointInfo(checkpoint)) {
    model_ = buildModel(info_.spec.model, shape_, kNotDrawn, cpuGenerator(0), torch::kCPU);
    auto entries = stateEntries(*model_);
    loadWeights(entries, checkpoint);
    model_->eval();
  }

  const std::string& format() const override { return format_; }
  const std::vector<std::string>& features() const override { return features_; }
  const std::vector<std::string>& targets() const override { return targets_; }
  const std::vector<std::string>& classes() const override { return classes_; }
  std::pair<int, int> imageSize() const override {
    return {static_cast<int>(shape_.width), static_cast<int>(shape_.height)};
  }

  Prediction predictRow(const std::vector<double>& values) override {
    demand("csv", "rows of numbers");
    if (static_cast<std::int64_t>(values.size()) != shape_.inputs)
      throw Error("row", fmt::format("has {} values where the model takes {}", values.size(), shape_.inputs),
                  "give one a feature");
    const std::vector<float> row(values.begin(), values.end());
    return rows(row, 1).front();
  }

  Prediction predictImage(const std::vector<std::uint8_t>& pixels) override {
    demand("idx", "images");
    if (static_cast<std::int64_t>(pixels.size()) != imageValues())
      throw Error(
          "image",
          fmt::format("has {} pixels where the model takes {} x {}", pixels.size(), shape_.height, shape_.width),
          "scale it");
    return images(pixels, 1).front();
  }

  std::vector<Prediction> predictFile(const std::string& path, const core::Progress& progress) override {
    if (format_ == "csv") return predictCsv(path, progress);
    if (format_ == "idx") return predictIdx(path, progress);
    throw Error(path, "a model of text predicts no files", "give it a prompt to go on from");
  }

  std::string continueText(const std::string& prompt, int count, double temperature, std::uint64_t seed,
                           const core::Progress& progress) override {
    demand("text", "text");
    if (!(temperature >= 0))
      throw Error::invalid("temperature", fmt::format("{} is below 0", temperature), "use 0 to 2");
    return translatingErrors("model", [&] { return sampleText(prompt, count, temperature, seed, progress); });
  }

 private:
  std::int64_t imageValues() const { return shape_.channels * shape_.height * shape_.width; }

  void demand(const char* format, const char* what) const {
    if (format_ != format) throw Error("model", fmt::format("was trained on {} data and takes no {}", format_, what));
  }

  std::vector<Prediction> rows(std::span<const float> values, std::int64_t count) {
    auto input = torch::empty({count, shape_.inputs});
    normalizeRows(normalization_, values, {input.data_ptr<float>(), values.size()});
    return predict(input);
  }

  std::vector<Prediction> images(std::span<const std::uint8_t> pixels, std::int64_t count) {
    auto input = torch::empty({count, shape_.channels, shape_.height, shape_.width});
    normalizeImages(normalization_, shape_, pixels, {input.data_ptr<float>(), pixels.size()});
    return predict(input);
  }

  std::vector<Prediction> predict(const torch::Tensor& input) {
    return translatingErrors("model", [&] {
      const c10::InferenceMode inference;
      const auto output = model_->forward(input);
      return classes_.empty() ? asValues(output) : asClasses(output);
    });
  }

  static std::vector<Prediction> asValues(const torch::Tensor& output) {
    std::vector<Prediction> predictions;
    const auto values = output.contiguous();
    const float* value = values.data_ptr<float>();
    for (std::int64_t n = 0; n < values.size(0); ++n) {
      auto& prediction = predictions.emplace_back();
      for (std::int64_t i = 0; i < values.size(1); ++i) prediction.outputs.push_back(fmt::format("{}", *value++));
    }
    return predictions;
  }

  std::vector<Prediction> asClasses(const torch::Tensor& output) const {
    std::vector<Prediction> predictions;
    const auto probabilities = output.to(torch::kFloat64).softmax(1).contiguous();
    const double* at = probabilities.data_ptr<double>();
    for (std::int64_t n = 0; n < probabilities.size(0); ++n, at += probabilities.size(1)) {
      auto& prediction = predictions.emplace_back();
      prediction.probabilities.assign(at, at + probabilities.size(1));
      prediction.outputs = {classes_[static_cast<std::size_t>(std::max_element(at, at + probabilities.size(1)) - at)]};
    }
    return predictions;
  }

  /// Calls `work(first, count)` for batch after batch.
  template <typename Work>
  static std::vector<Prediction> inBatches(std::int64_t total, const core::Progress& progress, Work&& work) {
    std::vector<Prediction> all;
    for (std::int64_t first = 0; first < total; first += kBatch) {
      auto batch = work(first, std::min(kBatch, total - first));
      std::move(batch.begin(), batch.end(), std::back_inserter(all));
      if (progress && !progress("Predicting", static_cast<std::int64_t>(all.size()), total))
        throw Error::cancelled("Predicting");
    }
    return all;
  }

  std::vector<Prediction> predictCsv(const std::string& path, const core::Progress& progress) {
    CsvRequest request;
    request.path = path;
    request.features = features_;
    const CsvContents contents = readCsv(request, progress);
    const auto columns = static_cast<std::size_t>(shape_.inputs);
    return inBatches(contents.rows, progress, [&](std::int64_t first, std::int64_t count) {
      return rows({contents.values.data() + static_cast<std::size_t>(first) * columns,
                   static_cast<std::size_t>(count) * columns},
                  count);
    });
  }

  std::vector<Prediction> predictIdx(const std::string& path, const core::Progress& progress) {
    const IdxContents contents = readIdx(path, 3, progress);
    if (contents.shape[1] != shape_.height || contents.shape[2] != shape_.width)
      throw Error(path,
                  fmt::format("its images are {} x {}, and the model takes {} x {}", contents.shape[1],
                              contents.shape[2], shape_.height, shape_.width),
                  "give it images of that size");
    const auto size = static_cast<std::size_t>(imageValues());
    return inBatches(contents.shape[0], progress, [&](std::int64_t first, std::int64_t count) {
      return images(
          {contents.bytes.data() + static_cast<std::size_t>(first) * size, static_cast<std::size_t>(count) * size},
          count);
    });
  }

  std::string sampleText(const std::string& prompt, int count, double temperature, std::uint64_t seed,
                         const core::Progress& progress) {
    const c10::InferenceMode inference;
    auto random = cpuGenerator(seed);
    std::string text = prompt.empty() ? "\n" : prompt;  // a model needs one byte to go on from
    const auto start = text.size();
    for (int i = 0; i < count; ++i) {
      text += static_cast<char>(nextByte(text, temperature, random));
      if (progress && !progress("Writing", i + 1, count)) throw Error::cancelled("Writing");
    }
    return text.substr(start);
  }

  std::int64_t nextByte(const std::string& text, double temperature, torch::Generator& random) {
    const auto length = std::min(static_cast<std::int64_t>(text.size()), shape_.blockSize);
    auto input = torch::empty({1, length}, torch::kInt64);
    std::transform(text.end() - length, text.end(), input.data_ptr<std::int64_t>(),
                   [](char c) { return static_cast<std::uint8_t>(c); });
    const auto logits = model_->forward(input)[0][length - 1].to(torch::kFloat64);
    if (temperature == 0) return logits.argmax().item<std::int64_t>();
    return torch::multinomial((logits / temperature).softmax(0), 1, /*replacement=*/false, random).item<std::int64_t>();
  }

  const CheckpointInfo info_;
  const DataShape& shape_ = info_.shape;
  const std::string& format_ = info_.format;
  const std::vector<std::string>&features_ = info_.features, &targets_ = info_.targets, &classes_ = info_.classes;
  const Normalization& normalization_ = info_.normalization;
  std::shared_ptr<Model> model_;
};

}  // namespace

std::unique_ptr<Predictor> makePredictor(const core::StateTree& checkpoint) {
  return std::make_unique<CheckpointPredictor>(checkpoint);
}

}  // namespace cairn::engine
