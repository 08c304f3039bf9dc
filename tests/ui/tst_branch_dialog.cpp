#include <QCheckBox>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QTest>

#include "support/test_registry.h"
#include "ui/dialogs/branch_dialog.h"
#include "ui/dialogs/train_longer_dialog.h"
#include "ui/support/form_driver.h"

using namespace cairn;
using namespace cairn::tests;

class BranchDialogTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    run_ = {};
    checkpoint_ = {};
    run_.id = checkpoint_.run = "0123456789abcdef";
    run_.name = "digits";
    run_.spec = core::readRunSpec(CAIRN_SOURCE_DIR "/resources/examples/digits.json");
    run_.epoch = *run_.spec.training.epochs;
    checkpoint_.step = 450;
    checkpoint_.epoch = 10;
  }

  void nothingChangedIsTheParentsSpec() {
    ui::BranchDialog dialog(checkpoint_, run_);
    dialog.show();
    QVERIFY(start(dialog)->isEnabled());
    const auto options = dialog.options();
    QCOMPARE(options.name, std::string("digits branch"));
    QVERIFY(!options.resetOptimizer);
    auto spec = *options.spec;
    spec.name = run_.spec.name;
    QVERIFY(core::differences(run_.spec, spec).empty());
    for (auto* field : dialog.findChildren<ui::FormField*>()) QVERIFY2(field->isHidden() || !field->isMarked(), field->key().c_str());
  }

  void itFitsASmallWindow() {
    QWidget window;
    window.resize(1000, 640);
    ui::BranchDialog dialog(checkpoint_, run_, &window);
    dialog.show();
    QVERIFY2(dialog.height() <= 620 && dialog.width() <= 1000, qPrintable(QStringLiteral("%1 x %2").arg(dialog.width()).arg(dialog.height())));
    const auto* button = start(dialog);
    QVERIFY(dialog.rect().contains(QRect(button->mapTo(&dialog, QPoint()), button->size())));
  }

  void aChangeIsMarkedAndNamesTheBranch() {
    ui::BranchDialog dialog(checkpoint_, run_);
    dialog.show();
    type(dialog, "optimizer.lr", QStringLiteral("0.0003"));
    QVERIFY(field(dialog, "optimizer.lr")->isMarked());
    QVERIFY(!field(dialog, "training.batch_size")->isMarked());
    QVERIFY(dialog.findChild<QLabel*>(QStringLiteral("changes"))->text().contains(QStringLiteral("0.0003")));
    QCOMPARE(dialog.options().name, std::string("lr 0.001 → 0.0003"));
    QCOMPARE(core::learningRate(dialog.options().spec->optimizer), 0.0003);
    type(dialog, "optimizer.lr", QStringLiteral("0.001"));
    QVERIFY(!field(dialog, "optimizer.lr")->isMarked());
  }

  void theModelsShapeIsLocked() {
    ui::BranchDialog dialog(checkpoint_, run_);
    dialog.show();
    for (const char* key : {"model.type", "model.hidden", "data.target"}) QVERIFY2(!field(dialog, key)->editor()->isEnabled(), key);
    for (const char* key : {"model.dropout", "data.path", "optimizer.type"}) QVERIFY2(field(dialog, key)->editor()->isEnabled(), key);
  }

  void anotherOptimizerStartsAfresh() {
    ui::BranchDialog dialog(checkpoint_, run_);
    dialog.show();
    auto* reset = dialog.findChild<QCheckBox*>(QStringLiteral("resetOptimizer"));
    choose(dialog, "optimizer.type", QStringLiteral("SGD"));
    QVERIFY(reset->isChecked() && !reset->isEnabled());
    QVERIFY(dialog.options().resetOptimizer);
    QCOMPARE(dialog.options().name, std::string("optimizer AdamW → SGD"));
    choose(dialog, "optimizer.type", QStringLiteral("AdamW"));
    QVERIFY(!reset->isChecked() && reset->isEnabled());
    QTest::keyClick(reset, Qt::Key_Space);
    QVERIFY(dialog.options().resetOptimizer);
  }

  void whatIsCarriedOverIsSaid() {
    checkpoint_.metrics["lr"] = 0.0008;
    ui::BranchDialog dialog(checkpoint_, run_);
    dialog.show();
    QCOMPARE(carried(dialog).count(QStringLiteral(">kept<")), 6);
    QVERIFY(carried(dialog).contains(QStringLiteral("goes on at 0.0008")));
    QVERIFY(dialog.findChild<QLabel*>(QStringLiteral("untouched"))->text().contains(QStringLiteral("digits itself is not touched")));
    type(dialog, "optimizer.lr", QStringLiteral("0.0003"));  // everything else goes on
    QCOMPARE(carried(dialog).count(QStringLiteral(">kept<")), 5);
    QVERIFY(carried(dialog).contains(QStringLiteral("0.0003 from the first step on")));
    type(dialog, "training.seed", QStringLiteral("99"));
    QVERIFY(carried(dialog).contains(QStringLiteral("another seed")));
    QCOMPARE(carried(dialog).count(QStringLiteral(">kept<")), 2);  // weights and optimizer: it draws another validation part
    QVERIFY(carried(dialog).contains(QStringLiteral("begin anew: measured on another validation part")));
  }

  void anAveragesOptimizerBeginsAfresh() {
    checkpoint_.kind = core::CheckpointKind::Averaged;
    ui::BranchDialog dialog(checkpoint_, run_);
    dialog.show();
    QVERIFY(carried(dialog).contains(QStringLiteral("an average has a fresh optimizer")));
  }

  void aScheduleIsSpokenOf() {
    run_.spec.lrScheduler = {.schedule = core::CosineAnnealingLR{}, .warmupSteps = 0};
    run_.spec.training.epochs = 20;
    ui::BranchDialog dialog(checkpoint_, run_);
    dialog.show();
    QVERIFY(!carried(dialog).contains(QStringLiteral("rises again")));
    type(dialog, "training.epochs", QStringLiteral("21"));
    QVERIFY(carried(dialog).contains(QStringLiteral("rises again")));
    type(dialog, "optimizer.lr", QStringLiteral("0.0003"));
    QVERIFY(carried(dialog).contains(QStringLiteral("0.0003 from the first step on, then the schedule goes on from it")));
    type(dialog, "training.epochs", QStringLiteral("20"));
    QVERIFY(!carried(dialog).contains(QStringLiteral("rises again")));
  }

  void anotherSplitBeginsTheEpochAndTheBestValueAnew() {
    ui::BranchDialog dialog(checkpoint_, run_);
    dialog.show();
    type(dialog, "data.validation_fraction", QStringLiteral("0.4"));
    QCOMPARE(carried(dialog).count(QStringLiteral(">kept<")), 4);
    QVERIFY(carried(dialog).contains(QStringLiteral("epoch 11 begins anew: other samples are trained on")));
    QVERIFY(carried(dialog).contains(QStringLiteral("measured on another validation part")));
  }

  void anotherOptimizerSettingOffersToStartAfresh() {
    ui::BranchDialog dialog(checkpoint_, run_);
    dialog.show();
    auto* reset = dialog.findChild<QCheckBox*>(QStringLiteral("resetOptimizer"));
    type(dialog, "optimizer.eps", QStringLiteral("1e-6"));
    QVERIFY(!reset->isChecked() && reset->isEnabled());
    QVERIFY(carried(dialog).contains(QStringLiteral("can begin afresh")));
    QTest::keyClick(reset, Qt::Key_Space);
    QVERIFY(carried(dialog).contains(QStringLiteral("begins afresh, as you asked")));
  }

  void otherDataAndBatchSizeSayWhatThatMeans() {
    ui::BranchDialog dialog(checkpoint_, run_);
    dialog.show();
    type(dialog, "training.batch_size", QStringLiteral("64"));
    QVERIFY(lineOf(dialog, "training.batch_size").contains(QStringLiteral("another number of steps")));
    QVERIFY(lineOf(dialog, "training.batch_size").contains(QStringLiteral("was ")));
    type(dialog, "data.path", QStringLiteral(CAIRN_SOURCE_DIR "/resources/examples/iris.csv"));
    QVERIFY(lineOf(dialog, "data.path").contains(QStringLiteral("do not compare")));
    QVERIFY(carried(dialog).contains(QStringLiteral("begins anew, if the data is other")));
    type(dialog, "data.validation_fraction", QStringLiteral("0.4"));
    QVERIFY(lineOf(dialog, "data.validation_fraction").contains(QStringLiteral("may have been trained on")));
    QVERIFY(lineOf(dialog, "model.hidden").contains(QStringLiteral("Locked")));  // and why
  }

  void aLimitBehindTheCheckpointIsRefused() {
    ui::BranchDialog dialog(checkpoint_, run_);
    dialog.show();
    QVERIFY(start(dialog)->isEnabled());
    type(dialog, "training.epochs", QStringLiteral("10"));
    QVERIFY(!start(dialog)->isEnabled());
    QVERIFY(dialog.findChild<QLabel*>(QStringLiteral("problem"))->text().contains(QStringLiteral("10 epochs behind it")));
    type(dialog, "training.epochs", QStringLiteral("11"));
    QVERIFY(start(dialog)->isEnabled());
  }

  void aWrongValueDisablesStart() {
    ui::BranchDialog dialog(checkpoint_, run_);
    dialog.show();
    type(dialog, "training.batch_size", QStringLiteral("0"));
    QVERIFY(!field(dialog, "training.batch_size")->error().isEmpty());
    QVERIFY(!start(dialog)->isEnabled());
  }

  void trainLongerSaysTheNewTotal() {
    run_.spec.training.epochs = 20;
    run_.spec.training.steps.reset();
    ui::TrainLongerDialog dialog(run_);
    dialog.show();
    auto* more = dialog.findChild<QSpinBox*>(QStringLiteral("more"));
    replaceText(more->findChild<QLineEdit*>(), QStringLiteral("7"));
    QVERIFY(dialog.findChild<QLabel*>(QStringLiteral("total"))->text().startsWith(QStringLiteral("27 epochs")));
    QCOMPARE(dialog.options().epochs, std::optional<std::int64_t>(27));
    QVERIFY(!dialog.options().steps);
  }

  void aNumberTypedAtOnceReplacesTheProposedOne() {
    run_.spec.training.epochs = 20;
    run_.spec.training.steps.reset();
    ui::TrainLongerDialog dialog(run_);
    dialog.show();
    QVERIFY(QTest::qWaitForWindowActive(&dialog));
    QVERIFY(dialog.focusWidget());
    QTest::keyClicks(dialog.focusWidget(), QStringLiteral("7"));
    QCOMPARE(dialog.options().epochs, std::optional<std::int64_t>(27));
  }

 private:
  static QString carried(QWidget& dialog) { return dialog.findChild<QLabel*>(QStringLiteral("carried"))->text(); }
  /// What stands below a field.
  static QString lineOf(QWidget& dialog, const char* key) {
    QStringList lines;
    for (auto* label : field(dialog, key)->findChildren<QLabel*>()) lines << label->text();
    return lines.join(QLatin1Char(' '));
  }
  static QPushButton* start(QWidget& dialog) { return dialog.findChild<QPushButton*>(QStringLiteral("start")); }

  core::RunRecord run_;
  core::CheckpointRecord checkpoint_;
};

CAIRN_TEST(BranchDialogTest, branch_dialog)
#include "tst_branch_dialog.moc"
