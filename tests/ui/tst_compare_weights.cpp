// The weights page on real runs: figures as computed, sorting, the selected tensor, other models, and what is not
// compared.
#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QHeaderView>
#include <QLabel>
#include <QTableView>
#include <QTableWidget>
#include <QToolButton>
#include <cmath>

#include "support/compare_fixture.h"
#include "support/test_registry.h"
#include "training/comparison.h"
#include "ui/compare/channel_bars.h"
#include "ui/compare/compared_reader.h"
#include "ui/compare/histogram_view.h"
#include "ui/compare/tensor_model.h"
#include "ui/dialogs/latest_task.h"
#include "ui/theme.h"

using namespace cairn;
using namespace cairn::tests;
using ui::TensorModel;

class CompareWeightsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    const auto run =
        home_.train("iris", {"training.epochs=6", "checkpoints.every_epochs=2", "checkpoints.keep_last=0"});
    b_ = home_.at(run + "@latest");
    a_ = home_.at(run + "@" + std::to_string(b_.step / 3));
    c_ = home_.at(home_.branch(a_.id, "other lr", {"optimizer.lr=0.05"}) + "@latest");
    wide_ = home_.at(home_.train("iris", {"training.epochs=2", "name=wide", "model.hidden=[24]"}) + "@latest");
    line_ = home_.at(home_.train("line", {}) + "@latest");
  }
  void cleanup() { ui::Theme::instance().setChoice(ui::Theme::Choice::Light); }

  void theTableSaysWhatWasComputed() {
    CompareWindow w(home_, {a_.id, b_.id});
    QVERIFY(w.page(3));
    const auto weights = training::Comparison::open(home_.home(), {a_.id, b_.id})->weights();
    auto* table = w.find<QTableView>("tensorTable");
    QAbstractItemModelTester tester(table->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(table->model()->rowCount(), static_cast<int>(weights.tensors.size()));
    double before = std::numeric_limits<double>::infinity();
    for (int row = 0; row < table->model()->rowCount(); ++row) {
      const auto name = cell(*table, row, TensorModel::Name).toStdString();
      const auto found = std::find_if(weights.tensors.begin(), weights.tensors.end(),
                                      [&](const auto& one) { return one.name == name; });
      QVERIFY(found != weights.tensors.end());
      const auto& distance = found->distances.front();
      const double shown = table->model()->index(row, TensorModel::Distance).data(TensorModel::SortRole).toDouble();
      QCOMPARE(shown, *distance.relativeL2);
      QVERIFY(shown <= before);  // most moved first
      before = shown;
      QCOMPARE(cell(*table, row, TensorModel::Cosine), QString::number(*distance.cosine, 'f', 3));
    }
    QCOMPARE(table->model()->index(0, TensorModel::Distance).data(TensorModel::PartRole).toDouble(), 1.0);
    QVERIFY(w.find<QLabel>("weightsSummary")->text().contains(QStringLiteral("all shapes agree")));
    w.picture("compare-weights");
  }

  void aClickOnAHeaderSorts() {
    CompareWindow w(home_, {a_.id, b_.id});
    QVERIFY(w.page(3));
    auto* table = w.find<QTableView>("tensorTable");
    auto* header = table->horizontalHeader();
    const QPoint at(header->sectionViewportPosition(TensorModel::Name) + 20, header->height() / 2);
    QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, at);
    QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, at);
    QStringList names;
    for (int row = 0; row < table->model()->rowCount(); ++row) names << cell(*table, row, TensorModel::Name);
    auto sorted = names;
    std::sort(sorted.begin(), sorted.end());
    if (header->sortIndicatorOrder() == Qt::DescendingOrder) std::reverse(sorted.begin(), sorted.end());
    QCOMPARE(names, sorted);
  }

  void arrowKeysShowEachTensorClosely() {
    CompareWindow w(home_, {a_.id, b_.id});
    QVERIFY(w.page(3));
    auto* table = w.find<QTableView>("tensorTable");
    auto* heading = w.find<QLabel>("tensorHeading");
    QTRY_VERIFY(heading->text().startsWith(cell(*table, 0, TensorModel::Name).toUpper()));
    table->setFocus();
    QTest::keyClick(table, Qt::Key_Down);
    QTRY_VERIFY(heading->text().startsWith(cell(*table, 1, TensorModel::Name).toUpper()));
    QVERIFY(w.find("tensorHistogram")->isVisible() && w.find("tensorFacts")->isVisible());
  }

  void threeAreComparedWithA() {
    CompareWindow w(home_, {a_.id, b_.id, c_.id});
    QVERIFY(w.page(3));
    auto* table = w.find<QTableView>("tensorTable");
    const auto first = cell(*table, 0, TensorModel::Distance);
    w.click("againstC");
    QCOMPARE(table->model()->headerData(TensorModel::NormOther, Qt::Horizontal).toString(), QStringLiteral("norm C"));
    const auto weights = training::Comparison::open(home_.home(), {a_.id, b_.id, c_.id})->weights();
    double largest = 0;
    for (const auto& row : weights.tensors) largest = std::max(largest, row.distances[1].relativeL2.value_or(0));
    QCOMPARE(table->model()->index(0, TensorModel::Distance).data(TensorModel::SortRole).toDouble(), largest);
    w.picture("compare-weights-three");
  }

  void otherShapesAreListed() {
    CompareWindow w(home_, {a_.id, wide_.id});
    QVERIFY(w.page(3));
    auto* only = w.find<QTableWidget>("onlyIn");
    QVERIFY(only->isVisible());
    QStringList listed;
    for (int row = 0; row < only->rowCount(); ++row) listed << only->item(row, 0)->text();
    QCOMPARE(w.find<QTableView>("tensorTable")->model()->rowCount() + listed.size(), 4);  // two layers' weight and bias
    w.picture("compare-weights-other-shapes");
  }

  void nothingInCommonIsSaid() {
    CompareWindow w(home_, {a_.id, line_.id});
    QVERIFY(w.page(3));
    QVERIFY(w.find<QLabel>("weightsSummary")->text().contains(QStringLiteral("no tensor in common")));
    QVERIFY(!w.find("tensorTable")->isVisible());
    QVERIFY(w.find<QTableWidget>("onlyIn")->isVisible() && w.find<QTableWidget>("onlyIn")->rowCount() > 0);
    w.picture("compare-weights-nothing-in-common");
  }

  void aFileThatIsGoneIsSaid() {
    const auto run = home_.train(
        "iris", {"training.epochs=4", "name=short", "checkpoints.every_epochs=1", "checkpoints.keep_last=1"});
    storage::Catalog catalog(home_.home(), storage::Catalog::Access::Write);
    std::string pruned;
    for (const auto& one : catalog.checkpoints(run)) {
      if (one.state == core::CheckpointState::Pruned) pruned = one.id;
    }
    QVERIFY(!pruned.empty());
    CompareWindow w(home_, {a_.id, pruned});
    QTest::keyClick(&w.view(), Qt::Key_3, Qt::ControlModifier);
    QTRY_VERIFY(w.view()
                    .currentPage()
                    ->findChild<QLabel*>("compareMessage")
                    ->text()
                    .startsWith(QStringLiteral("The file of B")));
    QVERIFY(w.page(1));  // the summary still compares
  }

  void aFileThatComesBackIsRead() {
    home_.change([&](storage::Catalog& catalog) { catalog.deleteCheckpoint(b_.id); });
    CompareWindow w(home_, {a_.id, b_.id});
    QTest::keyClick(&w.view(), Qt::Key_3, Qt::ControlModifier);
    auto* page = w.view().currentPage();
    QTRY_VERIFY(page->findChild<QLabel*>("compareMessage")->text().contains(QStringLiteral("in the trash")));
    QVERIFY(!page->hasContent());
    home_.change([&](storage::Catalog& catalog) { catalog.undeleteCheckpoint(b_.id); });
    QVERIFY(w.settled());
    QTRY_VERIFY_WITH_TIMEOUT(page->hasContent(), 30'000);
    QVERIFY(w.find<QTableView>("tensorTable")->model()->rowCount() > 0);
  }

  void whatWasReadStaysWhenItsFileGoes() {
    CompareWindow w(home_, {c_.id, b_.id});
    QVERIFY(w.page(3));
    home_.change([&](storage::Catalog& catalog) { catalog.deleteCheckpoint(b_.id); });
    QVERIFY(w.settled());
    QVERIFY(w.view().currentPage()->hasContent());
    QVERIFY(w.page(4));  // as read before
    QTest::keyClick(&w.view(), Qt::Key_6, Qt::ControlModifier);
    QVERIFY(!w.view().currentPage()->hasContent());  // an average reads the files once more
    home_.change([&](storage::Catalog& catalog) { catalog.undeleteCheckpoint(b_.id); });
    QVERIFY(w.settled());
    QTRY_VERIFY(w.view().currentPage()->hasContent());
  }

  void aNewNameComputesNothing() {
    CompareWindow w(home_, {a_.id, b_.id});
    QVERIFY(w.page(3));
    auto* closely = w.view().currentPage()->findChild<ui::LatestTask*>(QStringLiteral("closely"));
    QVERIFY(closely);
    QTRY_VERIFY(!closely->isRunning());
    QSignalSpy started(closely, &ui::LatestTask::started);
    QSignalSpy told(w.view().findChild<ui::ComparedReader*>(), &ui::ComparedReader::changed);
    home_.change([&](storage::Catalog& catalog) { catalog.renameRun(a_.run, "another name"); });
    QVERIFY(w.settled());
    QTRY_COMPARE(told.size(), 1);
    QVERIFY(started.isEmpty());
    home_.change([&](storage::Catalog& catalog) { catalog.renameRun(a_.run, "iris"); });
  }

  void aCardThatGoesEndsTheCloseUp() {
    CompareWindow w(home_, {a_.id, b_.id, c_.id});
    QVERIFY(w.page(3));
    w.click("againstC");
    auto* closely = w.view().currentPage()->findChild<ui::LatestTask*>(QStringLiteral("closely"));
    auto* table = w.find<QTableView>("tensorTable");
    QSignalSpy told(w.view().findChild<ui::ComparedReader*>(), &ui::ComparedReader::changed);
    connect(w.view().findChild<ui::ComparedReader*>(), &ui::ComparedReader::changed, closely,
            [&] { QVERIFY(!closely->isRunning()); });  // after the view: it was connected first
    w.window->selection().setCompared({a_.id, b_.id});
    while (told.isEmpty()) {  // always one under way as the answer comes
      table->setCurrentIndex(table->model()->index((table->currentIndex().row() + 1) % table->model()->rowCount(), 0));
      QVERIFY(closely->isRunning());
      QCoreApplication::processEvents();
    }
    QTRY_VERIFY(w.view().currentPage()->hasContent() && !w.view().currentPage()->isBusy());
    QCOMPARE(table->model()->headerData(TensorModel::NormOther, Qt::Horizontal).toString(), QStringLiteral("norm B"));
  }

  void anotherSelectionDropsTheAnswer() {
    CompareWindow w(home_, {a_.id, b_.id});
    QTest::keyClick(&w.view(), Qt::Key_3, Qt::ControlModifier);
    w.window->selection().setCompared({b_.id, c_.id});  // while A and B are being read, or just were
    const auto weights = training::Comparison::open(home_.home(), {b_.id, c_.id})->weights();
    auto* table = w.find<QTableView>("tensorTable");
    QTRY_VERIFY(table->model()->rowCount() > 0 &&
                cell(*table, 0, TensorModel::NormA) ==
                    ui::shortNumber(normOf(weights, cell(*table, 0, TensorModel::Name))));
  }

  void theTableIsExported() {
    CompareWindow w(home_, {a_.id, b_.id});
    QVERIFY(w.page(3));
    const auto csv = w.view().currentPage()->toCsv();
    QVERIFY(csv.startsWith("tensor,shape"));
    QCOMPARE(csv.count('\n'), w.find<QTableView>("tensorTable")->model()->rowCount() + 1);
  }

  void itFitsASmallWindowAndTheDark() {
    ui::Theme::instance().setChoice(ui::Theme::Choice::Dark);
    CompareWindow w(home_, {a_.id, b_.id, c_.id}, {900, 600});
    QVERIFY(w.page(3));
    QCOMPARE(w.window->size(), QSize(900, 600));
    w.picture("compare-weights-small-dark");
  }

 private:
  static QString cell(const QTableView& table, int row, int column) {
    return table.model()->index(row, column).data().toString();
  }
  static double normOf(const core::WeightsComparison& weights, const QString& name) {
    for (const auto& row : weights.tensors) {
      if (QString::fromStdString(row.name) == name) return row.stats.front().norm;
    }
    return -1;
  }

  CompareHome home_;
  core::CheckpointRecord a_, b_, c_, wide_, line_;
};

CAIRN_TEST(CompareWeightsTest, compare_weights)
#include "tst_compare_weights.moc"
