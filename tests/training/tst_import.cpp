#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "storage/catalog.h"
#include "storage/checkpoint_files.h"
#include "storage/export_file.h"
#include "storage/foreign_file.h"
#include "support/test_registry.h"
#include "training/export.h"
#include "training/import.h"
#include "training/job.h"

using namespace cairn;
using core::StateTree;
using How = engine::ImportRow::How;

namespace {

class NoSink : public core::EventSink {
 public:
  void post(const core::Event&) override {}
};

core::Tensor filled(std::vector<std::int64_t> shape, float value) {
  std::int64_t count = 1;
  for (const auto extent : shape) count *= extent;
  const std::vector<float> values(static_cast<std::size_t>(count), value);
  return core::Tensor::copyOf(core::DType::Float32, std::move(shape), std::as_bytes(std::span(values)));
}

}  // namespace

class ImportTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init();
  void rowsTellWhatGoesWhere();
  void aMisfitMakesNothing();
  void theFirstCheckpointIsDurableAndTheRunPaused();
  void aLostBeginningIsNotReplacedByAFreshOne();
  void ownCheckpointsComeBackWhole();
  void settingsOfTheFileWin();
  void schedulesAreKnownByWhatTheyHave();
  void groupsThatTrainOtherwiseAreRefused();
  void hostileStatesAreRefused();
  void exportsReplaceWholeFiles();
  void aStoppedExportLeavesNothing();
  void theHomesOwnFilesAreNotReplaced();
  void whatWasPreviewedIsImported();

 private:
  std::filesystem::path save(const StateTree& tree) {
    const std::filesystem::path file = path("file.pt");
    storage::exportTorchFile(storage::FileSystem::posix(), file, tree);
    return file;
  }
  std::string path(const std::string& name) const {
    return folder_->filePath(QString::fromStdString(name)).toStdString();
  }
  storage::Home home() const { return storage::Home(path("home")); }
  training::ImportOptions options(const std::string& optimizer = R"({"type": "SGD", "lr": 0.5})") const {
    const auto json =
        nlohmann::json::parse(R"({"name": "line", "loss": "MSELoss", "model": {"type": "MLP", "hidden": []},
        "data": {"format": "csv", "path": "line.csv", "target": "y", "task": "regression", "normalize": false, "shuffle": false},
        "training": {"epochs": 5, "batch_size": 2, "device": "cpu", "threads": 1}, "optimizer": )" +
                              optimizer + "}");
    return {.spec = core::parseRunSpec(json, folder_->path().toStdString())};
  }
  static StateTree weights() {
    auto dict = StateTree::stateDict();
    dict.set("fc.weight", filled({1, 1}, 1.5f));
    dict.set("fc.bias", filled({1}, 0.25f));
    return dict;
  }
  /// As torch.save writes it after three epochs.
  static StateTree checkpoint() {
    auto group = StateTree::dict();
    for (const auto* key : {"momentum", "dampening", "weight_decay"}) group.set(key, 0.0);
    group.set("lr", 0.125);
    group.set("nesterov", false);
    group.set("params", StateTree::List{0, 1});
    auto optimizer = StateTree::dict();
    optimizer.set("state", StateTree::dict());
    optimizer.set("param_groups", StateTree::List{group});
    auto tree = StateTree::dict();
    tree.set("epoch", 3);
    tree.set("model_state_dict", weights());
    tree.set("optimizer_state_dict", optimizer);
    tree.set("loss", 0.75);
    return tree;
  }

  std::unique_ptr<QTemporaryDir> folder_;
};

void ImportTest::init() {
  folder_ = std::make_unique<QTemporaryDir>();
  std::ofstream(path("line.csv")) << "x,y\n1,2\n2,4\n3,6\n4,8\n";
}

void ImportTest::rowsTellWhatGoesWhere() {
  const auto plan = training::previewImport(save(checkpoint()), options());
  QCOMPARE(plan.problems, std::vector<std::string>{});
  QCOMPARE(plan.rows.size(), std::size_t{2});
  QCOMPARE(plan.rows[0].fileName, std::string("fc.weight"));
  QCOMPARE(plan.rows[0].modelName, std::string("layers.0.weight"));
  QVERIFY(plan.rows[0].how == How::Order && plan.renamed);
  QCOMPARE(plan.epoch, 3);
  QCOMPARE(plan.step, 6);
  QCOMPARE(plan.lr, 0.125);
  QCOMPARE(core::learningRate(plan.spec.optimizer), 0.125);
  QVERIFY(plan.optimizerState && !plan.randomState && !plan.schedulerState);
  QVERIFY(!std::filesystem::exists(path("home")));
}

