#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>

#include "support/test_registry.h"
#include "ui/support/form_driver.h"
#include "ui/dialogs/form_field.h"
#include "ui/dialogs/new_run_dialog.h"
#include "ui/theme.h"

using cairn::ui::NewRunDialog;
using namespace cairn::tests;

namespace {

constexpr int kEngineMs = 60'000;

}  // namespace

class NewRunDialogTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    cairn::ui::Theme::instance().setChoice(cairn::ui::Theme::Choice::Light);
    csv_ = folder_.filePath(QStringLiteral("flowers.csv")).toStdString();
    std::ofstream out(csv_);
    out << "width,\"length, cm\",kind\n";
    for (int i = 0; i < 30; ++i) out << i * 0.5 << ',' << 30 - i << ',' << (i % 3 == 0 ? "rose" : "daisy") << '\n';
  }

  void emptyFormSaysWhyItCannotStart() {
    NewRunDialog dialog(home(), nullptr);
    dialog.show();
    QVERIFY(!start(dialog)->isEnabled());
    QVERIFY(dialog.findChild<QLabel*>(QStringLiteral("problem"))->text().contains(QStringLiteral("File")));
    QVERIFY2(field(dialog, "data.path")->error().isEmpty(), "an empty field is not yet a mistake");
  }

  void itFitsASmallWindow() {
    QWidget window;
    window.resize(1000, 640);
    NewRunDialog dialog(home(), nullptr, &window);
    dialog.show();
    QVERIFY2(dialog.height() <= 620 && dialog.width() <= 1000, qPrintable(QStringLiteral("%1 x %2").arg(dialog.width()).arg(dialog.height())));
    const auto* button = start(dialog);
    QVERIFY(dialog.rect().contains(QRect(button->mapTo(&dialog, QPoint()), button->size())));
  }

  void zeroIsSaidAsAWord() {
    NewRunDialog dialog(home(), nullptr);
    dialog.show();
    type(dialog, "data.path", QString::fromStdString(csv_));
    const auto* every = qobject_cast<QLineEdit*>(field(dialog, "checkpoints.every_steps")->editor());
    QCOMPARE(every->text(), QStringLiteral("off"));
    QCOMPARE(dialog.spec().checkpoints.everySteps, std::int64_t{0});
    type(dialog, "checkpoints.every_steps", QStringLiteral("50"));
    QCOMPARE(dialog.spec().checkpoints.everySteps, std::int64_t{50});
    type(dialog, "checkpoints.every_steps", QStringLiteral("Off"));
    type(dialog, "checkpoints.keep_last", QStringLiteral("all"));
    QCOMPARE(dialog.spec().checkpoints.everySteps, std::int64_t{0});
    QCOMPARE(dialog.spec().checkpoints.keepLast, std::int64_t{0});
  }

  void fillingInMakesTheSpec() {
    NewRunDialog dialog(home(), nullptr);
    dialog.show();
    auto* name = dialog.findChild<QLineEdit*>(QStringLiteral("name"));
    QTest::keyClicks(name, QStringLiteral("flowers, wide"));
    type(dialog, "data.path", QString::fromStdString(csv_));
    auto* columns = qobject_cast<QComboBox*>(field(dialog, "data.target")->editor());
    QCOMPARE(columns->count(), 3);
    QCOMPARE(columns->itemText(1), QStringLiteral("length, cm"));
    QCOMPARE(columns->currentText(), QStringLiteral("kind"));  // the last column is the likely one
    type(dialog, "data.target", QStringLiteral("kind"));
    type(dialog, "data.validation_fraction", QStringLiteral("0.25"));
    showSection(dialog, 1);
    type(dialog, "model.hidden", QStringLiteral("32, 16"));
    choose(dialog, "model.activation", QStringLiteral("Tanh"));
    showSection(dialog, 2);
    choose(dialog, "optimizer.type", QStringLiteral("SGD"));
    type(dialog, "optimizer.lr", QStringLiteral("5e-3"));
    type(dialog, "optimizer.momentum", QStringLiteral("0.9"));
    choose(dialog, "lr_scheduler.type", QStringLiteral("CosineAnnealingLR"));
    choose(dialog, "~limit", QStringLiteral("Steps"));
    type(dialog, "training.steps", QStringLiteral("500"));
    type(dialog, "training.threads", QStringLiteral("1"));
    showSection(dialog, 3);
    type(dialog, "checkpoints.keep_last", QStringLiteral("3"));
    choose(dialog, "checkpoints.monitor", QStringLiteral("Validation accuracy"));
    auto* early = field(dialog, "~early_stopping")->editor();
    early->setFocus();
    QTest::keyClick(early, Qt::Key_Space);
    type(dialog, "early_stopping.patience", QStringLiteral("4"));
    QVERIFY(start(dialog)->isEnabled());

    const nlohmann::json expected = {
        {"name", "flowers, wide"},
        {"data", {{"format", "csv"}, {"path", csv_}, {"target", "kind"}, {"validation_fraction", 0.25}}},
        {"model", {{"type", "MLP"}, {"hidden", {32, 16}}, {"activation", "Tanh"}}},
        {"loss", "CrossEntropyLoss"},
        {"optimizer", {{"type", "SGD"}, {"lr", 0.005}, {"momentum", 0.9}}},
        {"lr_scheduler", {{"type", "CosineAnnealingLR"}}},
        {"training", {{"steps", 500}, {"threads", 1}}},
        {"checkpoints", {{"keep_last", 3}, {"monitor", "val/accuracy"}}},
        {"early_stopping", {{"patience", 4}}}};
    const auto differences = cairn::core::differences(cairn::core::parseRunSpec(expected, "/"), dialog.spec());
    for (const auto& difference : differences)
      qWarning("%s: wanted %s, got %s", difference.key.c_str(), difference.before.c_str(), difference.after.c_str());
    QVERIFY(differences.empty());
  }

  void startingFromAnExampleIsThatExample() {
    NewRunDialog dialog(home(), nullptr);
    dialog.show();
    auto* examples = dialog.findChild<QComboBox*>(QStringLiteral("startFrom"));
    examples->setFocus();
    for (int i = 0; i < examples->count() && examples->currentData() != QStringLiteral("digits"); ++i)
      QTest::keyClick(examples, Qt::Key_Down);
    QCOMPARE(examples->currentText(), QStringLiteral("Handwritten digits"));
    // Its data is a copy in the home, which stays where it is when the program moves.
    const auto copied = cairn::core::readRunSpec(home().root() / "examples" / "digits.json");
    QVERIFY(cairn::core::differences(copied, dialog.spec()).empty());
    QVERIFY(std::filesystem::exists(home().root() / "examples" / "digits.csv"));
  }

  void fillingInTheDigitsIsTheExample() {
    NewRunDialog dialog(home(), nullptr);
    dialog.show();
    QTest::keyClicks(dialog.findChild<QLineEdit*>(QStringLiteral("name")), QStringLiteral("digits"));
    type(dialog, "data.path", QStringLiteral(CAIRN_SOURCE_DIR "/resources/examples/digits.csv"));
    type(dialog, "data.target", QStringLiteral("digit"));
    showSection(dialog, 1);
    type(dialog, "model.hidden", QStringLiteral("64, 64"));
    type(dialog, "model.dropout", QStringLiteral("0.1"));
    showSection(dialog, 2);
    type(dialog, "training.epochs", QStringLiteral("40"));
    choose(dialog, "lr_scheduler.type", QStringLiteral("CosineAnnealingLR"));
    type(dialog, "lr_scheduler.T_max", QStringLiteral("40"));
    type(dialog, "training.seed", QStringLiteral("7"));
    const auto example = cairn::core::readRunSpec(CAIRN_SOURCE_DIR "/resources/examples/digits.json");
    const auto differences = cairn::core::differences(example, dialog.spec());
    for (const auto& difference : differences)
      qWarning("%s: wanted %s, got %s", difference.key.c_str(), difference.before.c_str(), difference.after.c_str());
    QVERIFY(differences.empty());
  }

  void choosingTheImagesFindsTheirKin() {
    const std::string names[] = {"train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"};
    for (const auto& name : names) std::ofstream(folder_.filePath(QString::fromStdString(name)).toStdString()) << "x";
    NewRunDialog dialog(home(), nullptr);
    dialog.show();
    choose(dialog, "data.format", QStringLiteral("IDX images"));
    type(dialog, "data.images", folder_.filePath(QStringLiteral("train-images-idx3-ubyte.gz")));
    QCOMPARE(valueOf(dialog, "data.labels"), folder_.filePath(QString::fromStdString(names[1])));
    QCOMPARE(valueOf(dialog, "data.validation_images"), folder_.filePath(QString::fromStdString(names[2])));
    QCOMPARE(valueOf(dialog, "data.validation_labels"), folder_.filePath(QString::fromStdString(names[3])));
  }

  void whatThePersonChoseBesideTheImagesStays() {
    NewRunDialog dialog(home(), nullptr);
    dialog.show();
    choose(dialog, "data.format", QStringLiteral("IDX images"));
    type(dialog, "data.labels", QString::fromStdString(csv_));
    type(dialog, "data.images", folder_.filePath(QStringLiteral("train-images-idx3-ubyte.gz")));
    QCOMPARE(valueOf(dialog, "data.labels"), QString::fromStdString(csv_));
  }

  void aSpecComesBackUnchanged() {
    for (const char* text : {
             R"({"name": "i", "data": {"format": "idx", "images": "/i", "labels": "/l", "validation_images": "/vi", "validation_labels": "/vl"},
                 "model": {"type": "CNN", "channels": [4, 8], "hidden": 0, "batch_norm": false}, "loss": "CrossEntropyLoss",
                 "lr_scheduler": {"type": "StepLR", "step_size": 3, "warmup_steps": 7}})",
             R"({"name": "t", "data": {"format": "text", "path": "/t", "block_size": 32, "validation_fraction": 0.1}, "model": {"type": "Transformer", "width": 32},
                 "loss": "CrossEntropyLoss", "optimizer": {"type": "Adam", "amsgrad": true, "betas": [0.8, 0.99]},
                 "lr_scheduler": {"type": "ReduceLROnPlateau", "threshold_mode": "abs", "mode": "max"}})",
             R"({"name": "r", "data": {"format": "csv", "path": "/c", "target": ["a", "b"], "task": "regression", "shuffle": false, "normalize": false},
                 "model": {"type": "MLP", "hidden": []}, "loss": "L1Loss", "training": {"epochs": 3, "seed": 5, "device": "cpu"}})"}) {
      const auto spec = cairn::core::parseRunSpec(nlohmann::json::parse(text), "/");
      NewRunDialog dialog(home(), &spec);
      dialog.show();
      const auto differences = cairn::core::differences(spec, dialog.spec());
      for (const auto& difference : differences)
        qWarning("%s: wanted %s, got %s", difference.key.c_str(), difference.before.c_str(), difference.after.c_str());
      QVERIFY(differences.empty());
    }
  }

  void wrongLrStandsBesideItsField() {
    const auto spec = smallSpec();
    NewRunDialog dialog(home(), &spec);
    dialog.show();
    QVERIFY(start(dialog)->isEnabled());
    showSection(dialog, 2);
    type(dialog, "optimizer.lr", QStringLiteral("-1"));
    QVERIFY(!field(dialog, "optimizer.lr")->error().isEmpty());
    QVERIFY(!start(dialog)->isEnabled());
    QVERIFY(dialog.findChild<QLabel*>(QStringLiteral("problem"))->text().contains(QStringLiteral("Learning rate")));
    type(dialog, "optimizer.lr", QStringLiteral("fast"));
    QVERIFY(field(dialog, "optimizer.lr")->error().contains(QStringLiteral("fast")));
    type(dialog, "optimizer.lr", QStringLiteral("0.01"));
    QVERIFY(field(dialog, "optimizer.lr")->error().isEmpty());
    QVERIFY(start(dialog)->isEnabled());
  }

  void previewShowsRowsAndLayers() {
    const auto spec = smallSpec();
    NewRunDialog dialog(home(), &spec);
    dialog.show();
    auto* rows = dialog.findChild<QTableWidget*>(QStringLiteral("previewRows"));
    QTRY_VERIFY_WITH_TIMEOUT(rows->rowCount() > 0, kEngineMs);
    QCOMPARE(rows->horizontalHeaderItem(0)->text(), QStringLiteral("kind"));
    QCOMPARE(rows->item(0, 0)->text(), QStringLiteral("rose"));
    QCOMPARE(rows->item(1, 1)->text(), QStringLiteral("0.5"));
    auto* layers = dialog.findChild<QTableWidget*>(QStringLiteral("layers"));
    QTRY_VERIFY_WITH_TIMEOUT(layers->rowCount() > 0, kEngineMs);
    showSection(dialog, 1);
    QTRY_VERIFY(layers->isVisible());
    QVERIFY(dialog.findChild<QLabel*>(QStringLiteral("facts"))->text().contains(QStringLiteral("parameters")));
  }

  void aWrongCellIsToldByLineAndColumn() {
    const auto path = folder_.filePath(QStringLiteral("sensors.csv"));
    std::ofstream(path.toStdString()) << "press,flow,kind\n1,2,a\nn/a,2,b\n";
    NewRunDialog dialog(home(), nullptr);
    dialog.show();
    type(dialog, "data.path", path);
    const auto sentence = QStringLiteral("ine 3, column \"press\": \"n/a\" is not a number");
    QTRY_VERIFY_WITH_TIMEOUT(field(dialog, "data.path")->error().startsWith(QStringLiteral("L") + sentence), kEngineMs);
    const auto* hint = dialog.findChild<QLabel*>(QStringLiteral("hint"));
    QTRY_VERIFY(hint->text().startsWith(QStringLiteral("sensors.csv, l") + sentence));
    const auto footer = dialog.findChild<QLabel*>(QStringLiteral("problem"))->text();
    QVERIFY2(footer.contains(QStringLiteral("File: ")) && !footer.contains(QStringLiteral("n/a")), qPrintable(footer));
    QVERIFY(!start(dialog)->isEnabled());
  }

  void aMissingFileIsToldAtItsFieldAtOnce() {
    NewRunDialog dialog(home(), nullptr);
    dialog.show();
    type(dialog, "data.path", QString::fromStdString(csv_ + ".gone"));
    QCOMPARE(field(dialog, "data.path")->error(), QStringLiteral("There is no such file"));
    const auto* footer = dialog.findChild<QLabel*>(QStringLiteral("problem"));
    QVERIFY2(footer->text().contains(QStringLiteral("File: there is no such file")), qPrintable(footer->text()));
    type(dialog, "data.path", QString::fromStdString(csv_));
    QCOMPARE(field(dialog, "data.path")->error(), QString());
    QVERIFY(start(dialog)->isEnabled());
    type(dialog, "data.validation_fraction", QStringLiteral("half"));
    QVERIFY(!field(dialog, "data.validation_fraction")->error().contains(QStringLiteral("file")));
    choose(dialog, "~validation", QStringLiteral("Data of their own"));
    type(dialog, "data.validation_path", QString::fromStdString(csv_ + ".gone"));
    QCOMPARE(field(dialog, "data.validation_path")->error(), QStringLiteral("There is no such file"));
  }

  /// It may have been put there since: what the reader finds counts.
  void aFileThatCameLaterIsRead() {
    const auto path = folder_.filePath(QStringLiteral("late.csv"));
    auto spec = smallSpec();
    std::get<cairn::core::CsvData>(spec.data.source).path = path.toStdString();
    NewRunDialog dialog(home(), &spec);
    dialog.show();
    QVERIFY(!start(dialog)->isEnabled());
    std::filesystem::copy_file(csv_, path.toStdString());
    QTRY_VERIFY_WITH_TIMEOUT(start(dialog)->isEnabled(), kEngineMs);
  }

  void unreadableDataIsToldAtThePath() {
    auto spec = smallSpec();
    std::get<cairn::core::CsvData>(spec.data.source).path = csv_ + ".gone";
    NewRunDialog dialog(home(), &spec);
    dialog.show();
    QTRY_VERIFY_WITH_TIMEOUT(!field(dialog, "data.path")->error().isEmpty(), kEngineMs);
    QVERIFY(!start(dialog)->isEnabled());
    type(dialog, "data.path", QString::fromStdString(csv_));
    QTRY_VERIFY_WITH_TIMEOUT(start(dialog)->isEnabled(), kEngineMs);
  }

 private:
  cairn::storage::Home home() const { return cairn::storage::Home(folder_.filePath(QStringLiteral("home")).toStdString()); }
  static QString valueOf(QWidget& dialog, const char* key) {
    const auto* shown = field(dialog, key);
    return shown ? QString::fromStdString(shown->value().get<std::string>()) : QStringLiteral("(not shown)");
  }
  static QPushButton* start(QWidget& dialog) { return dialog.findChild<QPushButton*>(QStringLiteral("start")); }

  cairn::core::RunSpec smallSpec() const {
    return cairn::core::parseRunSpec({{"name", "flowers"},
                                      {"data", {{"format", "csv"}, {"path", csv_}, {"target", "kind"}, {"validation_fraction", 0.2}}},
                                      {"model", {{"type", "MLP"}, {"hidden", {8}}}},
                                      {"loss", "CrossEntropyLoss"}},
                                     "/");
  }

  QTemporaryDir folder_;
  std::string csv_;
};


CAIRN_TEST(NewRunDialogTest, new_run_dialog)
#include "tst_new_run_dialog.moc"
