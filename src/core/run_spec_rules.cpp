#include "core/run_spec_rules.h"

#include <fmt/format.h>

#include "core/error.h"
#include "core/run_spec_names.h"
#include "core/series.h"

namespace cairn::core {

namespace {

void checkModelFitsData(const RunSpec& spec) {
  const auto format = spec.data.format();
  const auto model = modelType(spec.model);
  if (format == "text" && model != "Transformer")
    throw Error::invalid("model.type", fmt::format("text needs a Transformer, not {}", model),
                         "set model.type to Transformer");
  if (format != "text" && model == "Transformer")
    throw Error::invalid("model.type", fmt::format("Transformer is for text, not for {}", format),
                         "choose MLP, or CNN for idx");
  if (format == "csv" && model == "CNN")
    throw Error::invalid("model.type", "CNN is for images (idx), not for csv", "choose MLP");
}

void checkTarget(const CsvData& csv) {
  if (csv.task == Task::Classification && csv.target.size() > 1)
    throw Error::invalid("data.target", fmt::format("classification has one target column, not {}", csv.target.size()),
                         "name one column, or set data.task to regression");
}

void checkLossFitsTask(const RunSpec& spec) {
  const bool crossEntropy = spec.loss == LossType::CrossEntropyLoss;
  if (spec.task() == Task::Regression && crossEntropy)
    throw Error::invalid("loss", "CrossEntropyLoss is for classification, but data.task is regression",
                         "choose MSELoss, L1Loss or SmoothL1Loss, or set data.task to classification");
  if (spec.task() == Task::Classification && !crossEntropy)
    throw Error::invalid(
        "loss",
        fmt::format("{} is for regression, but {}", nameOf(kLossNames, spec.loss),
                    spec.data.format() == "csv" ? "data.task is classification"
                                                : fmt::format("{} data are classified", spec.data.format())),
        spec.data.format() == "csv" ? "choose CrossEntropyLoss, or set data.task to regression"
                                    : "choose CrossEntropyLoss");
}

void checkValidation(const RunSpec& spec) {
  if (const auto* idx = std::get_if<IdxData>(&spec.data.source)) {
    if (idx->validationImages.empty() != idx->validationLabels.empty())
      throw Error::invalid(idx->validationImages.empty() ? "data.validation_images" : "data.validation_labels",
                           "is missing", "give validation_images and validation_labels, or neither");
    if (!idx->validationImages.empty() && spec.data.validationFraction > 0)
      throw Error::invalid("data.validation_fraction",
                           fmt::format("is {} beside validation_images", spec.data.validationFraction),
                           "keep one of the two");
  }
  if (!spec.data.validationPath.empty() && spec.data.validationFraction > 0)
    throw Error::invalid("data.validation_fraction",
                         fmt::format("is {} beside validation_path", spec.data.validationFraction),
                         "keep one of the two");
}

void checkModel(const ModelSpec& model) {
  const auto* transformer = std::get_if<TransformerModel>(&model);
  if (transformer && transformer->width % transformer->heads != 0)
    throw Error::invalid(
        "model.width",
        fmt::format("must be a multiple of model.heads ({}), not {}", transformer->heads, transformer->width),
        fmt::format("{} would do", (transformer->width / transformer->heads + 1) * transformer->heads));
}

void checkOptimizer(const OptimizerSpec& optimizer) {
  const auto* sgd = std::get_if<SGDOptions>(&optimizer);
  if (sgd && sgd->nesterov && (sgd->momentum <= 0 || sgd->dampening != 0))
    throw Error::invalid("optimizer.nesterov",
                         fmt::format("needs a momentum and no dampening, not momentum {} and dampening {}",
                                     sgd->momentum, sgd->dampening),
                         "set optimizer.momentum above 0 and optimizer.dampening to 0");
}

/// Best values, early stopping and the plateau schedule watch it: it must be measured, once an epoch or more.
void checkMonitor(const RunSpec& spec) {
  const auto& monitor = spec.checkpoints.monitor;
  const bool ofValidation = monitor.rfind("val/", 0) == 0;
  if (ofValidation && !spec.hasValidation())
    throw Error::invalid("checkpoints.monitor",
                         fmt::format("{} will not be measured: there is no validation data", monitor),
                         "set data.validation_fraction, or monitor train/loss");
  if (monitor.ends_with("/accuracy") && spec.task() == Task::Regression)
    throw Error::invalid("checkpoints.monitor",
                         fmt::format("{} will not be measured: data.task is regression", monitor),
                         fmt::format("monitor {}/loss", ofValidation ? "val" : "train"));
}

}  // namespace

void checkRules(const RunSpec& spec) {
  if (const auto* csv = std::get_if<CsvData>(&spec.data.source)) checkTarget(*csv);
  checkModelFitsData(spec);
  checkLossFitsTask(spec);
  checkValidation(spec);
  checkModel(spec.model);
  checkOptimizer(spec.optimizer);
  checkMonitor(spec);
}

bool seedDrawsSplit(const RunSpec& spec) {
  return spec.data.validationFraction > 0 && !std::holds_alternative<TextData>(spec.data.source);
}

}  // namespace cairn::core
