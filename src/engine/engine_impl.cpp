#include "engine/engine_impl.h"

#include <algorithm>

#include "core/error.h"
#include "engine/compare/averaging.h"
#include "engine/compare/loss_path.h"
#include "engine/compare/prediction_comparison.h"
#include "engine/data/dataset.h"
#include "engine/importing/importer.h"
#include "engine/loop/make_session.h"
#include "engine/machine.h"
#include "engine/models/plan.h"
#include "engine/predict/predictor.h"
#include "engine/python/script.h"
#include "engine/torch_compat.h"
#include "engine/torch_error.h"

namespace cairn::engine {

namespace {

constexpr std::int64_t kPreviewImages = 24;
constexpr std::size_t kPreviewText = 2000;  // bytes

DataPreview::Image imageOf(const Dataset& data, std::int64_t number) {
  const auto size = data.shape.height * data.shape.width;
  const auto* start = data.pixels.data() + number * size;
  DataPreview::Image image;
  image.width = static_cast<int>(data.shape.width);
  image.height = static_cast<int>(data.shape.height);
  image.pixels.assign(start, start + size);
  image.label = data.classes[static_cast<std::size_t>(data.labels[static_cast<std::size_t>(number)])];
  return image;
}

DataPreview previewOf(const Dataset& data) {
  DataPreview preview;
  preview.columns = data.features;
  preview.columns.insert(preview.columns.end(), data.targetNames.begin(), data.targetNames.end());
  preview.rows = data.firstRows;
  const auto images = std::min(kPreviewImages, data.pixels.empty() ? 0 : static_cast<std::int64_t>(data.labels.size()));
  for (std::int64_t i = 0; i < images; ++i) preview.images.push_back(imageOf(data, i));
  preview.text.assign(data.bytes.begin(),
                      data.bytes.begin() + static_cast<std::ptrdiff_t>(std::min(kPreviewText, data.bytes.size())));
  preview.samples = static_cast<std::int64_t>(data.training.size() + data.validation.size());
  preview.validationSamples = static_cast<std::int64_t>(data.validation.size());
  preview.inputs = data.pixels.empty() ? data.shape.inputs : data.shape.channels * data.shape.height * data.shape.width;
  preview.outputs = data.shape.outputs;
  preview.classes = data.classes;
  return preview;
}

DataShape shapeOf(const core::DataSpec& spec, const DataPreview& data) {
  DataShape shape;
  shape.outputs = data.outputs;
  if (const auto* text = std::get_if<core::TextData>(&spec.source)) shape.blockSize = text->blockSize;
  if (std::holds_alternative<core::IdxData>(spec.source)) {
    if (data.images.empty()) throw Error("model", "its images' size is not known", "read the data first");
    shape.channels = 1;
    shape.height = data.images.front().height;
    shape.width = data.images.front().width;
  } else {
    shape.inputs = data.inputs;
  }
  return shape;
}

/// Values that an optimizer keeps for each parameter.
std::int64_t valuesKept(const core::OptimizerSpec& optimizer) {
  if (const auto* sgd = std::get_if<core::SGDOptions>(&optimizer)) return sgd->momentum > 0 ? 1 : 0;
  if (const auto* adam = std::get_if<core::AdamOptions>(&optimizer)) return adam->amsgrad ? 3 : 2;
  return std::get<core::AdamWOptions>(optimizer).amsgrad ? 3 : 2;
}

}  // namespace

EngineVersions EngineImpl::versions() {
  const auto blas = findBlas();
  return {libtorchVersion(), blas.name, cpuCapability(), blas.warning};
}

std::vector<DeviceInfo> EngineImpl::devices() {
  return translatingErrors("devices", [] { return listDevices(); });
}

DataPreview EngineImpl::previewData(const core::DataSpec& data, std::int64_t seed, const core::Progress& progress) {
  return translatingErrors("data", [&] { return previewOf(loadDataset(data, seed, progress)); });
}

ModelSummary EngineImpl::describeModel(const core::RunSpec& spec, const DataPreview& data) {
  constexpr std::int64_t kOverhead = 16'384;  // random state, names, the file's own frame
  ModelPlan plan = planModel(spec.model, shapeOf(spec.data, data));
  const auto values = plan.parameters * (1 + valuesKept(spec.optimizer)) + plan.buffers;
  return {std::move(plan.layers), plan.parameters, values * 4 + kOverhead};
}

std::string EngineImpl::dataFingerprint(const core::DataSpec& data, const core::Progress& progress) {
  return fingerprintFiles(data, progress);
}

std::unique_ptr<Session> EngineImpl::createSession(SessionOptions options) {
  return translatingErrors("session", [&] { return makeSession(std::move(options)); });
}

std::unique_ptr<Predictor> EngineImpl::createPredictor(const core::StateTree& checkpoint) {
  return translatingErrors("checkpoint", [&] { return makePredictor(checkpoint); });
}

ImportPlan EngineImpl::planImport(const ImportRequest& request, const core::Progress& progress) {
  return translatingErrors("import", [&] { return planImportOf(request, progress); });
}

ImportedCheckpoint EngineImpl::importCheckpoint(const ImportRequest& request, const std::string& runId,
                                                const core::Progress& progress) {
  return translatingErrors("import", [&] { return importFile(request, runId, progress); });
}

core::PredictionComparison EngineImpl::comparePredictions(const ComparedFiles& checkpoints,
                                                          const PredictionOptions& options,
                                                          const core::Progress& progress) {
  return translatingErrors("predictions", [&] { return comparePredictionsOf(checkpoints, options, progress); });
}

core::LossPath EngineImpl::lossPath(const ComparedFiles& checkpoints, const PathOptions& options,
                                    const core::Progress& progress) {
  return translatingErrors("path", [&] { return lossPathOf(checkpoints, options, progress); });
}

AveragedCheckpoint EngineImpl::average(const ComparedFiles& checkpoints, const std::string& runId,
                                       const std::string& name, const core::Progress& progress) {
  return translatingErrors("average", [&] { return averageOf(checkpoints, runId, name, progress); });
}

std::string EngineImpl::exportScript(const core::StateTree& checkpoint, const std::string& weightsFile) {
  return pythonScript(checkpoint, weightsFile);
}

}  // namespace cairn::engine
