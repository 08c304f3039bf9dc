#include "core/run_spec.h"

namespace cairn::core {

namespace {
/// The text at the variant's index.
template <typename Variant, std::size_t N>
std::string_view byIndex(const Variant& value, const std::string_view (&names)[N]) {
  static_assert(N == std::variant_size_v<Variant>);
  return names[value.index()];
}
}  // namespace

std::string_view DataSpec::format() const { return byIndex(source, {"csv", "idx", "text"}); }

std::string_view modelType(const ModelSpec& model) { return byIndex(model, {"MLP", "CNN", "Transformer"}); }

std::string_view optimizerType(const OptimizerSpec& optimizer) { return byIndex(optimizer, {"SGD", "Adam", "AdamW"}); }

std::string_view schedulerType(const LRSchedulerSpec& scheduler) {
  return byIndex(scheduler.schedule, {"", "StepLR", "ExponentialLR", "CosineAnnealingLR", "ReduceLROnPlateau"});
}

double learningRate(const OptimizerSpec& optimizer) {
  return std::visit([](const auto& options) { return options.lr; }, optimizer);
}

bool RunSpec::hasValidation() const {
  if (const auto* idx = std::get_if<IdxData>(&data.source); idx && !idx->validationImages.empty()) return true;
  return data.validationFraction > 0 || !data.validationPath.empty();
}

Task RunSpec::task() const {
  const auto* csv = std::get_if<CsvData>(&data.source);
  return csv ? csv->task : Task::Classification;
}

}  // namespace cairn::core
