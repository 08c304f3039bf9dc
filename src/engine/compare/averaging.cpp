#include "engine/compare/averaging.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/comparison.h"
#include "core/error.h"
#include "core/text.h"
#include "engine/checkpoint_keys.h"
#include "engine/compare/batch_statistics.h"
#include "engine/compare/evaluated.h"
#include "engine/compare/shared_data.h"
#include "engine/loop/compute_device.h"
#include "engine/loop/evaluation.h"
#include "engine/loop/learner_state.h"
#include "engine/models/match_names.h"
#include "engine/tensor_bridge.h"

namespace cairn::engine {

namespace {

using core::StateTree;

const char* kAdvice = "choose checkpoints of one model";

/// A file's tensors under the model's names.
std::map<std::string, const core::Tensor*> byModelName(const StateTree& checkpoint) {
  const auto* cairn = checkpoint.find(keys::kCairn);
  const auto* names = cairn ? cairn->find(keys::kNames) : nullptr;
  std::map<std::string, const core::Tensor*> tensors;
  for (const auto& [name, tensor] : tensorsOf(checkpoint.at(keys::kModel))) {
    const auto* own = names ? names->find(name) : nullptr;
    const auto* text = own ? own->as<std::string>() : nullptr;
    tensors.emplace(text ? *text : name, tensor);
  }
  return tensors;
}

/// In double; the type is the first one's.
core::Tensor meanOf(const std::vector<const core::Tensor*>& tensors) {
  const auto first = toTorch(*tensors.front());
  if (!first.is_floating_point()) return *tensors.front();  // counts of batches: computed anew if it matters
  auto sum = torch::zeros(first.sizes(), torch::kDouble);
  for (const auto* tensor : tensors) sum.add_(toTorch(*tensor).to(torch::kDouble));
  return toCore(sum.div_(static_cast<double>(tensors.size())).to(first.scalar_type()));
}

/// As the base's file lists and calls them; what is tied there stays tied.
StateTree meanModel(const ComparedFiles& files, std::size_t base) {
  std::vector<std::map<std::string, const core::Tensor*>> all;
  for (const auto& file : files) all.push_back(byModelName(*file.tree));
  const auto& baseTree = *files[base].tree;
  const auto* cairn = baseTree.find(keys::kCairn);
  const auto* names = cairn ? cairn->find(keys::kNames) : nullptr;
  std::map<std::string, core::Tensor> made;
  auto dict = StateTree::stateDict();
  for (const auto& [fileName, tensor] : tensorsOf(baseTree.at(keys::kModel))) {
    const auto* own = names ? names->find(fileName) : nullptr;
    const auto name = own && own->as<std::string>() ? *own->as<std::string>() : fileName;
    if (!made.contains(name)) {
      std::vector<const core::Tensor*> tensors{tensor};
      for (std::size_t i = 0; i < files.size(); ++i) {
        const auto known = all[i].find(name);
        if (known == all[i].end() || known->second->shape != tensor->shape)
          throw Error("tensor " + name,
                      fmt::format("{} and {} do not both have it in one shape", core::letterOf(base), core::letterOf(i)), kAdvice);
        if (i != base) tensors.push_back(known->second);
      }
      made.emplace(name, meanOf(tensors));
    }
    dict.set(fileName, made.at(name));
  }
  for (std::size_t i = 0; i < files.size(); ++i)
    for (const auto& [name, tensor] : all[i])
      if (!made.contains(name)) throw Error("tensor " + name, "only " + core::letterOf(i) + " has it", kAdvice);
  return dict;
}

/// The base's whole tree with other weights.
std::shared_ptr<const StateTree> withModel(const StateTree& base, StateTree model) {
  auto tree = base;
  tree.set(keys::kModel, std::move(model));
  return std::make_shared<const StateTree>(std::move(tree));
}

/// What the base says of its own past and weights is not the mean's.
void forgetPast(Counters& counters) {
  const auto lr = counters.newestOf(core::Series::Lr);
  counters.newest = {};
  counters.newestOf(core::Series::Lr) = lr;
  counters.loss.reset();
  counters.epochLoss = counters.epochAccuracy = {};
  counters.improvement = {};
  counters.monitored.reset();
  counters.events.clear();
}

void computeStatistics(Learner& learner, const core::Progress& progress) {
  const std::span<const std::int64_t> samples = learner.data().training;
  const auto size = static_cast<std::size_t>(learner.spec.training.batchSize);
  Batcher batcher(learner.prepared, static_cast<std::int64_t>(size), learner.device);
  const std::string phase = "Computing BatchNorm's statistics";
  std::size_t at = 0;
  computeBatchStatistics(*learner.model, [&]() -> std::optional<torch::Tensor> {
    if (at >= samples.size()) return {};
    if (progress && !progress(phase, static_cast<std::int64_t>(at), static_cast<std::int64_t>(samples.size())))
      throw Error::cancelled(phase);
    const auto batch = samples.subspan(at, std::min(size, samples.size() - at));
    at += batch.size();
    return batcher.gather(batch).input;
  });
}

/// As an epoch's validation would have judged it.
void validate(Learner& learner, const core::Progress& progress) {
  if (!learner.validates()) return;
  const auto evaluation = Evaluator(learner).run(
      learner, [&](std::int64_t done, std::int64_t total) { return !progress || progress("Validating", done, total); });
  if (!evaluation) throw Error::cancelled("Validating");
  auto& counters = learner.counters;
  counters.newestOf(core::Series::ValLoss) = evaluation->loss;
  counters.newestOf(core::Series::ValAccuracy) = evaluation->accuracy;
  const auto& monitor = learner.spec.checkpoints.monitor;
  if (monitor == core::seriesName(core::Series::ValLoss)) counters.monitored = evaluation->loss;
  if (monitor == core::seriesName(core::Series::ValAccuracy)) counters.monitored = evaluation->accuracy;
  counters.improvement = {.best = counters.monitored,
                          .bestStep = counters.step,
                          .bestEpoch = counters.epoch,
                          .reference = counters.monitored};
}

core::CheckpointRecord recordOf(const Learner& learner, const ComparedFiles& files, const std::string& runId) {
  core::CheckpointRecord record;
  record.id = core::newId();
  record.run = runId;
  record.step = learner.counters.step;
  record.epoch = learner.counters.epoch;
  record.kind = core::CheckpointKind::Averaged;
  record.roles.emplace(core::toText(record.kind));
  record.metrics = newestMetrics(learner.counters);
  record.monitored = learner.counters.monitored;
  record.createdAt = core::nowIso8601();
  for (const auto& file : files) record.parents.push_back(file.tree->at(keys::kCairn).text(keys::kCheckpoint));
  return record;
}

StateTree treeOf(const Learner& learner, const core::CheckpointRecord& record) {
  std::map<const void*, core::Tensor> copies;  // tied tensors share one
  const TensorCapture copy = [&](const torch::Tensor& tensor) {
    const auto known = copies.find(tensor.unsafeGetTensorImpl());
    return known != copies.end() ? known->second
                                 : copies.emplace(tensor.unsafeGetTensorImpl(), toCore(tensor)).first->second;
  };
  auto tree = checkpointTree(
      learner, {.id = record.id, .run = record.run, .parent = {}, .createdAt = record.createdAt, .kind = record.kind},
      copy, copy);
  tree.find(keys::kCairn)->set(keys::kParents, StateTree::List(record.parents.begin(), record.parents.end()));
  return tree;
}

std::size_t furthestOf(const ComparedFiles& files) {
  const auto stepOf = [](const ComparedFile& file) { return file.tree->integer(keys::kStep); };
  const auto found =
      std::max_element(files.begin(), files.end(), [&](const auto& a, const auto& b) { return stepOf(a) < stepOf(b); });
  return static_cast<std::size_t>(found - files.begin());
}

void requireOneMeaning(const std::vector<CheckpointInfo>& infos) {
  const auto& first = infos.front();
  for (std::size_t i = 1; i < infos.size(); ++i)
    if (infos[i].format != first.format || infos[i].classes != first.classes || infos[i].features != first.features ||
        infos[i].targets != first.targets)
      throw Error("checkpoints A and " + core::letterOf(i), "their inputs or outputs stand for other columns or classes",
                  kAdvice);
}

bool sameNormalization(const Normalization& a, const Normalization& b) { return a.mean == b.mean && a.std == b.std; }

std::vector<std::string> notesOf(const ComparedFiles& files, const std::vector<CheckpointInfo>& infos,
                                 const Learner& learner, std::size_t base, bool statistics) {
  std::vector<std::string> notes;
  notes.push_back(
      fmt::format("the mean of {} checkpoints; it goes on where {} stood, at step {}, with a fresh optimizer",
                  files.size(), core::letterOf(base), learner.counters.step));
  if (statistics)
    notes.push_back(fmt::format("BatchNorm's statistics were computed anew on the {} training samples",
                                learner.data().training.size()));
  for (std::size_t i = 0; i < infos.size(); ++i)
    if (!sameNormalization(infos[i].normalization, learner.data().normalization))
      notes.push_back(fmt::format("{} took its inputs by another normalization than the mean does, which takes {}'s",
                                  core::letterOf(i), core::letterOf(base)));
  if (!learner.validates()) notes.emplace_back("it was not evaluated: its data has no validation part");
  if (totalSteps(learner) <= learner.counters.step)
    notes.emplace_back("it is at the run's limit already: resume it with more epochs or steps, or branch from it");
  return notes;
}

}  // namespace

AveragedCheckpoint averageOf(const ComparedFiles& files, const std::string& runId, const std::string& name,
                             const core::Progress& progress) {
  core::requireComparable(files.size());
  const auto infos = infosOf(files);
  requireOneMeaning(infos);
  AveragedCheckpoint made;
  made.base = furthestOf(files);
  made.spec = files[made.base].spec;
  made.spec.name = name;
  const auto& baseTree = *files[made.base].tree;
  const OwnThreads threads(threadsOf(baseTree));
  auto learner = buildLearner(made.spec, progress);
  learner.threads = made.spec.training.threads.value_or(0);  // 0: chosen when it first trains
  equipLearner(learner, {.spec = made.spec,
                         .runId = runId,
                         .from = withModel(baseTree, meanModel(files, made.base)),
                         .branch = true,
                         .resetOptimizer = true});
  forgetPast(learner.counters);
  const bool statistics = hasBatchStatistics(*learner.model);
  if (statistics) computeStatistics(learner, progress);
  validate(learner, progress);
  if (!allFinite(learner))
    throw Error("the mean", "holds values that are no numbers", "leave out the checkpoint that has them");
  made.record = recordOf(learner, files, runId);
  made.state = std::make_shared<const StateTree>(treeOf(learner, made.record));
  made.totalSteps = totalSteps(learner);
  made.notes = notesOf(files, infos, learner, made.base, statistics);
  return made;
}

}  // namespace cairn::engine
