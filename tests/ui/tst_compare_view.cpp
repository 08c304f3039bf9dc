// The comparison as a person meets it: ticking, opening, cards, pages, the summary's marks and export, by mouse and
// keys on real runs.
#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QFile>
#include <QLabel>
#include <QMenu>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTabBar>
#include <QTableView>
#include <QToolButton>

#include "core/text.h"
#include "support/compare_fixture.h"
#include "support/test_registry.h"
#include "ui/app/actions.h"
#include "ui/chart/qcustomplot_face.h"
#include "ui/chart/series_store.h"
#include "ui/compare/compare_card.h"
#include "ui/compare/compared_reader.h"
#include "ui/compare/curves_page.h"
#include "ui/compare/curves_plot.h"
#include "ui/compare/inline_text.h"
#include "ui/compare/summary_model.h"
#include "ui/text.h"
#include "ui/theme.h"
#include "ui/timeline/timeline_panel.h"

using namespace cairn;
using namespace cairn::tests;

class CompareViewTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    parent_ = home_.train("iris", {"training.epochs=12", "checkpoints.every_epochs=2", "checkpoints.keep_last=0"});
    a_ = home_.at(parent_ + "@latest");
    early_ = home_.at(parent_ + "@" + std::to_string(a_.step / 2));
    branch_ = home_.branch(early_.id, "lr 0.1", {"optimizer.lr=0.1"});
    b_ = home_.at(branch_ + "@latest");
    other_ = home_.train("iris", {"training.epochs=4", "name=other", "model.hidden=[8]"});
    c_ = home_.at(other_ + "@latest");
  }
  void cleanup() { ui::Theme::instance().setChoice(ui::Theme::Choice::Light); }

  void ctrlClicksTickAndTheShortcutOpens() {
    CompareWindow w(home_, {});
    auto& window = *w.window;
    QVERIFY(!window.actions().compare->isEnabled());
    auto* button = window.findChild<QToolButton*>("openCompare");
    QVERIFY(button->isVisible() && !button->isEnabled());  // there from the start, and says what it wants
    QVERIFY(button->toolTip().contains("Ctrl-click"));
    window.selection().selectRun(parent_);
    auto* timeline = window.findChild<ui::TimelinePanel*>();
    QTRY_VERIFY(!timeline->geometryNow().marks.empty() && timeline->geometryNow().marks.back().x > 100);
    const auto marks = timeline->geometryNow().marks;
    QVERIFY(marks.size() >= 2);
    const auto at = [](const ui::PlacedMark& mark) {
      return QPoint(static_cast<int>(mark.x), static_cast<int>(mark.y));
    };
    QTest::mouseClick(timeline, Qt::LeftButton, Qt::ControlModifier, at(marks.front()));
    QVERIFY(button->isVisible() && !button->isEnabled());
    QTest::mouseClick(timeline, Qt::LeftButton, Qt::ControlModifier, at(marks.back()));
    QCOMPARE(window.selection().compared().size(), std::size_t(2));
    QVERIFY(button->isEnabled());
    QCOMPARE(button->text(), QStringLiteral("Compare 2"));
    QTest::mouseClick(button, Qt::LeftButton, {}, button->rect().center());
    QTRY_VERIFY(w.view().isVisible() && w.view().currentPage()->hasContent());
    QVERIFY(!button->isVisible());
  }

  void escAndBackLeaveAndTheTicksStay() {
    CompareWindow w(home_, {a_.id, b_.id});
    QVERIFY(w.ok);
    QVERIFY(w.find<QTabBar>("comparePages")->hasFocus());
    QTest::keyClick(w.window->focusWidget(), Qt::Key_Escape);
    QTRY_VERIFY(!w.view().isVisible());
    QCOMPARE(w.window->selection().compared().size(), std::size_t(2));
    QTest::keyClick(w.window.get(), Qt::Key_M, Qt::ControlModifier);
    QTRY_VERIFY(w.view().isVisible() && w.view().currentPage()->hasContent());
    w.click("closeCompare");
    QTRY_VERIFY(!w.view().isVisible());
  }

  void keysTurnThePages() {
    CompareWindow w(home_, {a_.id, b_.id});
    auto* tabs = w.find<QTabBar>("comparePages");
    QTest::keyClick(tabs, Qt::Key_Right);
    QCOMPARE(tabs->currentIndex(), 1);
    QTest::keyClick(tabs, Qt::Key_PageUp, Qt::ControlModifier);
    QCOMPARE(tabs->currentIndex(), 0);
    QTest::keyClick(tabs, Qt::Key_2, Qt::ControlModifier);
    QCOMPARE(w.view().currentPage()->fileName(), QStringLiteral("curves"));
    QTest::mouseClick(tabs, Qt::LeftButton, {}, tabs->tabRect(0).center());
    QCOMPARE(w.view().currentPage()->fileName(), QStringLiteral("summary"));
  }

  void cardsMoveAndGo() {
    CompareWindow w(home_, {a_.id, b_.id, c_.id});
    QVERIFY(w.ok);
    QVERIFY(!w.find("leftA")->isVisible() && !w.find("rightC")->isVisible());
    w.click("rightA");
    QTRY_COMPARE(w.window->selection().compared(), (std::vector<std::string>{b_.id, a_.id, c_.id}));
    w.click("removeC");
    QTRY_COMPARE(w.window->selection().compared(), (std::vector<std::string>{b_.id, a_.id}));
    QTRY_VERIFY(!w.find("cardC"));
    w.click("removeB");
    const auto message = [&] {  // each page has one: that of the page in sight counts
      for (const auto* label : w.view().findChildren<QLabel*>(QStringLiteral("compareMessage")))
        if (label->isVisible()) return label->text();
      return QString();
    };
    QTRY_VERIFY(message().contains(QStringLiteral("Ctrl-click")));
    w.click("removeA");
    QTRY_VERIFY(!w.view().isVisible());
  }

  void theSummaryMarksTheBest() {
    CompareWindow w(home_, {early_.id, b_.id});
    auto* table = w.find<QTableView>("summaryTable");
    QAbstractItemModelTester tester(table->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    const auto row = rowOf(*table, QStringLiteral("Validation loss"));
    QVERIFY(row >= 0);
    const double a = early_.metrics.at("val/loss"), b = b_.metrics.at("val/loss");
    QVERIFY(a != b);
    const int best = a < b ? 1 : 2;
    QVERIFY(!table->model()->index(row, best).data(Qt::DecorationRole).isNull());
    QVERIFY(table->model()->index(row, 3 - best).data(Qt::DecorationRole).isNull());
    QVERIFY(rowOf(*table, QStringLiteral("Learning rate")) >= 0);
    QVERIFY(table->model()->index(rowOf(*table, QStringLiteral("Learning rate")), 1).data(Qt::DecorationRole).isNull());
    QCOMPARE(w.find<QLabel>("relation")->text(),
             QStringLiteral("B came from A, %1 steps later.").arg(b_.step - early_.step));
  }

  void theSameDataUnderAnotherNameIsTheSame() {
    const auto of = [&](const QString& name, const QByteArray& more) {
      QFile iris(QStringLiteral(CAIRN_SOURCE_DIR "/resources/examples/iris.csv"));
      QFile copy(data_.filePath(name));
      if (!iris.open(QIODevice::ReadOnly) || !copy.open(QIODevice::WriteOnly)) return std::string();
      copy.write(iris.readAll() + more);
      copy.close();
      return home_
          .at(home_.train("iris", {"training.epochs=3", "name=" + name.toStdString(),
                                   "data.path=" + copy.fileName().toStdString()}) +
              "@latest")
          .id;
    };
    const auto moved = of(QStringLiteral("moved.csv"), {}),
               longer = of(QStringLiteral("longer.csv"), "5.1,3.5,1.4,0.2,setosa\n");
    const auto marked = [](const CompareWindow& w) {
      auto* table = w.find<QTableView>("summaryTable");
      const auto row = rowOf(*table, QStringLiteral("Validation loss"));
      return !table->model()->index(row, 1).data(Qt::DecorationRole).isNull() ||
             !table->model()->index(row, 2).data(Qt::DecorationRole).isNull();
    };
    CompareWindow same(home_, {a_.id, moved});
    QTRY_VERIFY(marked(same));
    CompareWindow other(home_, {a_.id, longer});
    QVERIFY(other.page(3));  // by then the files are read
    QVERIFY(!marked(other));
  }

  void settingsThatDifferAndAll() {
    CompareWindow w(home_, {a_.id, b_.id});
    auto* table = w.find<QTableView>("summaryTable");
    const auto lr = rowOf(*table, QStringLiteral("optimizer.lr"));
    QVERIFY(lr >= 0);
    QCOMPARE(table->model()->index(lr, 1).data().toString(), QStringLiteral("0.01"));
    QCOMPARE(table->model()->index(lr, 2).data().toString(), QStringLiteral("0.1"));
    QCOMPARE(rowOf(*table, QStringLiteral("training.batch_size")), -1);
    w.find<QCheckBox>("allSettings")->setFocus();
    QTest::keyClick(w.find<QCheckBox>("allSettings"), Qt::Key_Space);
    QVERIFY(rowOf(*table, QStringLiteral("training.batch_size")) >= 0);
    QCOMPARE(rowOf(*table, QStringLiteral("name")), -1);
  }

  void curvesAreAlignedAsAsked() {
    CompareWindow w(home_, {a_.id, b_.id});
    QVERIFY(w.page(2));
    auto& plot = static_cast<ui::CurvesPage*>(w.view().currentPage())->plot();
    QTRY_VERIFY(!plot.store().reading() && plot.letters().size() == 2);
    QTRY_COMPARE(plot.letters()[1].x, static_cast<double>(b_.step));
    QCOMPARE(plot.letters()[0].letter, QStringLiteral("A"));
    auto* align = w.find<QComboBox>("alignBy");
    const auto choose = [&](int downs) {
      align->setFocus();
      QTest::keyClick(align, Qt::Key_Home);
      for (int i = 0; i < downs; ++i) QTest::keyClick(align, Qt::Key_Down);
    };
    choose(3);  // the branch left at early_: there both runs stand at 0
    QTRY_COMPARE(plot.letters()[1].x, static_cast<double>(b_.step - early_.step));
    QTRY_COMPARE(plot.letters()[0].x, static_cast<double>(a_.step - early_.step));
    QVERIFY(plot.axis().lower() < 0);
    choose(1);
    QTRY_COMPARE(plot.axis().unit(), ui::XAxis::Unit::Epoch);
    QTRY_VERIFY(std::abs(plot.letters()[0].x - 12) < 0.05);
    QTest::mouseMove(&plot.plot(), plot.plot().axisRect()->center());
    QVERIFY(plot.axis().crossHair() && !plot.scene().card.rows.empty());
    w.picture("compare-curves");
  }

  void seriesThatNobodyMeasuredAreOff() {
    CompareWindow w(home_, {a_.id, c_.id});
    QVERIFY(w.page(2));
    QTRY_VERIFY(w.find<QToolButton>("series1")->isEnabled());
    w.click("series2");
    auto& plot = static_cast<ui::CurvesPage*>(w.view().currentPage())->plot();
    QTRY_VERIFY(!plot.scene().curves.empty() && plot.scene().curves.front().series == core::Series::Lr);
  }

  void aTableIsExported() {
    CompareWindow w(home_, {a_.id, b_.id});
    const auto path = w.settings.filePath(QStringLiteral("out.csv"));
    w.exportBy(QStringLiteral("exportTable"), path);
    const auto lines = linesOf(path);
    QVERIFY(lines.front().startsWith(QStringLiteral("name,A: iris @ ")));
    QVERIFY(lines.contains(QStringLiteral("optimizer.lr,0.01,0.1")));
  }

  void anExportThatFailsSaysWhy() {
    CompareWindow w(home_, {a_.id, b_.id});
    for (const auto& name : {QStringLiteral("/proc/no/out.csv"), QStringLiteral("/proc/no/out.png")}) {
      QSignalSpy failed(&w.view(), &ui::CompareView::exportFailed);
      w.view().exportTo(name);
      QTRY_COMPARE(failed.size(), 1);
      QVERIFY(!QFile::exists(name));
    }
  }

  void aPictureHasAllRowsOfATable() {
    CompareWindow w(home_, {a_.id, b_.id}, {900, 600});
    w.click("allSettings");
    auto* table = w.find<QTableView>("summaryTable");
    auto* bar = table->verticalScrollBar();
    QTRY_VERIFY(bar->maximum() > 100);  // some are out of sight
    bar->setValue(40);
    const auto path = w.settings.filePath(QStringLiteral("out.png"));
    w.exportBy(QStringLiteral("exportPicture"), path);
    const auto picture = CompareWindow::kept(QImage(path), QStringLiteral("compare-summary-export"));
    QVERIFY(picture.height() >= table->model()->rowCount() * table->rowHeight(0));
    const auto caption = picture.copy(0, 0, picture.width(), 60);
    QVERIFY(has(caption, w.find<ui::CompareCard>("cardA")->color()) &&
            has(caption, w.find<ui::CompareCard>("cardB")->color()));
    QVERIFY(picture.height() < table->model()->rowCount() * table->rowHeight(0) + 200);  // no desert below
    QCOMPARE(bar->value(), 40);
    QCOMPARE(w.window->size(), QSize(900, 600));
  }

  void theCurvesAreExportedAsMeasured() {
    CompareWindow w(home_, {a_.id, b_.id});
    QVERIFY(w.page(2));
    QTRY_VERIFY(w.view().currentPage()->hasTable());
    const auto path = w.settings.filePath(QStringLiteral("curves.csv"));
    w.exportBy(QStringLiteral("exportTable"), path);
    auto lines = linesOf(path);
    lines.removeLast();  // after the last line's end
    QCOMPARE(lines.takeFirst(), QStringLiteral("id,run,series,step,epoch,seconds,value"));
    storage::Catalog catalog(home_.home(), storage::Catalog::Access::Read);
    qsizetype points = 0;
    for (const auto& run : {parent_, branch_}) {
      for (const auto series : {core::Series::TrainLoss, core::Series::ValLoss}) {
        const auto data = catalog.metrics(run, series, false);
        points += static_cast<qsizetype>(data.step.size());
        const auto last = data.step.size() - 1;
        QVERIFY(lines.contains(
            QStringLiteral("%1,%2,%3,%4,%5,%6,%7")
                .arg(ui::text(run), ui::text(catalog.run(run).name), ui::text(core::seriesName(series)))
                .arg(data.step[last])
                .arg(data.epoch[last])
                .arg(ui::text(core::roundTrip(data.seconds[last])), ui::text(core::roundTrip(data.value[last])))));
      }
    }
    QCOMPARE(lines.size(), points);
  }

  void whatARunDoesMeanwhileChangesNothing() {
    CompareWindow w(home_, {a_.id, c_.id});
    QSignalSpy told(w.view().findChild<ui::ComparedReader*>(), &ui::ComparedReader::changed);
    auto* button = w.find<QToolButton>("branchB");
    QTest::mousePress(button, Qt::LeftButton, {}, button->rect().center());
    home_.change([&](storage::Catalog& catalog) {
      const core::MetricPoint point{core::Series::TrainLoss, c_.step + 1, c_.epoch, 1.0, 0.5};
      catalog.appendMetrics(other_, {&point, 1});
    });
    QVERIFY(w.settled());
    QVERIFY(told.isEmpty());
    home_.change([&](storage::Catalog& catalog) { catalog.renameRun(other_, "salt & pepper"); });
    QVERIFY(w.settled());
    QTRY_COMPARE(told.size(), 1);
    QCOMPARE(w.find<QToolButton>("branchB"), button);
    QVERIFY(button->toolTip().contains(QStringLiteral("salt & pepper")));
    QVERIFY(
        w.find<QToolButton>("branchMenu")->menu()->actions().at(1)->text().contains(QStringLiteral("salt && pepper")));
    QTest::mouseRelease(button, Qt::LeftButton, {}, button->rect().center());
    QTRY_VERIFY(w.window->findChild<QDialog*>() && w.window->findChild<QDialog*>()->isVisible());
  }

  void whatIsHiddenIsNotActedOn() {
    CompareWindow w(home_, {a_.id, b_.id});
    auto& actions = w.window->actions();
    w.window->selection().selectCheckpoint(other_, c_.id);
    QVERIFY(w.settled());  // and whoever enables what can be done with it has seen it
    const auto onSelection = {actions.moveToTrash,      actions.pin,    actions.branchSelected,
                              actions.exportCheckpoint, actions.report, actions.predict};
    for (const auto* action : onSelection) QVERIFY2(!action->isEnabled(), qPrintable(action->text()));
    QTest::keyClick(w.window.get(), Qt::Key_Delete);
    QTest::keyClick(w.window.get(), Qt::Key_D, Qt::ControlModifier);
    QVERIFY(w.settled());
    QCOMPARE(home_.at(c_.id).state, core::CheckpointState::Ready);
    QVERIFY(!home_.at(c_.id).pinned);
    w.click("closeCompare");
    QTRY_VERIFY(!w.view().isVisible());
    for (const auto* action : onSelection) QVERIFY2(action->isEnabled(), qPrintable(action->text()));
    QTest::keyClick(w.window.get(), Qt::Key_D, Qt::ControlModifier);
    QTRY_VERIFY(home_.at(c_.id).pinned);
  }

  void branchFromHereOpensItsDialog() {
    CompareWindow w(home_, {a_.id, b_.id});
    w.click("branchB");
    QTRY_VERIFY(w.window->findChild<QDialog*>());
    QTRY_VERIFY(w.window->findChild<QDialog*>()->isVisible());
  }

  void itFitsASmallWindowAndTheDark() {
    ui::Theme::instance().setChoice(ui::Theme::Choice::Dark);
    CompareWindow w(home_, {a_.id, b_.id, c_.id, early_.id}, {900, 600});
    QVERIFY(w.ok);
    QCOMPARE(w.window->width(), 900);
    QVERIFY(w.find("branchMenu")->isVisible() != w.find("branchA")->isVisible());
    w.picture("compare-small-dark");
  }

 private:
  static bool has(const QImage& picture, const QColor& color) {
    for (int y = 0; y < picture.height(); ++y) {
      for (int x = 0; x < picture.width(); ++x)
        if (picture.pixel(x, y) == color.rgb()) return true;
    }
    return false;
  }
  static QStringList linesOf(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return {};
    return QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'));
  }
  static int rowOf(const QTableView& table, const QString& name) {
    for (int row = 0; row < table.model()->rowCount(); ++row) {
      if (table.model()->index(row, 0).data().toString() == name) return row;
    }
    return -1;
  }

  CompareHome home_;
  QTemporaryDir data_;
  std::string parent_, branch_, other_;
  core::CheckpointRecord a_, early_, b_, c_;
};

CAIRN_TEST(CompareViewTest, compare_view)
#include "tst_compare_view.moc"
