// Curation as a person does it: delete and undo, the trash, cleaning up, colours and hidden runs.
#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>
#include <QTreeView>
#include <QTreeWidget>

#include "support/home_samples.h"
#include "support/menu_driver.h"
#include "support/test_registry.h"
#include "support/timeline_driver.h"
#include "support/window_fixture.h"
#include "ui/chart/chart_panel.h"
#include "ui/dialogs/clean_up_dialog.h"
#include "ui/dialogs/trash_dialog.h"
#include "ui/dialogs/trash_model.h"
#include "ui/run_colors.h"
#include "ui/theme.h"

using namespace cairn;
using namespace cairn::tests;
using core::CheckpointState;

class CurationTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    if (qEnvironmentVariableIsSet("CAIRN_PICTURES")) {
      ui::Theme::instance().setChoice(qEnvironmentVariable("CAIRN_THEME") == QStringLiteral("dark") ? ui::Theme::Choice::Dark
                                                                                                    : ui::Theme::Choice::Light);
    }
    f_ = std::make_unique<WindowFixture>();
    HomeSamples samples(f_->home());
    lone_ = samples.addRun({.name = "lone"});
    loneCheckpoint_ = samples.addCheckpoint(lone_, 900, {.bytes = 5000});
    run_ = samples.addRun({.name = "digits"});
    for (int step = 100; step <= 1000; step += 100) ids_[step] = samples.addCheckpoint(run_, step, {.valLoss = step == 300 ? 0.1 : 0.5});
    samples.catalog.setPinned(ids_[200], true);
    branch_ = samples.addRun({.name = "branch", .step = 1500, .parentCheckpoint = ids_[400]});
    samples.addCheckpoint(branch_, 1200);
  }
  void cleanup() {
    closeMenu();
    f_.reset();
  }

  void deletedAndUndone() {
    open(run_);
    const auto path = QString::fromStdString(f_->snapshot()->checkpoint(ids_[600])->path);
    select(600);
    press(Qt::Key_Delete);
    QTRY_COMPARE(stateOf(600), CheckpointState::Deleted);
    QVERIFY(!QFile::exists(path));
    QTRY_VERIFY(!placed(timeline(), ids_[600]));  // it left the timeline
    QTRY_VERIFY(space().contains(QStringLiteral("trash 1.0 kB")));
    f_->click(QStringLiteral("bannerUndo"));
    QTRY_COMPARE(stateOf(600), CheckpointState::Ready);
    QVERIFY(QFile::exists(path));
    QTRY_VERIFY(!space().contains(QStringLiteral("trash")));
    QVERIFY(!f_->find(QStringLiteral("bannerUndo")) || !f_->find(QStringLiteral("bannerUndo"))->isVisible());
  }

  void controlZUndoesTheNewest() {
    open(run_);
    for (const int step : {600, 700}) {
      select(step);
      press(Qt::Key_Delete);
      QTRY_COMPARE(stateOf(step), CheckpointState::Deleted);
      QTRY_VERIFY(f_->find(QStringLiteral("bannerUndo")));
    }
    QTRY_VERIFY(f_->window->findChildren<QPushButton*>(QStringLiteral("bannerUndo")).size() >= 2);
    press(Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE(stateOf(700), CheckpointState::Ready);
    QCOMPARE(stateOf(600), CheckpointState::Deleted);
    press(Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE(stateOf(600), CheckpointState::Ready);
  }

  void theLastGoodOneIsAskedAbout() {
    open(lone_);
    f_->window->selection().selectCheckpoint(lone_, loneCheckpoint_);
    press(Qt::Key_Delete);
    QTRY_VERIFY(f_->find<QMessageBox>(QStringLiteral("lastGoodQuestion")));
    QVERIFY(f_->find<QMessageBox>(QStringLiteral("lastGoodQuestion"))->text().contains(QStringLiteral("last good checkpoint of lone")));
    f_->click(QStringLiteral("keepLastGood"));
    QTRY_VERIFY(!f_->find<QMessageBox>(QStringLiteral("lastGoodQuestion")));
    QCOMPARE(f_->snapshot()->checkpoint(loneCheckpoint_)->state, CheckpointState::Ready);
    press(Qt::Key_Delete);
    QTRY_VERIFY(f_->find<QMessageBox>(QStringLiteral("lastGoodQuestion")));
    f_->click(QStringLiteral("trashLastGood"));
    QTRY_COMPARE(f_->snapshot()->checkpoint(loneCheckpoint_)->state, CheckpointState::Deleted);
    QTRY_VERIFY(f_->find(QStringLiteral("bannerUndo")));
  }

  void aBranchsParentStays() {
    open(run_);
    select(400);
    QVERIFY(!f_->window->findChild<ui::CleanUpDialog*>());
    const auto* menu = openOn(timeline(), pointOf(*placed(timeline(), ids_[400])));
    QVERIFY(!action(menu, "Move to trash")->isEnabled());
    QVERIFY(action(menu, "Move to trash")->toolTip().contains(QStringLiteral("branch")));
  }

  void theTrashShowsRestoresAndEmpties() {
    open(run_);
    for (const int step : {500, 600, 700}) remove(step);
    trigger("&Trash…");
    auto* dialog = f_->find<ui::TrashDialog>(QStringLiteral("trashDialog"));
    QVERIFY(dialog);
    auto* table = dialog->findChild<QTreeView*>(QStringLiteral("trashTable"));
    QTRY_COMPARE(table->model()->rowCount(), 3);
    auto* headline = dialog->findChild<QLabel*>(QStringLiteral("trashHeadline"));
    QVERIFY2(headline->text().contains(QStringLiteral("3 checkpoints, 3.0 kB")), qPrintable(headline->text()));
    grab(*dialog, "trash");
    const auto row = rowOf(*table, QStringLiteral("600"));
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(row).center());
    f_->click(QStringLiteral("restoreFromTrash"));
    QTRY_COMPARE(stateOf(600), CheckpointState::Ready);
    QTRY_COMPARE(table->model()->rowCount(), 2);

    f_->click(QStringLiteral("emptyTrash"));
    QTRY_VERIFY(f_->find<QMessageBox>(QStringLiteral("emptyQuestion")));
    QVERIFY(f_->find<QMessageBox>(QStringLiteral("emptyQuestion"))->informativeText().contains(QStringLiteral("2.0 kB")));
    f_->click(QStringLiteral("removeForGood"));
    QTRY_COMPARE(table->model()->rowCount(), 0);
    QTRY_VERIFY(headline->text().contains(QStringLiteral("The trash is empty")));
    QVERIFY(!f_->find<QPushButton>(QStringLiteral("emptyTrash"))->isEnabled());
    QVERIFY(QDir(QString::fromStdString(f_->home().trash().string())).isEmpty());
  }

  void theTrashsModelIsAModel() {
    ui::TrashModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setRows({{{"c1", "/x/c1.pt", 1000, "2026-11-20T10:00:00.000Z"}, "digits", 1200},
                   {{"c2", "/x/c2.pt", 500, "2026-11-21T10:00:00.000Z"}, "other", 7}});
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.totalBytes(), std::int64_t{1500});
    QCOMPARE(model.index(0, ui::TrashModel::StepColumn).data().toString(), QStringLiteral("1,200"));
    const auto now = QDateTime::currentDateTimeUtc();
    QCOMPARE(ui::leavesIn(now.toString(Qt::ISODateWithMs).toStdString()), QStringLiteral("in 7 days"));
    QCOMPARE(ui::leavesIn(now.addDays(-6).addSecs(-60).toString(Qt::ISODateWithMs).toStdString()), QStringLiteral("within a day"));
    model.setRows({});
    QCOMPARE(model.rowCount(), 0);
  }

  void cleaningUpShowsFirstWhatItWouldRemove() {
    open(run_);
    trigger("&Clean up…");
    auto* dialog = f_->find<ui::CleanUpDialog>(QStringLiteral("cleanUpDialog"));
    QVERIFY(dialog);
    auto* headline = dialog->findChild<QLabel*>(QStringLiteral("cleanUpHeadline"));
    auto* remove = dialog->findChild<QPushButton*>(QStringLiteral("removeCheckpoints"));
    auto* last = dialog->findChild<QSpinBox*>(QStringLiteral("keepLast"));
    // Of digits' ten: the last five, the best (300), the pinned (200) and the branch's parent (400) stay.
    QTRY_VERIFY2(headline->text().contains(QStringLiteral("2.0 kB")), qPrintable(headline->text()));
    QVERIFY(headline->text().contains(QStringLiteral("<b>2</b> of 12 checkpoints")));
    last->setFocus();
    last->selectAll();
    QTest::keyClicks(last, "2");
    QTRY_VERIFY(headline->text().contains(QStringLiteral("<b>5</b> of 12")));
    QTRY_VERIFY(remove->isEnabled());
    grab(*dialog, "clean-up");
    auto* list = dialog->findChild<QTreeWidget*>(QStringLiteral("cleanUpList"));
    QCOMPARE(list->topLevelItem(0)->text(0), QStringLiteral("digits"));
    QCOMPARE(list->topLevelItem(0)->childCount(), 5);
    for (const int step : {100, 500, 600, 700, 800}) QCOMPARE(stateOf(step), CheckpointState::Ready);
    QTest::mouseClick(remove, Qt::LeftButton, {}, remove->rect().center());
    QTRY_VERIFY2(headline->text().contains(QStringLiteral("5.0 kB are free again")), qPrintable(headline->text()));
    QTRY_COMPARE(stateOf(800), CheckpointState::Pruned);
    for (const int step : {100, 500, 600, 700}) QCOMPARE(stateOf(step), CheckpointState::Pruned);
    for (const int step : {200, 300, 400, 900, 1000}) QCOMPARE(stateOf(step), CheckpointState::Ready);
    QVERIFY(!QFile::exists(QString::fromStdString(f_->snapshot()->checkpoint(ids_[800])->path)));
    QTRY_VERIFY(placed(timeline(), ids_[800]));  // a hollow mark stays
  }

  void cleaningUpOneRunBeginsWithItsPolicy() {
    open(lone_);
    const auto* menu = openOn(*f_->find<QTreeView>(QStringLiteral("runTree"))->viewport(), rowPoint(QStringLiteral("lone")));
    QVERIFY(action(menu, "Clean up its checkpoints…"));
    action(menu, "Clean up its checkpoints…")->trigger();
    auto* dialog = f_->find<ui::CleanUpDialog>(QStringLiteral("cleanUpDialog"));
    QVERIFY(dialog);
    QCOMPARE(dialog->findChild<QComboBox*>(QStringLiteral("cleanUpScope"))->currentText(), QStringLiteral("lone"));
    auto* headline = dialog->findChild<QLabel*>(QStringLiteral("cleanUpHeadline"));
    QTRY_VERIFY(headline->text().contains(QStringLiteral("Nothing would be removed")));
    QVERIFY(!dialog->findChild<QPushButton*>(QStringLiteral("removeCheckpoints"))->isEnabled());
  }

  void aRunIsRenamed() {
    open(run_);
    auto* menu = openOn(*f_->find<QTreeView>(QStringLiteral("runTree"))->viewport(), rowPoint(QStringLiteral("digits")));
    chooseFrom(menu, action(menu, "Rename…"));
    QTRY_VERIFY(f_->window->findChild<QInputDialog*>());
    auto* line = f_->window->findChild<QInputDialog*>()->findChild<QLineEdit*>();
    line->selectAll();
    QTest::keyClicks(line, "digits, best");
    QTest::keyClick(line, Qt::Key_Return);
    QTRY_COMPARE(f_->snapshot()->run(run_)->name, std::string("digits, best"));
  }

  void aDoubleClickOnTheNameRenamesInPlace() {
    open(run_);
    auto* tree = f_->find<QTreeView>(QStringLiteral("runTree"));
    QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, rowPoint(QStringLiteral("digits")));
    QTest::mouseDClick(tree->viewport(), Qt::LeftButton, {}, rowPoint(QStringLiteral("digits")));
    auto* line = tree->findChild<QLineEdit*>();
    QVERIFY(line && line->isVisible());
    QCOMPARE(line->text(), QStringLiteral("digits"));
    grab(*f_->window, "rename");
    line->selectAll();
    QTest::keyClicks(line, QStringLiteral("by hand"));
    f_->window->client().refresh();  // what changes meanwhile takes nothing away of what is typed
    QTest::qWait(300);
    QCOMPARE(line->text(), QStringLiteral("by hand"));
    QTest::keyClick(line, Qt::Key_Return);
    QTRY_COMPARE(f_->snapshot()->run(run_)->name, std::string("by hand"));
    QVERIFY(rowOf(*tree, QStringLiteral("by hand")).data(Qt::ToolTipRole).toString().contains(QStringLiteral("F2")));
    tree->setFocus();
    QTest::keyClick(tree, Qt::Key_F2);
    line = tree->findChild<QLineEdit*>();
    QVERIFY(line && line->isVisible());
    QTest::keyClick(line, Qt::Key_Escape);
    QCOMPARE(f_->snapshot()->run(run_)->name, std::string("by hand"));
  }

  void aRunIsDeletedAndUndone() {
    open(run_);
    f_->window->selection().setCompared({ids_[600], ids_[700]});
    const auto path = QString::fromStdString(f_->snapshot()->checkpoint(ids_[600])->path);
    const auto parentsPath = QString::fromStdString(f_->snapshot()->checkpoint(ids_[400])->path);
    auto* tree = f_->find<QTreeView>(QStringLiteral("runTree"));
    auto* menu = openOn(*tree->viewport(), rowPoint(QStringLiteral("digits")));
    const auto* verb = action(menu, "Delete the run");
    QVERIFY(verb && verb->isEnabled());
    chooseFrom(menu, verb);
    QTRY_VERIFY(!f_->snapshot()->run(run_));
    QVERIFY(!QFile::exists(path));
    QVERIFY(QFile::exists(parentsPath));  // the branch begins from it
    QVERIFY(!rowOf(*tree, QStringLiteral("digits")).isValid());
    QVERIFY(rowOf(*tree, QStringLiteral("branch")).isValid());
    QCOMPARE(f_->window->selection().run(), branch_);
    QVERIFY(f_->window->selection().compared().empty());
    QTRY_VERIFY(space().contains(QStringLiteral("trash 9.0 kB")));
    grab(*f_->window, "deleted-run");
    trigger("&Trash…");
    auto* dialog = f_->find<ui::TrashDialog>(QStringLiteral("trashDialog"));
    QTRY_VERIFY(dialog && f_->find<QLabel>(QStringLiteral("trashHeadline"))->text().startsWith(QStringLiteral("1 run, 9.0 kB")));
    QVERIFY(rowOf(*f_->find<QTreeView>(QStringLiteral("trashTable")), QStringLiteral("whole run, 9 checkpoints")).isValid());
    grab(*dialog, "trash-run");
    dialog->close();
    f_->click(QStringLiteral("bannerUndo"));
    QTRY_VERIFY(f_->snapshot()->run(run_));
    QTRY_VERIFY(QFile::exists(path));
    QTRY_VERIFY(tree->model()->rowCount(rowOf(*tree, QStringLiteral("digits"))) == 1);  // the branch under it again
    QVERIFY(tree->isExpanded(rowOf(*tree, QStringLiteral("digits"))));
  }

  void whatWentWellMovesNothing() {
    open(run_);
    const auto* tools = f_->find(QStringLiteral("runTree"));
    const auto before = tools->mapTo(f_->window.get(), QPoint());
    remove(600);
    QTRY_VERIFY(f_->find(QStringLiteral("bannerUndo")));
    QVERIFY(!f_->find(QStringLiteral("banner"))->isVisible());
    QCOMPARE(tools->mapTo(f_->window.get(), QPoint()), before);
    const auto* toast = f_->find(QStringLiteral("toast"));
    QVERIFY(toast && toast->isVisible() && f_->window->rect().contains(toast->geometry()));
    f_->window->resize(1000, 640);
    QTRY_VERIFY(f_->window->rect().contains(toast->geometry()));
    grab(*f_->window, "toast");
    f_->click(QStringLiteral("bannerDismiss"));
    QTRY_VERIFY(!toast->isVisible());
  }

  void aNewTagStandsBesideTheFieldInARowOfItsHeight() {
    open(run_);
    auto* field = f_->find<QLineEdit>(QStringLiteral("addTag"));
    for (const auto* tag : {"good on threes", "to be compared", "with a long name, so that a second row begins"}) {
      const auto before = field->parentWidget()->findChildren<QToolButton*>().size();
      QTest::keyClicks(field, tag);
      QTest::keyClick(field, Qt::Key_Return);
      QTRY_COMPARE(field->parentWidget()->findChildren<QToolButton*>().size(), before + 1);
      QTest::qWait(50);  // the layout is asked for, and done later
      for (const auto* label : field->parentWidget()->findChildren<QToolButton*>()) {
        QVERIFY2(!label->geometry().intersects(field->geometry()), tag);
        QVERIFY2(field->parentWidget()->rect().contains(label->geometry()), tag);
      }
      QVERIFY2(field->parentWidget()->rect().contains(field->geometry()), tag);
    }
  }

  void aRunIsGivenAColour() {
    open(run_);
    const auto before = ui::colorOfRun(*f_->snapshot(), run_);
    auto* menu = openOn(*f_->find<QTreeView>(QStringLiteral("runTree"))->viewport(), rowPoint(QStringLiteral("digits")));
    auto* colors = action(menu, "Colour")->menu();
    QVERIFY(colors);
    QCOMPARE(colors->actions().size(), ui::Theme::kRunColors + 2);  // a line, and the way back
    action(colors, "Teal")->trigger();
    QTRY_COMPARE(f_->snapshot()->run(run_)->color, std::optional<int>(5));
    const auto teal = ui::Theme::instance().runColor(5);
    QVERIFY(before != teal);
    QCOMPARE(ui::colorOfRun(*f_->snapshot(), run_), teal);
    QTRY_VERIFY(timeline().lanes().at(0).color == teal);
    QTRY_VERIFY(f_->window->findChild<ui::ChartPanel*>()->scene().curves.front().color == teal);
  }

  void aHiddenRunLeavesAndComesBack() {
    open(run_);
    auto* chart = f_->window->findChild<ui::ChartPanel*>();
    QTRY_COMPARE(timeline().lanes().size(), std::size_t{2});  // with its branch
    auto* tree = f_->find<QTreeView>(QStringLiteral("runTree"));
    action(openOn(*tree->viewport(), rowPoint(QStringLiteral("digits"))), "Hide the run")->trigger();
    QTRY_VERIFY(f_->snapshot()->run(run_)->hidden);
    // The branch stays, with the parent's part of its curve drawn lighter.
    QTRY_COMPARE(f_->window->selection().run(), branch_);
    QTRY_COMPARE(timeline().lanes().size(), std::size_t{1});
    QTRY_VERIFY(hasInherited(*chart));
    trigger("&Parent's part of a branch's curve");
    QTRY_VERIFY(!chart->scene().curves.empty() && !hasInherited(*chart));
    trigger("&Parent's part of a branch's curve");
    QTRY_VERIFY(hasInherited(*chart));
    grab(*f_->window, "hidden");
    trigger("Show &hidden runs");
    QTRY_COMPARE(timeline().lanes().size(), std::size_t{2});
    trigger("Show &hidden runs");
    QTRY_COMPARE(timeline().lanes().size(), std::size_t{1});
    f_->click(QStringLiteral("bannerUndo"));
    QTRY_VERIFY(!f_->snapshot()->run(run_)->hidden);
    QTRY_COMPARE(timeline().lanes().size(), std::size_t{2});
  }

  void aRunAloneShowsItsParentsPart() {
    open(branch_);
    QTRY_COMPARE(timeline().lanes().size(), std::size_t{2});
    trigger("&Branches and parents with a run");
    QTRY_COMPARE(timeline().lanes().size(), std::size_t{1});
    QCOMPARE(timeline().lanes().at(0).run, branch_);
    QCOMPARE(timeline().lanes().at(0).startX, 400.0);
    QTRY_VERIFY(hasInherited(*f_->window->findChild<ui::ChartPanel*>()));
    trigger("&Branches and parents with a run");
    QTRY_COMPARE(timeline().lanes().size(), std::size_t{2});
  }

  void spaceIsAlwaysInSight() {
    open(run_);
    QTRY_VERIFY2(space().contains(QStringLiteral("checkpoints 16")) && space().contains(QStringLiteral("free")), qPrintable(space()));
    f_->window->resize(f_->window->minimumSize());
    QTRY_VERIFY(f_->find(QStringLiteral("space"))->isVisible());
    auto* button = f_->find(QStringLiteral("space"));
    QVERIFY(f_->window->rect().contains(QRect(button->mapTo(f_->window.get(), QPoint()), button->size())));
    f_->click(QStringLiteral("space"));
    QTRY_VERIFY(f_->find<ui::CleanUpDialog>(QStringLiteral("cleanUpDialog")));
    grab(*f_->window, "small");
  }

 private:
  void open(const std::string& run) {
    f_->open();
    f_->window->resize(1400, 880);
    QTRY_VERIFY(f_->window->client().loaded());
    f_->window->selection().selectRun(run);
    QTRY_VERIFY(!timeline().lanes().empty() && !timeline().lanes().back().marks.empty());
    QTRY_VERIFY(!f_->window->findChild<ui::ChartPanel*>()->scene().curves.empty());
  }
  ui::TimelinePanel& timeline() { return *f_->window->findChild<ui::TimelinePanel*>(); }
  CheckpointState stateOf(int step) { return f_->snapshot()->checkpoint(ids_[step])->state; }
  QString space() { return f_->find<QToolButton>(QStringLiteral("space"))->text(); }
  /// Shortcuts are the active window's: a question that closed may leave none.
  void press(Qt::Key key, Qt::KeyboardModifiers with = {}) {
    f_->window->activateWindow();
    QTRY_VERIFY(f_->window->isActiveWindow());
    QTest::keyClick(f_->window.get(), key, with);
  }
  void select(int step) { f_->window->selection().selectCheckpoint(run_, ids_[step]); }
  void remove(int step) {
    select(step);
    press(Qt::Key_Delete);
    QTRY_COMPARE(stateOf(step), CheckpointState::Deleted);
  }
  void trigger(const char* words) {
    for (auto* one : f_->window->QWidget::actions()) {
      if (one->text() == QString::fromUtf8(words)) return one->trigger();
    }
    QFAIL(words);
  }
  QPoint rowPoint(const QString& run) {
    auto* tree = f_->find<QTreeView>(QStringLiteral("runTree"));
    return tree->visualRect(rowOf(*tree, run)).center();
  }
  /// The first row with a cell of that text.
  static QModelIndex rowOf(const QTreeView& view, const QString& text) {
    for (int row = 0; row < view.model()->rowCount(); ++row) {
      for (int column = 0; column < view.model()->columnCount(); ++column) {
        const auto index = view.model()->index(row, column);
        if (index.data().toString() == text) return index;
      }
    }
    return {};
  }
  static bool hasInherited(const ui::ChartPanel& chart) {
    const auto& curves = chart.scene().curves;
    return std::any_of(curves.begin(), curves.end(), [](const auto& curve) { return curve.inherited; });
  }
  static void grab(QWidget& widget, const char* name) {
    const auto folder = qEnvironmentVariable("CAIRN_PICTURES");
    if (!folder.isEmpty()) widget.grab().save(QDir(folder).filePath(QString::fromLatin1(name) + QStringLiteral(".png")));
  }

  std::unique_ptr<WindowFixture> f_;
  std::string run_, lone_, branch_, loneCheckpoint_;
  std::map<int, std::string> ids_;
};

CAIRN_TEST(CurationTest, curation)
#include "tst_curation.moc"
