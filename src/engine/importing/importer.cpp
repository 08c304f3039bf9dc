#include "engine/importing/importer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/error.h"
#include "core/text.h"
#include "engine/checkpoint_keys.h"
#include "engine/importing/file_settings.h"
#include "engine/importing/foreign_parts.h"
#include "engine/loop/learner_state.h"
#include "engine/models/match_names.h"
#include "engine/tensor_bridge.h"

namespace cairn::engine {

namespace {

using core::StateTree;
using How = ImportRow::How;

std::string shapeText(const std::vector<std::int64_t>& shape) { return fmt::format("[{}]", fmt::join(shape, ", ")); }

/// A file against a model: the plan as it grows, and the tree that the run will go on from.
class Import {
 public:
  Import(const ImportRequest& request, const core::Progress& progress)
      : request_(request),
        parts_(findParts(*request.file, request.weightsOnly)),
        learner_(buildLearner(request.spec, progress)),
        file_(tensorsOf(*parts_.model)) {
    plan_.spec = request.spec;
    matchTensors();
    takeSettings();
    checkOptimizerState();
    checkRandomState();
    placeInTime();
  }

  const ImportPlan& plan() const { return plan_; }

  ImportedCheckpoint make(const std::string& runId) {
    requireNoProblems();
    learner_.spec = plan_.spec;
    learner_.threads = plan_.spec.training.threads.value_or(0);  // 0: chosen when it first trains
    equipLearner(learner_, {.spec = plan_.spec, .runId = runId, .from = goOnFrom(), .branch = true});
    core::CheckpointRecord record;
    record.id = core::newId();
    record.run = runId;
    record.step = learner_.counters.step;
    record.epoch = learner_.counters.epoch;
    record.kind = core::CheckpointKind::Imported;
    record.roles.emplace(core::toText(record.kind));
    record.loss = learner_.counters.loss;
    record.metrics = newestMetrics(learner_.counters);
    record.monitored = learner_.counters.monitored;
    record.createdAt = core::nowIso8601();
    const CheckpointLabel label{
        .id = record.id, .run = runId, .parent = {}, .createdAt = record.createdAt, .kind = record.kind};
    const TensorCapture copy = [this](const torch::Tensor& tensor) { return captured(tensor); };
    auto state = std::make_shared<const StateTree>(checkpointTree(learner_, label, copy, copy));
    return {plan_, std::move(record), std::move(state), totalSteps(learner_)};
  }

 private:
  void matchTensors();
  void noteMatch();
  void addRow(std::size_t fileIndex);
  void takeSettings();
  void checkOptimizerState();
  void checkRandomState();
  void placeInTime();
  void requireNoProblems() const;
  std::vector<std::size_t> parametersInFileOrder() const;
  std::shared_ptr<const StateTree> goOnFrom() const;
  StateTree modelDict() const;
  core::Tensor captured(const torch::Tensor& tensor);