void ImportTest::aMisfitMakesNothing() {
  auto tree = checkpoint();
  tree.find("model_state_dict")->set("fc.weight", filled({1, 2}, 1));
  const auto plan = training::previewImport(save(tree), options());
  QCOMPARE(plan.rows.size(), std::size_t{3});  // the file's two, and what the model lacks
  QVERIFY(plan.rows[0].how == How::Unused && plan.rows[2].how == How::Missing);
  QCOMPARE(plan.problems.size(), std::size_t{2});
  try {
    training::importFile(home(), path("file.pt"), options());
    QFAIL("it was imported");
  } catch (const Error& error) {
    QCOMPARE(error.subject(), path("file.pt"));
    QVERIFY(error.why().find("fc.weight") != std::string::npos &&
            error.why().find("layers.0.weight") != std::string::npos);
  }
  storage::Catalog catalog(home(), storage::Catalog::Access::Write);
  QVERIFY(catalog.runs().empty());
  QVERIFY(catalog.files().list(home().checkpoints()).empty());
}

void ImportTest::theFirstCheckpointIsDurableAndTheRunPaused() {
  auto wanted = options();
  wanted.name = "mine";
  const auto imported = training::importFile(home(), save(checkpoint()), wanted);
  storage::Catalog catalog(home(), storage::Catalog::Access::Read);
  const auto run = catalog.findRun("mine");
  QVERIFY(run.status == core::RunStatus::Paused);
  QCOMPARE(run.step, 6);
  QCOMPARE(run.totalSteps, 10);
  const auto record = catalog.findCheckpoint("mine@latest");
  QCOMPARE(record.id, imported.checkpoint.id);
  QVERIFY(record.kind == core::CheckpointKind::Imported && record.roles.contains("imported"));
  QCOMPARE(*record.loss, 0.75);
  const auto state = storage::readCheckpoint(catalog.files(), record);
  QCOMPARE(state->at("model_state_dict").tensor("fc.weight").at(0), 1.5);
  QCOMPARE(state->at("cairn").at("names").text("fc.bias"), std::string("layers.0.bias"));
  QVERIFY(!catalog.files().isLocked(home().runLock(run.id)));
}

void ImportTest::aLostBeginningIsNotReplacedByAFreshOne() {
  const auto imported = training::importFile(home(), save(checkpoint()), options());
  std::filesystem::remove(imported.checkpoint.path);
  QVERIFY_EXCEPTION_THROWN(training::Job::resume(home(), imported.checkpoint.run), Error);
}

void ImportTest::ownCheckpointsComeBackWhole() {
  NoSink sink;
  auto spec = options(R"({"type": "Adam", "lr": 0.01})").spec;
  auto job = training::Job::train(home(), spec, 3);
  job->start(sink);
  job->wait();
  storage::Catalog catalog(home(), storage::Catalog::Access::Write);
  const auto before = storage::readCheckpoint(catalog.files(), *catalog.newestReady(job->run()));
  training::exportCheckpoint(*before, path("own.pt"));
  const auto imported = training::importFile(home(), path("own.pt"), {.spec = spec, .name = "back"});
  QVERIFY(!imported.plan.renamed);
  QCOMPARE(imported.checkpoint.step, 3);  // in the middle of an epoch of two steps
  const auto after = storage::readCheckpoint(catalog.files(), imported.checkpoint);
  for (const auto* key : {"model_state_dict", "optimizer_state_dict", "rng_state"})
    QVERIFY2(core::sameState(before->at(key), after->at(key)), key);
  QVERIFY(core::sameState(before->at("cairn").at("sampler"), after->at("cairn").at("sampler")));
}

