#include "engine/compare/shared_data.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/comparison.h"
#include "core/error.h"
#include "engine/checkpoint_keys.h"
#include "engine/loop/batcher.h"
#include "engine/loop/data_cache.h"
#include "engine/loop/evaluation.h"

namespace cairn::engine {

namespace {

std::string fingerprintOf(const ComparedFile& file) {
  const auto* cairn = file.tree->find(keys::kCairn);
  const auto* known = cairn ? cairn->find(keys::kDataFingerprint) : nullptr;
  const auto* text = known ? known->as<std::string>() : nullptr;
  return text ? *text : std::string();
}

std::shared_ptr<const Dataset> rawData(const core::RunSpec& spec, const core::Progress& progress) {
  // What is prepared for training has csv's values normalized, and each checkpoint has a normalization of its own.
  if (std::holds_alternative<core::CsvData>(spec.data.source))
    return std::make_shared<const Dataset>(loadDataset(spec.data, spec.training.seed, progress));
  auto prepared = preparedData(spec, progress);
  const auto* data = &prepared->data;
  return {std::move(prepared), data};
}

std::size_t choose(const ComparedFiles& files, std::optional<std::size_t> dataOf) {
  if (!dataOf) {
    const auto found =
        std::find_if(files.begin(), files.end(), [](const auto& file) { return file.spec.hasValidation(); });
    return found == files.end() ? 0 : static_cast<std::size_t>(found - files.begin());
  }
  if (*dataOf >= files.size())
    throw Error::invalid("data", fmt::format("there is no checkpoint {}", *dataOf), "name one of those compared");
  if (!files[*dataOf].spec.hasValidation())
    throw Error::invalid("data", fmt::format("{}'s run has no validation data", core::letterOf(*dataOf)),
                         "choose another checkpoint's");
  return *dataOf;
}

bool drawsSplit(const core::RunSpec& spec) {
  return spec.data.validationFraction > 0 && !std::holds_alternative<core::TextData>(spec.data.source);
}

/// What makes `other` see these samples otherwise than the checkpoint whose data they are.
void addNotes(SharedData& shared, const ComparedFiles& files) {
  const auto owner = shared.about.of;
  const auto& mine = files[owner];
  auto& notes = shared.about.notes;
  if (!shared.about.validation)
    notes.emplace_back("no checkpoint has validation data: these are samples that " + core::letterOf(owner) +
                       " was trained on");
  if (const auto before = fingerprintOf(mine); !before.empty() && before != shared.data->fingerprint)
    notes.push_back(fmt::format("{}'s data has changed since it was trained", core::letterOf(owner)));
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (i == owner) continue;
    const auto& other = files[i].spec;
    const auto theirs = fingerprintOf(files[i]);
    if (theirs != fingerprintOf(mine)) {
      notes.push_back(fmt::format("{} was trained on other data than {}", core::letterOf(i), core::letterOf(owner)));
    } else if (shared.about.validation && (drawsSplit(mine.spec) || drawsSplit(other)) &&
               (other.training.seed != mine.spec.training.seed ||
                other.data.validationFraction != mine.spec.data.validationFraction)) {
      notes.push_back(
          fmt::format("{}'s split of the data is another one: it was trained on some of these samples", core::letterOf(i)));
    }
  }
}

}  // namespace

std::vector<CheckpointInfo> infosOf(const ComparedFiles& files) {
  std::vector<CheckpointInfo> infos;
  for (std::size_t i = 0; i < files.size(); ++i) {
    try {
      infos.push_back(checkpointInfo(*files[i].tree));
    } catch (const Error& error) {
      throw Error("checkpoint " + core::letterOf(i), fmt::format("{} {}", error.subject(), error.why()), error.advice());
    }
  }
  return infos;
}

SharedData loadSharedData(const ComparedFiles& files, const std::vector<CheckpointInfo>& infos,
                          std::optional<std::size_t> dataOf, const core::Progress& progress) {
  SharedData shared;
  auto& about = shared.about;
  about.of = choose(files, dataOf);
  shared.spec = files[about.of].spec;
  shared.data = rawData(shared.spec, progress);
  const auto& data = *shared.data;
  about.format = infos[about.of].format;
  about.validation = !data.validation.empty();
  shared.samples = about.validation ? data.validation : data.training;
  about.samples = static_cast<std::int64_t>(shared.samples.size());
  about.classes = data.classes;
  about.features = data.features;
  about.targets = data.targetNames;
  shared.batchSize = evaluationBatch(shared.spec, about.samples);
  addNotes(shared, files);
  return shared;
}

}  // namespace cairn::engine
