#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/error_codes.h"
#include "core/run_spec_rules.h"
#include "engine/checkpoint_keys.h"
#include "engine/loop/learner_state.h"
#include "engine/models/load_state.h"
#include "engine/tensor_bridge.h"

namespace cairn::engine {

namespace {

using core::StateTree;
using Json = nlohmann::json;

/// A checkpoint, and which settings differ between it and the run that goes on from it.
class Source {
 public:
  Source(const StateTree& file, const core::RunSpec& spec) : file_(file), now_(Json::parse(core::toJson(spec).dump())) {
    if (const auto* mine = cairn(); mine && mine->find(keys::kSpec))
      before_ = Json::parse(mine->text(keys::kSpec), nullptr, false);
  }

  const StateTree& file() const { return file_; }
  const StateTree* cairn() const { return file_.find(keys::kCairn); }
  /// A child of the cairn dict, or null: files from elsewhere have none.
  const StateTree* own(std::string_view key) const { return cairn() ? cairn()->find(key) : nullptr; }
  /// Whether the setting at `pointer` ("/optimizer/lr") is another one; a file without a spec says nothing, so: no.
  bool changed(const char* pointer) const {
    if (!before_.is_object()) return false;
    const Json::json_pointer at(pointer);
    return before_.value(at, Json()) != now_.value(at, Json());
  }