void ImportTest::settingsOfTheFileWin() {
  auto tree = checkpoint();
  auto& group = tree.find("optimizer_state_dict")->find("param_groups")->as<StateTree::List>()->front();
  group.set("momentum", 0.9);
  group.set("nesterov", true);
  const auto plan = training::previewImport(save(tree), options());
  QCOMPARE(plan.problems, std::vector<std::string>{});
  const auto& sgd = std::get<core::SGDOptions>(plan.spec.optimizer);
  QVERIFY(sgd.momentum == 0.9 && sgd.nesterov && sgd.lr == 0.125);
  QVERIFY(!training::previewImport(save(tree), options(R"({"type": "Adam"})")).problems.empty());
  auto alone = options(R"({"type": "Adam"})");
  alone.weightsOnly = true;
  const auto weightsOnly = training::previewImport(save(tree), alone);
  QVERIFY(weightsOnly.problems.empty() && weightsOnly.step == 0 && !weightsOnly.optimizerState);
}

/// CyclicLR's and MultiStepLR's states have a gamma too.
void ImportTest::schedulesAreKnownByWhatTheyHave() {
  const auto typeOf = [&](const char* extra) {
    auto tree = checkpoint();
    auto schedule = StateTree::dict();
    schedule.set("gamma", 1.0);
    schedule.set("base_lrs", StateTree::List{0.125});
    schedule.set("last_epoch", 2);
    if (extra) schedule.set(extra, StateTree::List{0.5});
    tree.set("lr_scheduler_state_dict", schedule);
    const auto plan = training::previewImport(save(tree), options());
    return plan.problems.empty() ? std::string(core::schedulerType(plan.spec.lrScheduler)) : plan.problems.front();
  };
  QCOMPARE(typeOf(nullptr), std::string("ExponentialLR"));
  for (const char* extra : {"max_lrs", "total_size", "milestones"})
    QVERIFY2(typeOf(extra).find("none that Cairn has") != std::string::npos, extra);
}

void ImportTest::groupsThatTrainOtherwiseAreRefused() {
  const auto problems = [&](double beta) {
    auto tree = checkpoint();
    auto& groups = *tree.find("optimizer_state_dict")->find("param_groups")->as<StateTree::List>();
    groups.front().set("betas", StateTree::List{0.9, 0.999});
    groups.push_back(groups.front());
    groups.back().set("betas", StateTree::List{beta, 0.999});
    groups.back().set("params", StateTree::List{});
    const auto found = training::previewImport(save(tree), options()).problems;
    return std::count_if(found.begin(), found.end(), [](const auto& one) { return one.find("another betas") != std::string::npos; });
  };
  QCOMPARE(problems(0.9), 0);
  QCOMPARE(problems(0.8), 1);
}

void ImportTest::hostileStatesAreRefused() {
  const auto refuses = [&](auto&& change) {
    auto tree = checkpoint();
    change(tree);
    try {
      return !training::previewImport(save(tree), options()).problems.empty();
    } catch (const Error&) {
      return true;
    }
  };
  QVERIFY(!refuses([](StateTree&) {}));
  QVERIFY(refuses([](StateTree& tree) { tree.set("epoch", -1); }));
  QVERIFY(refuses([](StateTree& tree) { tree.set("epoch", std::int64_t{1} << 62); }));
  QVERIFY(refuses([](StateTree& tree) { tree.set("step", "ten"); }));
  QVERIFY(refuses([](StateTree& tree) { tree.set("optimizer_state_dict", 7); }));
  QVERIFY(refuses([](StateTree& tree) { tree.find("optimizer_state_dict")->set("param_groups", StateTree::List{}); }));
  QVERIFY(refuses(
      [](StateTree& tree) { tree.find("optimizer_state_dict")->set("param_groups", StateTree::List{StateTree()}); }));
  QVERIFY(refuses([](StateTree& tree) {
    tree.find("optimizer_state_dict")->find("param_groups")->as<StateTree::List>()->front().set("lr", std::nan(""));
  }));
  QVERIFY(refuses([](StateTree& tree) {
    tree.find("optimizer_state_dict")
        ->find("param_groups")
        ->as<StateTree::List>()
        ->front()
        .set("params", StateTree::List{0, 1, 2});
  }));
  QVERIFY(refuses([](StateTree& tree) { tree.set("lr_scheduler_state_dict", StateTree::List{1, 2}); }));
  QVERIFY(refuses([](StateTree& tree) { tree.set("rng_state", filled({4}, 1)); }));
  QVERIFY(refuses([](StateTree& tree) { tree.set("model_state_dict", StateTree::dict()); }));
}