  const ImportRequest& request_;
  ForeignParts parts_;
  Learner learner_;
  std::vector<std::pair<std::string, const core::Tensor*>> file_;
  NameMatch match_;
  std::vector<std::optional<std::size_t>> tied_;
  ImportPlan plan_;
  std::int64_t cursor_ = 0;                                     ///< samples of the epoch in progress that were taken
  std::vector<std::pair<const void*, core::Tensor>> captured_;  ///< tied tensors share one copy
};

void Import::matchTensors() {
  std::vector<NamedShape> model, file;
  for (const auto& [name, tensor] : learner_.tensors) model.push_back({name, tensor.sizes().vec()});
  for (const auto& [name, tensor] : file_) file.push_back({name, tensor->shape});
  // A checkpoint of Cairn's own says itself how the model calls what an import once renamed.
  if (const auto* names = parts_.cairn ? parts_.cairn->find(keys::kNames) : nullptr)
    for (auto& tensor : file)
      if (const auto* own = names->find(tensor.name); own && own->as<std::string>())
        tensor.name = *own->as<std::string>();
  match_ = matchNames(model, file);
  tied_ = tiedTo(match_, file_);
  for (std::size_t i = 0; i < file_.size(); ++i) addRow(i);
  for (std::size_t i = 0; i < model.size(); ++i) {
    if (match_.ofModel[i]) continue;
    plan_.rows.push_back({.fileName = {},
                          .modelName = model[i].name,
                          .fileShape = {},
                          .modelShape = model[i].shape,
                          .dtype = {},
                          .how = How::Missing,
                          .problem = "the file has no tensor for it"});
  }
  for (const auto& row : plan_.rows) {
    plan_.renamed |= !row.problem.empty() ? false : row.fileName != row.modelName;
    if (row.problem.empty()) continue;
    plan_.problems.push_back(fmt::format("{}: {}", row.fileName.empty() ? row.modelName : row.fileName, row.problem));
  }
  noteMatch();
}

void Import::addRow(std::size_t i) {
  const auto& [name, tensor] = file_[i];
  ImportRow row{.fileName = name,
                .modelName = {},
                .fileShape = tensor->shape,
                .modelShape = {},
                .dtype = std::string(core::dtypeName(tensor->dtype)),
                .how = How::Unused,
                .problem = {}};
  if (const auto index = match_.ofFile[i] ? match_.ofFile[i] : tied_[i] ? match_.ofFile[*tied_[i]] : std::nullopt) {
    const auto& [modelName, to] = learner_.tensors[*index];
    row.modelName = modelName;
    row.modelShape = to.sizes().vec();
    row.how = !match_.ofFile[i] ? How::Tied : match_.byName ? How::Name : How::Order;
    if (row.fileShape != row.modelShape)
      row.problem = fmt::format("has shape {}, and the model's {} is {}", shapeText(row.fileShape), modelName,
                                shapeText(row.modelShape));
    else if (toTorch(tensor->dtype) != to.scalar_type())
      plan_.notes.push_back(
          fmt::format("{}: {} becomes {}", name, row.dtype, core::dtypeName(toCore(to.scalar_type()))));
  } else {
    row.problem = fmt::format("of shape {} has no place in the model", shapeText(row.fileShape));
  }
  plan_.rows.push_back(std::move(row));
}

void Import::noteMatch() {
  if (!plan_.problems.empty()) return;  // the rows say it
  if (!match_.byName)
    plan_.notes.emplace_back(
        "the names differ from the model's: tensors are matched by order and shape, and keep the file's names");
  else if (plan_.renamed)
    plan_.notes.emplace_back("the names differ from the model's by a prefix or are tied, and are kept");
}

void Import::takeSettings() {
  plan_.lr = core::learningRate(plan_.spec.optimizer);
  SettingsFound found;
  if (parts_.optimizer) takeOptimizerSettings(*parts_.optimizer, plan_.spec, found);
  if (parts_.scheduler) takeSchedulerSettings(*parts_.scheduler, plan_.spec, found);
  plan_.lr = found.lr.value_or(core::learningRate(plan_.spec.optimizer));
  if (!parts_.optimizer) found.notes.emplace_back("the file has no optimizer state: it starts afresh");
  if (!parts_.scheduler && !core::schedulerType(plan_.spec.lrScheduler).empty())
    found.notes.push_back(fmt::format("the file has no schedule's state: {} starts at its beginning",
                                      core::schedulerType(plan_.spec.lrScheduler)));
  plan_.notes.insert(plan_.notes.end(), found.notes.begin(), found.notes.end());
  plan_.problems.insert(plan_.problems.end(), found.problems.begin(), found.problems.end());
  plan_.optimizerState = parts_.optimizer && found.problems.empty();
  plan_.schedulerState = parts_.scheduler && found.problems.empty();
}

/// Indices into learner_.tensors, tied ones once: as the file's optimizer counts them.
std::vector<std::size_t> Import::parametersInFileOrder() const {
  std::vector<std::size_t> order;
  for (const auto& model : match_.ofFile)
    if (model && learner_.tensors[*model].second.requires_grad()) order.push_back(*model);
  return order;
}

void Import::checkOptimizerState() {
  if (!plan_.optimizerState || !plan_.problems.empty()) return;  // without all parameters there is nothing to count
  const auto parameters = parametersInFileOrder();
  const auto& state = parts_.optimizer->at(keys::kOptimizerState);
  std::size_t next = 0;
  for (const auto& group : *parts_.optimizer->at(keys::kParamGroups).as<StateTree::List>()) {
    const auto* indices = group.find(keys::kParams) ? group.find(keys::kParams)->as<StateTree::List>() : nullptr;
    for (std::size_t i = 0; indices && i < indices->size(); ++i, ++next) {
      const auto number = (*indices)[i].asInteger();
      const auto* one = number ? state.find(*number) : nullptr;
      if (!one || next >= parameters.size()) continue;
      const auto& [name, tensor] = learner_.tensors[parameters[next]];
      for (const auto key : {"momentum_buffer", "exp_avg", "exp_avg_sq", "max_exp_avg_sq"})
        if (const auto* value = one->find(key) ? one->find(key)->as<core::Tensor>() : nullptr;
            value && value->shape != tensor.sizes().vec())
          plan_.problems.push_back(
              fmt::format("the optimizer's {} of parameter {} ({}) has shape {}, and the parameter {}", key, next, name,
                          shapeText(value->shape), shapeText(tensor.sizes().vec())));
    }
  }
  if (next != parameters.size())
    plan_.problems.push_back(fmt::format("its optimizer has {} parameters, and the model {}; import the weights alone",
                                         next, parameters.size()));
}

void Import::checkRandomState() {
  const auto* state = parts_.cpuRng ? parts_.cpuRng->as<core::Tensor>() : nullptr;
  if (!state) {
    if (!request_.weightsOnly)
      plan_.notes.emplace_back("the file has no random state: dropout draws from the spec's seed");
    return;
  }
  const auto wanted = learner_.initial.get_state();
  if (state->dtype != core::DType::UInt8 || state->shape != wanted.sizes().vec())
    plan_.problems.push_back(fmt::format("its random state is {} of {}, and torch.get_rng_state() gives uint8 of {}",
                                         core::dtypeName(state->dtype), shapeText(state->shape),
                                         shapeText(wanted.sizes().vec())));
  else
    plan_.randomState = true;
}

void Import::placeInTime() {
  const auto perEpoch = plan_.stepsPerEpoch = learner_.sampler->batchesPerEpoch();
  plan_.loss = parts_.loss;
  plan_.epoch = parts_.epoch.value_or(parts_.step.value_or(0) / perEpoch);
  if (parts_.step) {
    plan_.step = *parts_.step;
  } else if (__builtin_mul_overflow(plan_.epoch, perEpoch, &plan_.step)) {
    plan_.problems.push_back(fmt::format("its epoch, {}, is beyond all counting", plan_.epoch));
    return;
  }
  if (!parts_.step && plan_.epoch > 0)
    plan_.notes.push_back(fmt::format("the file says only its epoch: step {} = {} x {} steps an epoch", plan_.step,
                                      plan_.epoch, perEpoch));
  const auto& training = plan_.spec.training;
  if ((training.epochs && plan_.epoch >= *training.epochs) || (training.steps && plan_.step >= *training.steps))
    plan_.notes.emplace_back("it is at the spec's end already: resume it with more epochs or steps");
  // Steps beyond whole epochs: the epoch in progress goes on where it stood. Other counts are of another batch size.
  if (parts_.cairn) return;
  if (const auto into = plan_.step - plan_.epoch * perEpoch; into > 0 && into < perEpoch) {
    cursor_ = into * plan_.spec.training.batchSize;
    plan_.notes.push_back(
        fmt::format("it goes on within epoch {}, after {} of its {} steps", plan_.epoch + 1, into, perEpoch));
  }
}

void Import::requireNoProblems() const {
  if (plan_.problems.empty()) return;
  std::string why = "does not fit the spec: ";
  constexpr std::size_t kMost = 20;
  for (std::size_t i = 0; i < std::min(kMost, plan_.problems.size()); ++i) why += (i ? "; " : "") + plan_.problems[i];
  if (plan_.problems.size() > kMost) why += fmt::format("; and {} more", plan_.problems.size() - kMost);
  throw Error("checkpoint", why, "change the spec to what the file says");
}

/// In the order in which the optimizer will count: the file's, or, where that says nothing, the model's.
StateTree Import::modelDict() const {
  auto dict = StateTree::stateDict();
  auto& items = dict.as<StateTree::Dict>()->items;
  const auto add = [&](std::size_t i) { items.emplace_back(file_[i].first, *file_[i].second); };
  if (request_.inOrder) {
    for (std::size_t i = 0; i < file_.size(); ++i) add(i);
    return dict;
  }
  for (const auto& ofModel : match_.ofModel) add(*ofModel);
  for (std::size_t i = 0; i < file_.size(); ++i)
    if (tied_[i]) add(i);
  return dict;
}

std::shared_ptr<const StateTree> Import::goOnFrom() const {
  auto tree = StateTree::dict();
  tree.set(keys::kEpoch, plan_.epoch);
  tree.set(keys::kStep, plan_.step);
  if (plan_.loss) tree.set(keys::kLoss, *plan_.loss);
  tree.set(keys::kModel, modelDict());
  if (parts_.optimizer) tree.set(keys::kOptimizer, *parts_.optimizer);
  if (parts_.scheduler) tree.set(keys::kScheduler, *parts_.scheduler);
  auto random = StateTree::dict();
  if (parts_.cpuRng) random.set(keys::kRngCpu, *parts_.cpuRng);
  if (const auto* cuda = parts_.cudaRng)
    random.set(keys::kRngCuda, cuda->as<core::Tensor>() ? StateTree(StateTree::List{*cuda}) : *cuda);
  tree.set(keys::kRngState, std::move(random));
  if (parts_.cairn)
    if (const auto* metrics = request_.file->find(keys::kMetrics)) tree.set(keys::kMetrics, *metrics);

  auto cairn = StateTree::dict();
  // Without the spec it was trained by: what the file says holds, whatever the settings were that led to it.
  if (parts_.cairn)
    for (const auto& [key, value] : parts_.cairn->as<StateTree::Dict>()->items)
      if (key != StateTree::Key(std::string(keys::kSpec))) cairn.setKey(key, value);
  auto names = StateTree::dict();
  for (const auto& row : plan_.rows) names.set(row.fileName, row.modelName);
  cairn.set(keys::kNames, std::move(names));
  if (!parts_.cairn) {
    auto sampler = StateTree::dict();
    sampler.set(keys::kSamplerEpoch, plan_.epoch);
    sampler.set(keys::kSamplerCursor, cursor_);
    cairn.set(keys::kSampler, std::move(sampler));
    cairn.set(keys::kLr, plan_.lr);
  }
  tree.set(keys::kCairn, std::move(cairn));
  return std::make_shared<const StateTree>(std::move(tree));
}

core::Tensor Import::captured(const torch::Tensor& tensor) {
  for (const auto& [from, copy] : captured_)
    if (from == tensor.unsafeGetTensorImpl()) return copy;
  return captured_.emplace_back(tensor.unsafeGetTensorImpl(), toCore(tensor)).second;
}

}  // namespace

ImportPlan planImportOf(const ImportRequest& request, const core::Progress& progress) {
  return Import(request, progress).plan();
}

ImportedCheckpoint importFile(const ImportRequest& request, const std::string& runId, const core::Progress& progress) {
  return Import(request, progress).make(runId);
}

}  // namespace cairn::engine