 private:
  const StateTree& file_;
  Json before_, now_;
};

std::string dataPath(const core::DataSpec& spec) {
  if (const auto* images = std::get_if<core::IdxData>(&spec.source)) return images->images;
  if (const auto* text = std::get_if<core::TextData>(&spec.source)) return text->path;
  return std::get<core::CsvData>(spec.source).path;
}

void checkFingerprint(const Learner& learner, const Source& source, const SessionOptions& options) {
  const auto* known = source.own(keys::kDataFingerprint);
  const auto* text = known ? known->as<std::string>() : nullptr;
  if (options.branch || options.acceptOtherData || !text || text->empty() || *text == learner.data().fingerprint) return;
  throw Error(dataPath(learner.spec.data),
              "is not the data that the checkpoint was trained on: its contents have changed",
              "put the old data back, or branch from the checkpoint to train on the new", ErrorKind::Failed, kDataChanged);
}

bool dataChanged(const Learner& learner, const Source& source) {
  const auto* known = source.own(keys::kDataFingerprint);
  const auto* text = known ? known->as<std::string>() : nullptr;
  return text && *text != learner.data().fingerprint;
}

/// Whether other samples are trained and validated on than before: what was measured on those says nothing here.
bool samplesChanged(const Learner& learner, const Source& source) {
  return dataChanged(learner, source) || source.changed("/data/validation_fraction") ||
         (source.changed("/training/seed") && core::seedDrawsSplit(learner.spec));
}

void restoreOptimizer(Learner& learner, const Source& source, const SessionOptions& options) {
  const auto* saved = source.file().find(keys::kOptimizer);
  if (!saved || saved->isNone() || options.resetOptimizer || source.changed("/optimizer/type")) return;
  learner.optimizer->loadStateDict(*saved);
}

std::optional<double> savedLr(const Source& source) {
  if (const auto* lr = source.own(keys::kLr)) return lr->asNumber();
  const auto* optimizer = source.file().find(keys::kOptimizer);
  const auto* groups = optimizer ? optimizer->find(keys::kParamGroups) : nullptr;
  const auto* list = groups ? groups->as<StateTree::List>() : nullptr;
  if (!list || list->empty()) return {};
  const auto* lr = list->front().find("lr");
  return lr ? lr->asNumber() : std::nullopt;
}

void restoreSchedule(Learner& learner, const Source& source) {
  // Another schedule starts from its beginning, at the spec's lr; another lr takes the place of the current one.
  if (source.changed("/lr_scheduler")) return;
  const auto* saved = source.file().find(keys::kScheduler);
  if (learner.scheduler && saved && !saved->isNone()) learner.scheduler->loadStateDict(*saved);
  if (!source.changed("/optimizer/lr")) learner.counters.lr = savedLr(source).value_or(learner.counters.lr);
}

void setGenerator(torch::Generator& generator, const StateTree& saved) {
  const auto* state = saved.as<core::Tensor>();
  if (!state) throw Error("rng_state", "is not a tensor", "choose another checkpoint");
  generator.set_state(toTorch(*state).clone());
}

void restoreGenerators(Learner& learner, const Source& source) {
  const auto* saved = source.file().find(keys::kRngState);
  if (!saved || saved->isNone() || source.changed("/training/seed")) return;
  if (const auto* cpu = saved->find(keys::kRngCpu)) setGenerator(learner.initial, *cpu);
  const auto* cuda = saved->find(keys::kRngCuda);
  const auto* list = cuda ? cuda->as<StateTree::List>() : nullptr;
  if (learner.device.is_cuda() && list && !list->empty()) setGenerator(learner.dropout, list->front());
}

void restoreSampler(Learner& learner, const Source& source, bool otherSamples) {
  const auto* saved = source.own(keys::kSampler);
  const auto epoch = saved ? saved->integer(keys::kSamplerEpoch) : learner.counters.epoch;
  auto cursor = saved ? saved->integer(keys::kSamplerCursor) : 0;
  const bool otherOrder = otherSamples || source.changed("/training/seed") || source.changed("/data/shuffle");
  if (cursor != 0 && (otherOrder || cursor > learner.sampler->count() || cursor < 0)) {
    // The epoch begins anew, and so do its means: of one that has ended (cursor 0) they are still due.
    cursor = 0;
    learner.counters.epochLoss = learner.counters.epochAccuracy = Meter{};
  }
  learner.sampler->restore(epoch, cursor);
}

Meter meterFrom(const StateTree& meters, core::Series series) {
  const auto* saved = meters.find(core::seriesName(series));
  if (!saved) return {};
  return {saved->number(keys::kMeterSum), saved->integer(keys::kMeterCount)};
}

std::optional<double> optionalNumber(const StateTree& tree, std::string_view key) {
  const auto* child = tree.find(key);
  return child ? child->asNumber() : std::nullopt;
}

Improvement improvementFrom(const StateTree& saved) {
  return {.best = optionalNumber(saved, keys::kBest),
          .bestStep = saved.integer(keys::kBestStep),
          .bestEpoch = saved.integer(keys::kBestEpoch),
          .reference = optionalNumber(saved, keys::kReference),
          .badEpochs = saved.integer(keys::kBadEpochs)};
}

void restoreImprovement(Learner& learner, const Source& source, bool otherSamples) {
  const auto* saved = source.own(keys::kEarlyStopping);
  if (!saved || otherSamples || source.changed("/checkpoints/monitor") || source.changed("/checkpoints/mode")) return;
  auto& improvement = learner.counters.improvement;
  improvement = improvementFrom(*saved);
  if (source.own(keys::kMonitored)) learner.counters.monitored = optionalNumber(*source.cairn(), keys::kMonitored);
  // Who branches from a run that had stopped early, or trains it longer, wants more epochs.
  const auto& stopping = learner.spec.earlyStopping;
  const bool exhausted = stopping && improvement.badEpochs >= stopping->patience;
  if (exhausted &&
      (source.changed("/training/epochs") || source.changed("/training/steps") || source.changed("/early_stopping") ||
       source.changed("/optimizer") || source.changed("/lr_scheduler")))
    improvement.badEpochs = 0;
}

std::vector<core::RunEvent> eventsFrom(const StateTree& saved) {
  std::vector<core::RunEvent> events;
  if (const auto* list = saved.as<StateTree::List>())
    for (const auto& one : *list)
      events.push_back({.step = one.integer(keys::kEventStep),
                        .kind = one.text(keys::kEventKind),
                        .detail = one.text(keys::kEventDetail),
                        .createdAt = {}});
  return events;
}

void restoreMetrics(Counters& counters, const Source& source) {
  if (const auto* meters = source.own(keys::kMeters)) {
    counters.epochLoss = meterFrom(*meters, core::Series::TrainLoss);
    counters.epochAccuracy = meterFrom(*meters, core::Series::TrainAccuracy);
  }
  if (const auto* metrics = source.file().find(keys::kMetrics))
    for (const auto series : core::kAllSeries)
      if (const auto* value = metrics->find(core::seriesName(series))) counters.newestOf(series) = value->asNumber();
}

void restoreCounters(Learner& learner, const Source& source) {
  auto& counters = learner.counters;
  const auto& file = source.file();
  counters.epoch = file.find(keys::kEpoch) ? file.integer(keys::kEpoch) : 0;
  counters.step =
      file.find(keys::kStep) ? file.integer(keys::kStep) : counters.epoch * learner.sampler->batchesPerEpoch();
  if (counters.step > 0) counters.loss = optionalNumber(file, keys::kLoss);
  if (source.own(keys::kPhase))
    counters.phase = source.cairn()->text(keys::kPhase) == "validating" ? Phase::Validating : Phase::Training;
  if (const auto* events = source.own(keys::kEvents)) counters.events = eventsFrom(*events);
  if (const auto* elapsed = source.own(keys::kElapsedSeconds))
    counters.elapsedSeconds = elapsed->asNumber().value_or(0);
  restoreMetrics(counters, source);
}

}  // namespace

void restoreWeights(Learner& learner, const SessionOptions& options) {
  checkFingerprint(learner, Source(*options.from, learner.spec), options);
  learner.names = loadWeights(learner.tensors, *options.from);
}

void restoreLearner(Learner& learner, const SessionOptions& options) {
  const Source source(*options.from, learner.spec);
  const bool otherSamples = samplesChanged(learner, source);
  restoreOptimizer(learner, source, options);
  restoreCounters(learner, source);
  restoreSchedule(learner, source);
  if (options.lr) learner.counters.lr = *options.lr;
  restoreGenerators(learner, source);
  restoreSampler(learner, source, otherSamples);
  restoreImprovement(learner, source, otherSamples);
}

}  // namespace cairn::engine