void ImportTest::exportsReplaceWholeFiles() {
  const auto imported = training::importFile(home(), save(checkpoint()), options());
  storage::Catalog catalog(home(), storage::Catalog::Access::Read);
  const auto state = storage::readCheckpoint(catalog.files(), imported.checkpoint);
  std::ofstream(path("out.safetensors")) << "an old file";
  QCOMPARE(training::exportCheckpoint(*state, path("out.safetensors")).size(), std::size_t{1});
  const auto back = storage::readForeignFile(catalog.files(), path("out.safetensors"));
  QVERIFY(!back.inOrder && core::sameState(back.tree->at("fc.bias"), state->at("model_state_dict").at("fc.bias")));
  QCOMPARE(training::exportCheckpoint(*state, path("out.py")).size(), std::size_t{2});
  QVERIFY(std::filesystem::exists(path("out.py")) && std::filesystem::exists(path("out.pt")));
  QVERIFY_EXCEPTION_THROWN(training::exportCheckpoint(*state, path("out.onnx")), Error);
  QVERIFY_EXCEPTION_THROWN(training::exportCheckpoint(*state, path("nowhere/out.pt")), Error);
  for (const auto& name : catalog.files().list(folder_->path().toStdString()))
    QVERIFY(name.find(".tmp-") == std::string::npos);
}

void ImportTest::aStoppedExportLeavesNothing() {
  auto tree = checkpoint();
  tree.find("model_state_dict")->set("large", filled({3, 1024, 1024}, 1));  // 12 MB: more than one piece
  std::ofstream(path("target.pt")) << "mine";
  std::vector<std::int64_t> told;
  const core::Progress stop = [&](std::string_view, std::int64_t done, std::int64_t total) {
    if (done > total) told.push_back(-1);
    told.push_back(done);
    return done < total / 2;
  };
  try {
    training::exportCheckpoint(tree, path("target.pt"), {}, stop);
    QFAIL("it went on");
  } catch (const Error& error) {
    QVERIFY(error.kind() == ErrorKind::Cancelled);
  }
  QVERIFY(told.size() > 1 && std::is_sorted(told.begin(), told.end()) && told.front() >= 0);
  QCOMPARE(std::filesystem::file_size(path("target.pt")), std::uintmax_t{4});
  QCOMPARE(folder_->isValid() ? QDir(folder_->path()).entryList(QDir::Files | QDir::Hidden).filter("tmp-").size() : -1, 0);
}

void ImportTest::theHomesOwnFilesAreNotReplaced() {
  const auto imported = training::importFile(home(), save(checkpoint()), options());
  const auto own = std::filesystem::path(imported.checkpoint.path);
  std::filesystem::create_directory_symlink(own.parent_path(), path("link"));
  for (const auto& file : {own, own.parent_path() / "new.pt", home().root() / "checkpoints" / ".." / "trash" / "x.pt",
                           std::filesystem::path(path("link")) / own.filename()})
    QVERIFY_EXCEPTION_THROWN(training::requireOutside(home(), file), Error);
  training::requireOutside(home(), path("beside.pt"));
  training::requireOutside(home(), home().root() / "checkpoints-elsewhere" / "x.pt");
  QCOMPARE(training::exportedFiles(path("a.py")).size(), std::size_t{2});
}

void ImportTest::whatWasPreviewedIsImported() {
  const auto source = training::readImport(save(checkpoint()));
  QVERIFY(!training::ownSpec(source));
  QVERIFY(training::previewImport(source, options()).problems.empty());
  std::ofstream(path("file.pt")) << "another file by now";
  const auto imported = training::importFile(home(), source, options());
  QCOMPARE(imported.checkpoint.step, 6);
  const auto own = training::readImport(imported.checkpoint.path);
  const auto spec = training::ownSpec(own);
  QVERIFY(spec);
  QCOMPARE(spec->name, std::string("line"));
  QCOMPARE(core::learningRate(spec->optimizer), 0.125);
  auto broken = *own.tree;
  broken.find("cairn")->set("spec", "{\"name\": 3}");
  QVERIFY(!training::ownSpec({.path = "x.pt", .tree = std::make_shared<const StateTree>(broken)}));
}

CAIRN_TEST(ImportTest, import)
#include "tst_import.moc"
