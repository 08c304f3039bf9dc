// Importing in the window: a file and settings chosen by keys and clicks, what would happen shown before anything does,
// and the paused run selected afterwards.
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QTableView>

#include "storage/checkpoint_files.h"
#include "support/form_driver.h"
#include "support/picture.h"
#include "support/test_registry.h"
#include "support/torch_files.h"
#include "support/window_fixture.h"
#include "training/export.h"
#include "ui/app/run_commands.h"
#include "ui/app/training_controller.h"
#include "ui/dialogs/import_dialog.h"
#include "ui/dialogs/import_rows_model.h"
#include "ui/dialogs/inspect_dialog.h"
#include "ui/dialogs/new_run_dialog.h"
#include "ui/panels/banner.h"
#include "ui/theme.h"

using namespace cairn;
using namespace cairn::tests;

namespace {
constexpr int kPatience = 30'000;  // milliseconds; the engine is loaded on the way
}

class ImportDialogTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    ui::Theme::instance().setChoice(ui::Theme::Choice::Light);
    fixture_ = std::make_unique<WindowFixture>();
    fixture_->open();
    QTRY_VERIFY(fixture_->window->client().loaded());
  }
  void cleanup() { fixture_.reset(); }

  void whatWouldHappenIsShownBeforeItDoes() {
    saveTree(path("theirs.pth"), tutorialCheckpoint());
    const auto spec = writeLineSpec(fixture_->folder.path());
    QTest::keyClick(fixture_->window.get(), Qt::Key_O, Qt::ControlModifier);
    QTRY_VERIFY(dialog());
    picture(*dialog(), QStringLiteral("import-empty"));
    QVERIFY(!importButton()->isEnabled());
    QTest::keyClicks(line("importFile"), path("theirs.pth"));
    QTRY_VERIFY(headline().startsWith(QStringLiteral("Choose the settings")));
    chooseKind(QStringLiteral("A spec file"));
    QTest::keyClicks(line("specFile"), spec);
    QTRY_VERIFY_WITH_TIMEOUT(importButton()->isEnabled(), kPatience);
    QCOMPARE(headline(), QStringLiteral("All 2 tensors fit, by order and shape; the file's names are kept."));
    QCOMPARE(cell(0, ui::ImportRowsModel::InFile), QStringLiteral("fc.weight"));
    QCOMPARE(cell(0, ui::ImportRowsModel::InModel), QStringLiteral("layers.0.weight"));
    QCOMPARE(cell(0, ui::ImportRowsModel::Match), QStringLiteral("by order and shape"));
    QVERIFY2(said().contains(QStringLiteral("epoch 3, step 6")) &&
                 said().contains(QStringLiteral("SGD, with the file's state")),
             qPrintable(said()));
    QVERIFY2(label("importNotes").contains(QStringLiteral("0.1 from the file (the spec says 0.5)")),
             qPrintable(label("importNotes")));
    look("import");
    QVERIFY(fixture_->snapshot()->runs.empty());

    replaceText(line("importName"), QStringLiteral("tutorial"));
    QTest::mouseClick(importButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!fixture_->snapshot()->runs.empty() && !dialog(), kPatience);
    const auto run = fixture_->snapshot()->runs[0];
    QCOMPARE(run.name, std::string("tutorial"));
    QCOMPARE(run.status, core::RunStatus::Paused);
    QCOMPARE(run.step, 6);
    QCOMPARE(fixture_->window->selection().run(), run.id);
    QCOMPARE(fixture_->window->selection().checkpoint(), fixture_->snapshot()->newestReady(run.id)->id);
    QVERIFY(fixture_->window->findChild<ui::Banner*>()->shows(QStringLiteral("imported")));
    goesOn(run.id);
  }

  void whatDoesNotFitIsSaidTensorByTensor() {
    saveTree(path("wide.pt"), tutorialCheckpoint(2));
    const auto spec = writeLineSpec(fixture_->folder.path());
    open(QStringLiteral("wide.pt"), spec);
    QTRY_VERIFY_WITH_TIMEOUT(label("importProblems").contains(QStringLiteral("fc.weight")), kPatience);
    QVERIFY(label("importProblems").contains(QStringLiteral("layers.0.weight")));
    QVERIFY(cell(0, ui::ImportRowsModel::Match).contains(QStringLiteral("no place in the model")));
    QVERIFY(!importButton()->isEnabled());
    look("import-misfit");
    QTest::keyClick(importButton(), Qt::Key_Return);
    saveTree(path("fits.pt"), tutorialCheckpoint());
    replaceText(line("importFile"), path("fits.pt"));
    QTRY_VERIFY_WITH_TIMEOUT(importButton()->isEnabled(), kPatience);
    QVERIFY(dialog()->findChild<QLabel*>(QStringLiteral("importProblems"))->isHidden());
    QVERIFY(fixture_->snapshot()->runs.empty());
  }

  void weightsAloneBeginAtStepZero() {
    saveTree(path("adam.pt"), tutorialCheckpoint());
    const auto spec = writeLineSpec(fixture_->folder.path(), R"({"type": "Adam"})");
    open(QStringLiteral("adam.pt"), spec);
    QTRY_VERIFY_WITH_TIMEOUT(label("importProblems").contains(QStringLiteral("import the weights alone")), kPatience);
    auto* alone = dialog()->findChild<QCheckBox*>(QStringLiteral("weightsOnly"));
    QTest::mouseClick(alone, Qt::LeftButton, {}, QPoint(8, alone->height() / 2));
    QTRY_VERIFY_WITH_TIMEOUT(importButton()->isEnabled(), kPatience);
    QVERIFY2(
        said().contains(QStringLiteral("epoch 0, step 0")) && said().contains(QStringLiteral("Adam, starting afresh")),
        qPrintable(said()));
    QTest::keyClick(dialog(), Qt::Key_Return);  // Import is the default
    QTRY_VERIFY_WITH_TIMEOUT(!fixture_->snapshot()->runs.empty(), kPatience);
    QCOMPARE(fixture_->snapshot()->runs[0].step, 0);
  }

  void aCheckpointOfCairnBringsItsSettings() {
    fixture_->click(QStringLiteral("example_line"));
    QTRY_VERIFY_WITH_TIMEOUT(!fixture_->snapshot()->runs.empty() && !fixture_->window->controller().busy() &&
                                 fixture_->snapshot()->newestReady(fixture_->snapshot()->runs[0].id),
                             kPatience);
    const auto newest = *fixture_->snapshot()->newestReady(fixture_->snapshot()->runs[0].id);
    const auto state = storage::readCheckpoint(storage::FileSystem::posix(), newest);
    training::exportCheckpoint(*state, path("own.pt").toStdString());
    // Dropped: it can be looked into, and from there imported.
    QVERIFY(dropOn(*fixture_->window, {path("own.pt")}));
    QTRY_VERIFY(shownDialog<ui::InspectDialog>(*fixture_->window));
    auto* import =
        shownDialog<ui::InspectDialog>(*fixture_->window)->findChild<QAbstractButton*>(QStringLiteral("import"));
    QTRY_VERIFY(import->isVisible() && import->isEnabled());
    QTest::mouseClick(import, Qt::LeftButton);
    QTRY_VERIFY(dialog());
    QTRY_VERIFY_WITH_TIMEOUT(importButton()->isEnabled(), kPatience);
    QCOMPARE(dialog()->findChild<QComboBox*>(QStringLiteral("specKind"))->currentText(),
             QStringLiteral("The file itself"));
    look("import-own");
    // A run's settings do as well.
    chooseKind(QStringLiteral("A run"));
    QTRY_VERIFY_WITH_TIMEOUT(importButton()->isEnabled(), kPatience);
    QTest::mouseClick(importButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(fixture_->snapshot()->runs.size(), std::size_t{2}, kPatience);
    const auto* copy = fixture_->snapshot()->newestReady(fixture_->snapshot()->runs[1].id);
    QVERIFY(copy && copy->step == newest.step && copy->hash == newest.hash);
  }

  void settingsAreMadeInTheForm() {
    saveTree(path("bare.pt"), linearWeights());
    const auto spec = writeLineSpec(fixture_->folder.path());
    open(QStringLiteral("bare.pt"), spec);
    QTRY_VERIFY_WITH_TIMEOUT(importButton()->isEnabled(), kPatience);
    auto* edit = dialog()->findChild<QAbstractButton*>(QStringLiteral("editSpec"));
    QTest::mouseClick(edit, Qt::LeftButton);
    QTRY_VERIFY(shownDialog<ui::NewRunDialog>(*dialog()));
    auto* form = shownDialog<ui::NewRunDialog>(*dialog());
    showSection(*form, 2);
    type(*form, "optimizer.lr", QStringLiteral("0.25"));
    auto* use = form->findChild<QAbstractButton*>(QStringLiteral("start"));
    QTRY_VERIFY_WITH_TIMEOUT(use->isEnabled(), kPatience);
    QTest::mouseClick(use, Qt::LeftButton);
    QTRY_COMPARE(dialog()->findChild<QComboBox*>(QStringLiteral("specKind"))->currentText(),
                 QStringLiteral("New settings"));
    QTRY_VERIFY_WITH_TIMEOUT(importButton()->isEnabled() && said().contains(QStringLiteral("0.25")), kPatience);
  }

  void whatIsNoModelIsAnErrorInTheDialog() {
    writeText(path("letter.pt"), "Dear reader, this is no model at all");
    QTest::keyClick(fixture_->window.get(), Qt::Key_O, Qt::ControlModifier);
    QTRY_VERIFY(dialog());
    QVERIFY(dropOn(*dialog(), {path("letter.pt")}));
    QTRY_VERIFY2(headline().contains(QStringLiteral("letter.pt")) && headline().contains(QStringLiteral("no zip")),
                 qPrintable(headline()));
    QVERIFY(!importButton()->isEnabled());
    QTest::keyClick(dialog(), Qt::Key_Escape);
    QTRY_VERIFY(!dialog());
    QVERIFY(fixture_->snapshot()->runs.empty());
  }

  void aDroppedTableBecomesANewRun() {
    writeLineSpec(fixture_->folder.path());
    QVERIFY(!dropOn(*fixture_->window, {path("line.json")}));
    QVERIFY(dropOn(*fixture_->window, {path("line.csv")}));
    QTRY_VERIFY(shownDialog<ui::NewRunDialog>(*fixture_->window));
    auto* form = shownDialog<ui::NewRunDialog>(*fixture_->window);
    QCOMPARE(field(*form, "data.path")->value().get<std::string>(), path("line.csv").toStdString());
    QCOMPARE(field(*form, "data.target")->value().get<std::string>(), std::string("y"));
    QTRY_VERIFY_WITH_TIMEOUT(form->findChild<QAbstractButton*>(QStringLiteral("start"))->isEnabled(), kPatience);
  }

  void droppedTextsAndImagesBecomeNewRuns() {
    writeText(path("verses.txt"), QByteArray("Shall I compare thee to a summer's day?\n").repeated(20));
    QVERIFY(dropOn(*fixture_->window, {path("verses.txt")}));
    QTRY_VERIFY(shownDialog<ui::NewRunDialog>(*fixture_->window));
    auto* form = shownDialog<ui::NewRunDialog>(*fixture_->window);
    QCOMPARE(field(*form, "data.format")->value().get<std::string>(), std::string("text"));
    QTest::keyClick(form, Qt::Key_Escape);
    QTRY_VERIFY(!shownDialog<ui::NewRunDialog>(*fixture_->window));

    const QByteArray images("\x00\x00\x08\x03\x00\x00\x00\x02\x00\x00\x00\x08\x00\x00\x00\x08", 16);
    writeText(path("train-images-idx3-ubyte"), images + QByteArray(128, '\x10'));
    writeText(path("train-labels-idx1-ubyte"), QByteArray("\x00\x00\x08\x01\x00\x00\x00\x02\x00\x01", 10));
    QVERIFY(dropOn(*fixture_->window, {path("train-labels-idx1-ubyte"), path("train-images-idx3-ubyte")}));
    QTRY_VERIFY(shownDialog<ui::NewRunDialog>(*fixture_->window));
    form = shownDialog<ui::NewRunDialog>(*fixture_->window);
    QCOMPARE(field(*form, "data.images")->value().get<std::string>(), path("train-images-idx3-ubyte").toStdString());
    QCOMPARE(field(*form, "data.labels")->value().get<std::string>(), path("train-labels-idx1-ubyte").toStdString());
  }

 private:
  QString path(const char* name) const { return fixture_->folder.filePath(QString::fromLatin1(name)); }
  ui::ImportDialog* dialog() const { return shownDialog<ui::ImportDialog>(*fixture_->window); }
  QAbstractButton* importButton() const { return dialog()->findChild<QAbstractButton*>(QStringLiteral("importNow")); }
  QLineEdit* line(const char* name) const {
    auto* found = dialog()->findChild<QLineEdit*>(QString::fromLatin1(name));
    found->setFocus();
    return found;
  }
  QString label(const char* name) const { return dialog()->findChild<QLabel*>(QString::fromLatin1(name))->text(); }
  QString headline() const { return label("importHeadline"); }
  QString cell(int row, int column) const {
    const auto* model = dialog()->findChild<QTableView*>(QStringLiteral("importRows"))->model();
    return model->index(row, column).data().toString();
  }
  QString said() const {
    QStringList texts;
    for (const auto* one : dialog()->findChild<QWidget*>(QStringLiteral("importFacts"))->findChildren<QLabel*>())
      texts << one->text();
    return texts.join(QLatin1Char('|'));
  }
  void chooseKind(const QString& kind) {
    auto* kinds = dialog()->findChild<QComboBox*>(QStringLiteral("specKind"));
    kinds->setFocus();
    QTest::keyClick(kinds, Qt::Key_Home);
    for (int i = 0; i < kinds->count() && kinds->currentText() != kind; ++i) QTest::keyClick(kinds, Qt::Key_Down);
    QCOMPARE(kinds->currentText(), kind);
  }
  void open(const QString& file, const QString& spec) {
    QTest::keyClick(fixture_->window.get(), Qt::Key_O, Qt::ControlModifier);
    QTRY_VERIFY(dialog());
    QTest::keyClicks(line("importFile"), fixture_->folder.filePath(file));
    chooseKind(QStringLiteral("A spec file"));
    QTest::keyClicks(line("specFile"), spec);
  }
  /// The run trains its two epochs that are left.
  void goesOn(const std::string& run) {
    fixture_->window->commands().resume(run);
    QTRY_VERIFY_WITH_TIMEOUT(
        fixture_->snapshot()->run(run)->status == core::RunStatus::Completed && !fixture_->window->controller().busy(),
        kPatience);
    QCOMPARE(fixture_->snapshot()->run(run)->step, 10);
  }
  void look(const char* name) {
    picture(*dialog(), QString::fromLatin1(name));
    auto& theme = ui::Theme::instance();
    theme.setChoice(ui::Theme::Choice::Dark);
    picture(*dialog(), QString::fromLatin1(name) + QStringLiteral("-dark"));
    theme.setChoice(ui::Theme::Choice::Light);
  }

  std::unique_ptr<WindowFixture> fixture_;
};

CAIRN_TEST(ImportDialogTest, import_dialog)
#include "tst_import_dialog.moc"
