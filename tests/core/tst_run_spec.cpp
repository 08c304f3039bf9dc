#include <QTest>

#include "core/run_spec_names.h"
#include "spec_samples.h"
#include "support/test_registry.h"

using namespace cairn;
using namespace cairn::tests;
using nlohmann::json;

namespace {
/// The error of a spec, or one that says that there was none.
Error errorOf(const json& spec) {
  try {
    (void)parsed(spec);
  } catch (const Error& error) {
    return error;
  }
  return Error("", "no error");
}
json sample(const QString& which) {
  return which == "line" ? lineSpec() : which == "idx" ? idxSpec() : which == "text" ? textSpec() : csvSpec();
}
}  // namespace

class TestRunSpec : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void defaultsStandWhereNothingIsSaid() {
    const auto spec = parsed(csvSpec());
    QVERIFY(spec.name.empty());
    QCOMPARE(std::get<core::CsvData>(spec.data.source).path, std::string("/data/digits.csv"));
    QVERIFY(spec.task() == core::Task::Classification);
    QVERIFY(spec.hasValidation());
    QVERIFY(spec.data.normalize && spec.data.shuffle);
    QCOMPARE(std::string(core::optimizerType(spec.optimizer)), std::string("Adam"));
    QCOMPARE(core::learningRate(spec.optimizer), 0.001);
    QVERIFY(core::schedulerType(spec.lrScheduler).empty());
    QCOMPARE(spec.training.epochs.value(), 10);
    QVERIFY(!spec.training.steps && !spec.training.threads);
    QCOMPARE(spec.training.batchSize, 32);
    QCOMPARE(spec.checkpoints.monitor, std::string("val/loss"));
    QVERIFY(!spec.earlyStopping);
  }

  void theTaskFollowsTheLoss() {
    QVERIFY(parsed(lineSpec()).task() == core::Task::Regression);
    QVERIFY(parsed(csvSpec()).task() == core::Task::Classification);
  }

  void monitorFollowsValidation() {
    QCOMPARE(parsed(lineSpec()).checkpoints.monitor, std::string("train/loss"));
    const auto accuracy = parsed(with(csvSpec(), "/checkpoints/monitor", "val/accuracy"));
    QVERIFY(accuracy.checkpoints.mode == core::Mode::Max);
  }

  void everyKeyIsRead() {
    const auto spec = parsed(json::parse(R"({
      "name": "all", "data": {"format": "csv", "path": "/d/a.csv", "target": ["y", "z"], "task": "regression",
        "validation_path": "v.csv", "normalize": false, "shuffle": false},
      "model": {"type": "MLP", "hidden": [8, 4], "activation": "Tanh", "dropout": 0.25}, "loss": "SmoothL1Loss",
      "optimizer": {"type": "SGD", "lr": 0.5, "momentum": 0.9, "nesterov": true, "weight_decay": 0.125, "dampening": 0},
      "lr_scheduler": {"type": "ReduceLROnPlateau", "mode": "max", "factor": 0.5, "patience": 3, "threshold": 0.25,
        "threshold_mode": "abs", "cooldown": 2, "min_lr": 0.0625, "eps": 0.5, "warmup_steps": 7},
      "training": {"steps": 99, "batch_size": 5, "seed": 11, "device": "cuda:1", "threads": 3},
      "checkpoints": {"every_epochs": 2, "every_steps": 3, "every_seconds": 4.5, "keep_last": 6, "keep_best": 0,
        "monitor": "train/loss", "mode": "max"},
      "early_stopping": {"patience": 4, "min_delta": 0.5}})"));
    const auto& csv = std::get<core::CsvData>(spec.data.source);
    QCOMPARE(csv.path, std::string("/d/a.csv"));
    QCOMPARE(csv.target, (std::vector<std::string>{"y", "z"}));
    QCOMPARE(spec.data.validationPath, std::string("/data/v.csv"));
    QVERIFY(!spec.data.normalize && !spec.data.shuffle);
    const auto& mlp = std::get<core::MlpModel>(spec.model);
    QCOMPARE(mlp.hidden, (std::vector<std::int64_t>{8, 4}));
    QVERIFY(mlp.activation == core::Activation::Tanh && mlp.dropout == 0.25);
    QVERIFY(spec.loss == core::LossType::SmoothL1Loss);
    const auto& sgd = std::get<core::SGDOptions>(spec.optimizer);
    QVERIFY(sgd.lr == 0.5 && sgd.momentum == 0.9 && sgd.nesterov && sgd.weightDecay == 0.125);
    const auto& plateau = std::get<core::ReduceLROnPlateau>(spec.lrScheduler.schedule);
    QVERIFY(plateau.mode == core::Mode::Max && plateau.factor == 0.5 && plateau.patience == 3 &&
            plateau.threshold == 0.25);
    QVERIFY(!plateau.relativeThreshold && plateau.cooldown == 2 && plateau.minLr == 0.0625 && plateau.eps == 0.5);
    QCOMPARE(spec.lrScheduler.warmupSteps, 7);
    QVERIFY(spec.training.steps == 99 && !spec.training.epochs && spec.training.batchSize == 5 &&
            spec.training.seed == 11);
    QVERIFY(spec.training.device == "cuda:1" && spec.training.threads == 3);
    QVERIFY(spec.checkpoints.everyEpochs == 2 && spec.checkpoints.everySteps == 3 &&
            spec.checkpoints.everySeconds == 4.5);
    QVERIFY(spec.checkpoints.keepLast == 6 && spec.checkpoints.keepBest == 0 &&
            spec.checkpoints.mode == core::Mode::Max);
    QVERIFY(spec.earlyStopping->patience == 4 && spec.earlyStopping->minDelta == 0.5);
    QVERIFY(toJson(parsed(json(toJson(spec)))) == toJson(spec));
  }

  void otherTypesRoundTrip_data() {
    QTest::addColumn<QString>("base");
    QTest::addColumn<QString>("pointer");
    QTest::addColumn<QString>("value");
    QTest::newRow("step") << "csv"
                          << "/lr_scheduler"
                          << R"({"type": "StepLR", "step_size": 3, "gamma": 0.5})";
    QTest::newRow("exponential") << "csv"
                                 << "/lr_scheduler"
                                 << R"({"type": "ExponentialLR", "gamma": 0.9})";
    QTest::newRow("cosine") << "csv"
                            << "/lr_scheduler"
                            << R"({"type": "CosineAnnealingLR", "T_max": 20, "eta_min": 0.001})";
    QTest::newRow("warm-up alone") << "csv"
                                   << "/lr_scheduler"
                                   << R"({"warmup_steps": 100})";
    QTest::newRow("adamw") << "csv"
                           << "/optimizer"
                           << R"({"type": "AdamW", "betas": [0.8, 0.99], "amsgrad": true})";
    QTest::newRow("sgd") << "csv"
                         << "/optimizer"
                         << R"({"type": "SGD", "lr": 0.1})";
    QTest::newRow("cnn") << "idx"
                         << "/model"
                         << R"({"type": "CNN", "channels": [4], "hidden": 0, "batch_norm": false})";
    QTest::newRow("mlp on images") << "idx"
                                   << "/model"
                                   << R"({"type": "MLP"})";
    QTest::newRow("transformer") << "text"
                                 << "/model"
                                 << R"({"type": "Transformer", "layers": 1, "heads": 2, "width": 8})";
    QTest::newRow("block") << "text"
                           << "/data/block_size"
                           << "128";
    QTest::newRow("idx files")
        << "idx"
        << "/data"
        << R"({"format": "idx", "images": "a", "labels": "b", "validation_images": "c", "validation_labels": "d"})";
  }
  void otherTypesRoundTrip() {
    QFETCH(QString, base);
    QFETCH(QString, pointer);
    QFETCH(QString, value);
    const auto given = json::parse(value.toStdString());
    const auto written = toJson(parsed(with(sample(base), pointer.toStdString(), given)));
    QVERIFY(toJson(parsed(json(written))) == written);
    const json at = json(written)[json::json_pointer(pointer.toStdString())];
    if (!given.is_object()) QVERIFY(at == given);
    for (const auto& [key, part] : given.items()) {
      const bool isFile = part.is_string() && pointer == "/data" && key != "format";
      if (given.is_object()) QVERIFY(at.at(key) == (isFile ? json("/data/" + part.get<std::string>()) : part));
    }
  }

  void valuesAreCheckedOneByOne_data() {
    QTest::addColumn<QString>("base");
    QTest::addColumn<QString>("pointer");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("key");  // that the error names
    const auto row = [](const char* base, const char* pointer, const char* value, const char* key = nullptr) {
      const auto dotted = key ? QString(key) : QString(pointer).mid(1).replace('/', '.');
      QTest::newRow(qPrintable(QString("%1 = %2").arg(pointer, value))) << base << pointer << value << dotted;
    };
    row("csv", "/name", "7");
    row("csv", "/name", "\"  \"");
    row("csv", "/name", R"("a\nb")");
    row("csv", "/name", R"("a\u0000b")");
    row("csv", "/data", "[]");
    row("csv", "/data/format", "\"parquet\"");
    row("csv", "/data/path", "\"\"");
    row("csv", "/data/path", "3");
    row("csv", "/data/target", "[]");
    row("csv", "/data/target", "7");
    row("csv", "/data/target", R"(["a", "a"])");
    row("csv", "/data/target", R"(["a", "b"])");
    row("csv", "/data/task", "\"clustering\"");
    row("csv", "/data/validation_fraction", "0.95");
    row("csv", "/data/validation_fraction", "-0.1");
    row("csv", "/data/validation_fraction", "\"a fifth\"");
    row("csv", "/data/validation_path", "\"v.csv\"", "data.validation_fraction");
    row("csv", "/data/normalize", "1");
    row("csv", "/data/shuffle", "\"yes\"");
    row("csv", "/data/block_size", "8");
    row("idx", "/data/validation_images", "\"v\"", "data.validation_labels");
    row("idx", "/data/validation_labels", "\"v\"", "data.validation_images");
    row("text", "/data/block_size", "0");
    row("text", "/data/block_size", "1.5");
    row("csv", "/model", "\"MLP\"");
    row("csv", "/model/type", "\"RNN\"");
    row("csv", "/model/hidden", "64");
    row("csv", "/model/hidden", "[64, 0]", "model.hidden[1]");
    row("csv", "/model/hidden", "[64.0]", "model.hidden[0]");
    row("csv", "/model/activation", "\"relu\"");
    row("csv", "/model/dropout", "1");
    row("csv", "/model/dropout", "-0.5");
    row("csv", "/model/heads", "4");
    row("idx", "/model/channels", "[]");
    row("idx", "/model/hidden", "-1");
    row("idx", "/model/batch_norm", "\"true\"");
    row("text", "/model/heads", "0");
    row("text", "/model/width", "66");
    row("line", "/data/task", "\"classification\"", "loss");
    row("csv", "/loss", "\"NLLLoss\"");
    row("line", "/loss", "7");
    row("csv", "/data/task", "\"regression\"", "loss");
    row("csv", "/optimizer", "\"Adam\"");
    row("csv", "/optimizer/type", "\"RMSprop\"");
    row("csv", "/optimizer/lr", "0");
    row("csv", "/optimizer/lr", "-0.1");
    row("csv", "/optimizer/lr", "\"fast\"");
    row("csv", "/optimizer/betas", "[0.9]");
    row("csv", "/optimizer/betas", "[0.9, 1.0]");
    row("csv", "/optimizer/eps", "-1");
    row("csv", "/optimizer/weight_decay", "-1");
    row("csv", "/optimizer/amsgrad", "0");
    row("csv", "/optimizer/momentum", "0.9");
    row("csv", "/optimizer", R"({"type": "SGD", "nesterov": true})", "optimizer.nesterov");
    row("csv", "/optimizer", R"({"type": "SGD", "nesterov": true, "momentum": 0.9, "dampening": 0.1})",
        "optimizer.nesterov");
    row("csv", "/optimizer", R"({"type": "SGD", "momentum": -1})", "optimizer.momentum");
    row("csv", "/lr_scheduler/type", "\"OneCycleLR\"");
    row("csv", "/lr_scheduler", R"({"type": "StepLR", "step_size": 0})", "lr_scheduler.step_size");
    row("csv", "/lr_scheduler", R"({"type": "StepLR", "gamma": 0})", "lr_scheduler.gamma");
    row("csv", "/lr_scheduler", R"({"type": "CosineAnnealingLR", "T_max": -1})", "lr_scheduler.T_max");
    row("csv", "/lr_scheduler", R"({"type": "CosineAnnealingLR", "t_max": 5})", "lr_scheduler.t_max");
    row("csv", "/lr_scheduler", R"({"type": "ReduceLROnPlateau", "factor": 1})", "lr_scheduler.factor");
    row("csv", "/lr_scheduler", R"({"type": "ReduceLROnPlateau", "threshold_mode": "both"})",
        "lr_scheduler.threshold_mode");
    row("csv", "/lr_scheduler", R"({"step_size": 3})", "lr_scheduler.step_size");
    row("csv", "/lr_scheduler/warmup_steps", "-1");
    row("csv", "/training", "10");
    row("csv", "/training/epochs", "0");
    row("csv", "/training/epochs", "2.5");
    row("csv", "/training/steps", "true");
    row("csv", "/training", R"({"epochs": 3, "steps": 7})", "training.steps");
    row("csv", "/training/batch_size", "0");
    row("csv", "/training/batch_size", "\"32\"");
    row("csv", "/training/seed", "-1");
    row("csv", "/training/seed", "18446744073709551615");
    row("csv", "/training/device", "\"gpu\"");
    row("csv", "/training/device", "\"cuda:\"");
    row("csv", "/training/threads", "0");
    row("csv", "/training/threads", "\"many\"");
    row("csv", "/checkpoints/every_epochs", "-1");
    row("csv", "/checkpoints/every_seconds", "-0.5");
    row("csv", "/checkpoints/keep_last", "1.5");
    row("csv", "/checkpoints/monitor", "\"val/f1\"");
    row("csv", "/checkpoints/mode", "\"smallest\"");
    row("line", "/checkpoints/monitor", "\"val/loss\"");
    row("line", "/checkpoints/monitor", "\"train/accuracy\"");
    row("csv", "/early_stopping", "5");
    row("csv", "/early_stopping/patience", "0");
    row("csv", "/early_stopping/min_delta", "-1");
    row("csv", "/model/type", "\"CNN\"");
    row("csv", "/model/type", "\"Transformer\"");
    row("text", "/model", R"({"type": "MLP"})", "model.type");
    row("idx", "/model", R"({"type": "Transformer"})", "model.type");
    row("text", "/loss", "\"MSELoss\"");
    row("idx", "/loss", "\"L1Loss\"");
    row("csv", "/optimiser", "{}");
  }
  void valuesAreCheckedOneByOne() {
    QFETCH(QString, base);
    QFETCH(QString, pointer);
    QFETCH(QString, value);
    QFETCH(QString, key);
    (void)parsed(sample(base));  // valid but for the one key
    const auto error = errorOf(with(sample(base), pointer.toStdString(), json::parse(value.toStdString())));
    QCOMPARE(QString::fromStdString(error.subject()), key);
    QVERIFY2(error.kind() == ErrorKind::Invalid, error.what());
  }

  void whatIsMissingIsNamed_data() {
    QTest::addColumn<QString>("base");
    QTest::addColumn<QString>("key");
    for (const char* key : {"data", "model", "loss", "data.format", "data.path", "data.target", "model.type"})
      QTest::newRow(key) << "csv" << key;
    for (const char* key : {"data.images", "data.labels"}) QTest::newRow(key) << "idx" << key;
    QTest::newRow("text path") << "text"
                               << "data.path";
  }
  void whatIsMissingIsNamed() {
    QFETCH(QString, base);
    QFETCH(QString, key);
    auto spec = sample(base);
    const auto dot = key.indexOf('.');
    if (dot < 0)
      spec.erase(key.toStdString());
    else
      spec[key.left(dot).toStdString()].erase(key.mid(dot + 1).toStdString());
    const auto error = errorOf(spec);
    QCOMPARE(QString::fromStdString(error.subject()), key);
    QVERIFY(error.why().find("missing") != std::string::npos);
  }

  void typosAreAnsweredWithTheNearestKey_data() {
    QTest::addColumn<QString>("pointer");
    QTest::addColumn<QString>("advice");
    QTest::newRow("case") << "/lr_scheduler/T_Max"
                          << "lr_scheduler.T_max";
    QTest::newRow("hyphen") << "/training/batch-size"
                            << "training.batch_size";
    QTest::newRow("swap") << "/training/eopchs"
                          << "training.epochs";
    QTest::newRow("synonym") << "/optimizer/learning_rate"
                             << "optimizer.lr";
    QTest::newRow("british") << "/optimiser"
                             << "optimizer";
  }
  void typosAreAnsweredWithTheNearestKey() {
    QFETCH(QString, pointer);
    QFETCH(QString, advice);
    auto spec = csvSpec();
    if (pointer.startsWith("/lr_scheduler")) spec["lr_scheduler"]["type"] = "CosineAnnealingLR";
    const auto error = errorOf(with(spec, pointer.toStdString(), 0.25));
    QCOMPARE(QString::fromStdString(error.advice()), "did you mean " + advice + "?");
    QVERIFY2(error.why().find("0.25") != std::string::npos, error.what());  // the value is named too
  }

  void farWordsAreAnsweredWithTheList() {
    const auto error = errorOf(with(csvSpec(), "/training/colour", "red"));
    QVERIFY2(error.advice().find("batch_size") != std::string::npos, error.what());
  }
};

CAIRN_TEST(TestRunSpec, run_spec)
#include "tst_run_spec.moc"
