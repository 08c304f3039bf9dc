#include "engine/checkpoint_info.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "engine/checkpoint_keys.h"

namespace cairn::engine {

namespace {

std::vector<std::string> texts(const core::StateTree& cairn, std::string_view key) {
  std::vector<std::string> result;
  const auto* list = cairn.at(key).as<core::StateTree::List>();
  if (!list) throw Error(fmt::format("cairn.{}", key), "is not a list", "choose a checkpoint that Cairn wrote");
  for (const auto& item : *list)
    if (const auto* text = item.as<std::string>()) result.push_back(*text);
  return result;
}

std::vector<double> numbers(const core::StateTree& normalization, std::string_view key) {
  std::vector<double> result;
  if (const auto* node = normalization.find(key))
    if (const auto* list = node->as<core::StateTree::List>())
      for (const auto& item : *list) result.push_back(item.asNumber().value_or(0.0));
  return result;
}

DataShape shapeFrom(const core::StateTree& tree) {
  return {tree.integer(keys::kInputs), tree.integer(keys::kChannels), tree.integer(keys::kHeight),
          tree.integer(keys::kWidth),  tree.integer(keys::kOutputs),  tree.integer(keys::kBlockSize)};
}

core::RunSpec specFrom(const core::StateTree& cairn) {
  const auto json = nlohmann::json::parse(cairn.text(keys::kSpec), nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) throw Error("cairn.spec", "is not JSON", "choose a checkpoint that Cairn wrote");
  return core::parseRunSpec(json, "/");
}

/// The parts of a file may have been edited apart: what is indexed later must fit together.
void checkEnds(const CheckpointInfo& info) {
  const auto& shape = info.shape;
  const bool csv = info.format == "csv", idx = info.format == "idx";
  const auto expected = static_cast<std::size_t>(csv ? shape.inputs : idx ? shape.channels : 0);
  const auto sized = [&](const std::vector<double>& values) { return values.empty() || values.size() == expected; };
  const bool classes = info.spec.task() == core::Task::Classification && info.format != "text";
  if (shape.outputs < 1 || shape.inputs < 0 || shape.channels < 0 || shape.height < 0 || shape.width < 0 ||
      shape.blockSize < 0 || (csv && info.features.size() != static_cast<std::size_t>(shape.inputs)) ||
      (classes && info.classes.size() != static_cast<std::size_t>(shape.outputs)))
    throw Error("cairn.data_shape", "does not fit the checkpoint's features and classes", "choose a whole checkpoint");
  const auto& normalization = info.normalization;
  if (!sized(normalization.mean) || normalization.mean.size() != normalization.std.size())
    throw Error("cairn.normalization", "does not fit the data's columns or channels", "choose a whole checkpoint");
}

}  // namespace

CheckpointInfo checkpointInfo(const core::StateTree& checkpoint) {
  const auto* cairn = checkpoint.find(keys::kCairn);
  if (!cairn)
    throw Error("checkpoint", "does not say what model and data it belongs to", "choose a checkpoint that Cairn wrote");
  CheckpointInfo info;
  info.spec = specFrom(*cairn);
  info.format = info.spec.data.format();
  info.shape = shapeFrom(cairn->at(keys::kDataShape));
  info.features = texts(*cairn, keys::kFeatures);
  info.targets = texts(*cairn, keys::kTargets);
  info.classes = texts(*cairn, keys::kClasses);
  const auto& normalization = cairn->at(keys::kNormalization);
  info.normalization = {numbers(normalization, keys::kMean), numbers(normalization, keys::kStd)};
  checkEnds(info);
  return info;
}

}  // namespace cairn::engine
