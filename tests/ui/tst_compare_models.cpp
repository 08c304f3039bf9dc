// The pages that run the models, on real runs: predictions, the path between two, and the average.
#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSpinBox>
#include <QTableView>
#include <QTableWidget>
#include <QToolButton>
#include <cmath>

#include "support/compare_fixture.h"
#include "support/test_registry.h"
#include "training/comparison.h"
#include "ui/compare/confusion_view.h"
#include "ui/compare/path_page.h"
#include "ui/compare/path_plot.h"
#include "ui/compare/path_words.h"
#include "ui/compare/sample_model.h"
#include "ui/compare/share_bar.h"
#include "ui/text.h"
#include "ui/theme.h"

using namespace cairn;
using namespace cairn::tests;

namespace {
constexpr int kPredictions = 4, kPath = 5, kAverage = 6;  // places of the tabs
}

class CompareModelsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    const auto run =
        home_.train("iris", {"training.epochs=16", "checkpoints.every_epochs=2", "checkpoints.keep_last=0"});
    b_ = home_.at(run + "@latest");
    a_ = home_.at(run + "@" + std::to_string(b_.step / 8));
    c_ = home_.at(home_.branch(a_.id, "other lr", {"optimizer.lr=0.05"}) + "@latest");
    wide_ = home_.at(home_.train("iris", {"training.epochs=2", "name=wide", "model.hidden=[24]"}) + "@latest");
    line_ = home_.at(home_.train("line", {}) + "@latest");
  }
  void cleanup() { ui::Theme::instance().setChoice(ui::Theme::Choice::Light); }

  void predictionsSayHowGoodAndHowAlike() {
    CompareWindow w(home_, {a_.id, b_.id});
    QVERIFY(w.page(kPredictions));
    const auto expected = training::Comparison::open(home_.home(), {a_.id, b_.id})->predictions();
    auto* results = w.find<QTableWidget>("resultsTable");
    QCOMPARE(results->rowCount(), 2);
    QCOMPARE(results->item(0, 1)->text(), ui::number(*expected.results[0].loss));
    QCOMPARE(results->item(1, 2)->text(), ui::percent(*expected.results[1].accuracy));
    QVERIFY(std::abs(*expected.results[1].loss - b_.metrics.at("val/loss")) <
            1e-6);  // as it was measured while training
    QCOMPARE(w.find<QLabel>("agreement")->text(),
             QStringLiteral("They agree on %1.").arg(ui::percent(*expected.agreement[0][1])));
    qint64 samples = 0;
    for (const auto& part : w.find<ui::ShareBar>("rightBy")->parts()) samples += part.count;
    QCOMPARE(samples, expected.data.samples);
    QVERIFY(w.find<ui::ConfusionView>("confusionA")->isVisible() &&
            w.find<ui::ConfusionView>("confusionB")->isVisible());
    w.picture("compare-predictions");
  }

  void theSamplesOnWhichTheyDifferArePaged() {
    CompareWindow w(home_, {a_.id, b_.id});
    QVERIFY(w.page(kPredictions));
    auto* table = w.find<QTableView>("sampleTable");
    QAbstractItemModelTester tester(table->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    const auto expected = training::Comparison::open(home_.home(), {a_.id, b_.id})->predictions();
    QVERIFY(table->model()->rowCount() > 5);
    QCOMPARE(table->model()->rowCount(), static_cast<int>(expected.samples.size()));
    const auto first = table->model()->index(0, ui::SampleModel::FirstAnswer);
    QCOMPARE(first.data().toString(), QString::fromStdString(expected.samples[0].answers[0].outputs[0]));
    QCOMPARE(first.data(ui::SampleModel::RightRole).toBool(), expected.samples[0].answers[0].right);
    table->setFocus();
    const int before = table->currentIndex().row();
    QTest::keyClick(table, Qt::Key_PageDown);
    QVERIFY(table->currentIndex().row() > before);
    const auto csv = w.view().currentPage()->toCsv();
    QVERIFY(csv.startsWith("number,difference,sample,true,A,A probability"));
  }

  void aTableOfPixelsIsShownAsPictures() {
    auto found = std::make_shared<core::PredictionComparison>();
    found->data.format = "csv";
    for (int i = 0; i < 16; ++i) found->data.features.push_back("p" + std::to_string(i));
    core::DifferingSample sample;
    for (int i = 0; i < 16; ++i) sample.row.push_back(std::to_string(i));
    sample.answers.resize(2);
    found->samples = {sample};
    ui::SampleModel model;
    const auto shown = [&] {
      model.set(found, {QStringLiteral("A"), QStringLiteral("B")});
      return model.index(0, ui::SampleModel::Sample);
    };
    QVERIFY(shown().data(Qt::DecorationRole).isValid() && model.isImages());
    QVERIFY(shown().data().toString().isEmpty());
    QVERIFY(shown().data(Qt::ToolTipRole).toString().startsWith(QStringLiteral("0  1  2  3\n4  5")));  // the row is still there
    const auto picture = shown().data(Qt::DecorationRole).value<QIcon>().pixmap(44).toImage();
    QVERIFY(qGray(picture.pixel(2, 2)) < 10 && qGray(picture.pixel(42, 42)) > 245);
    QVERIFY(model.toCsv().contains("0, 1, 2"));
    found->samples[0].row[3] = "high";  // no number: told as it is
    QVERIFY(!shown().data(Qt::DecorationRole).isValid() && shown().data().toString().contains(QStringLiteral("high")));
    found->data.features[5] = "weight";  // a square number of columns is no picture
    QVERIFY(!shown().data(Qt::DecorationRole).isValid() && !model.isImages());
    for (int i = 0; i < 16; ++i) found->data.features[static_cast<std::size_t>(i)] = "pixel_" + std::to_string(i / 4) + "_" + std::to_string(i % 4);
    found->samples[0].row[3] = "3";
    QVERIFY(shown().data(Qt::DecorationRole).isValid());
  }

  void whatCannotBeEvaluatedSaysWhy() {
    CompareWindow w(home_, {a_.id, b_.id, line_.id});
    QVERIFY(w.page(kPredictions));
    auto* results = w.find<QTableWidget>("resultsTable");
    const auto expected = training::Comparison::open(home_.home(), {a_.id, b_.id, line_.id})->predictions();
    QVERIFY(!expected.results[2].problem.empty());
    QCOMPARE(results->item(2, 1)->text(), QString::fromStdString(expected.results[2].problem));
    QVERIFY(w.find<QLabel>("samplesHeading")->text().contains(QStringLiteral("DIFFER")));
    CompareWindow alone(home_, {a_.id, line_.id});
    QVERIFY(alone.page(kPredictions));
    QVERIFY(alone.find<QLabel>("samplesHeading")->text().startsWith(QStringLiteral("NOTHING TO COMPARE")));
    QStringList shares;
    for (const auto& part : w.find<ui::ShareBar>("rightBy")->parts()) shares << part.name;
    QVERIFY2(shares.contains(QStringLiteral("both right")), qPrintable(shares.join(QLatin1Char(','))));
    QVERIFY(!shares.contains(QStringLiteral("only A and B")));  // of those that can predict they are all
  }

  void theSamplesFitTheirColumns() {
    for (const auto size : {QSize(1400, 880), QSize(1000, 640), QSize(900, 600)}) {
      CompareWindow w(home_, {a_.id, b_.id, c_.id}, size);
      QVERIFY(w.page(kPredictions));
      auto* table = w.find<QTableView>("sampleTable");
      QTRY_VERIFY(table->verticalScrollBar()->isVisible());
      QTRY_COMPARE(table->horizontalScrollBar()->maximum(), 0);
      const auto whole =
          CompareWindow::kept(w.view().currentPage()->picture(), QStringLiteral("compare-predictions-export"));
      QVERIFY(whole.height() > table->model()->rowCount() * table->rowHeight(0));
    }
  }

  void thePathIsDrawnFromAToB() {
    CompareWindow w(home_, {a_.id, b_.id, c_.id});
    QVERIFY(w.page(kPath));
    auto* page = static_cast<ui::PathPage*>(w.view().currentPage());
    QTRY_VERIFY(page->hasTable());
    QCOMPARE(page->plot().points().size(), std::size_t(21));
    QCOMPARE(page->plot().points().front().t, 0.0);
    QCOMPARE(page->plot().points().back().t, 1.0);
    QVERIFY(std::abs(page->plot().points().front().loss - a_.metrics.at("val/loss")) < 1e-6);
    QVERIFY(std::abs(page->plot().points().back().loss - b_.metrics.at("val/loss")) < 1e-6);
    QVERIFY(!w.find<QLabel>("pathVerdict")->text().isEmpty());
    QCOMPARE(page->toCsv().count('\n'), qsizetype(22));
    w.picture("compare-path");

    auto* points = w.find<QSpinBox>("pathPoints");
    points->setFocus();
    points->selectAll();
    QTest::keyClicks(points, QStringLiteral("5"));
    auto* to = w.find<QComboBox>("pathTo");
    to->setFocus();
    QTest::keyClick(to, Qt::Key_End);
    QTRY_VERIFY(page->hasTable() && page->plot().points().size() == 5);
    QVERIFY(std::abs(page->plot().points().back().loss - c_.metrics.at("val/loss")) < 1e-6);
    w.click("pathAccuracy");
    w.picture("compare-path-accuracy");
  }

  void aLossThatIsNoNumberIsNoValley() {
    const double none = std::nan("");
    const auto verdict = [](std::vector<double> losses, double barrier) {
      core::LossPath path;
      for (std::size_t i = 0; i < losses.size(); ++i)
        path.points.push_back(
            {.t = static_cast<double>(i) / static_cast<double>(losses.size() - 1), .loss = losses[i], .accuracy = {}});
      path.barrier = barrier;
      return ui::pathVerdict(path, QStringLiteral("A"), QStringLiteral("B"));
    };
    QVERIFY(verdict({1, 0.9, 1}, 0).startsWith(QStringLiteral("No barrier")));
    QVERIFY(verdict({1, 1.5, 1}, 0.5).startsWith(QStringLiteral("A barrier of 0.5")));
    for (const double barrier : {0.0, none}) {  // whatever is made of it
      QVERIFY(verdict({1, none, 1}, barrier).startsWith(QStringLiteral("The loss is no finite number on the way")));
      QVERIFY(verdict({none, 1, 1}, barrier).startsWith(QStringLiteral("The loss of A is no finite number")));
      QVERIFY(verdict({1, 1, none}, barrier).startsWith(QStringLiteral("The loss of B is no finite number")));
      QVERIFY(verdict({none, 1, none}, barrier).startsWith(QStringLiteral("The loss of A and B is no finite number")));
    }
  }

  void aPathBetweenOtherModelsIsRefused() {
    CompareWindow w(home_, {a_.id, wide_.id});
    QTest::keyClick(&w.view(), static_cast<Qt::Key>(Qt::Key_0 + kPath), Qt::ControlModifier);
    auto* message = w.view().currentPage()->findChild<QLabel*>("compareMessage");
    QTRY_VERIFY_WITH_TIMEOUT(message->isVisible() && !message->text().isEmpty(), 30'000);
    QVERIFY(w.view().currentPage()->findChild<QPushButton*>("compareVerb")->isVisible());
    QVERIFY(message->height() >= message->heightForWidth(message->width()));  // every line of it
  }

  void aLongPathIsCancelled() {
    CompareWindow w(home_, {a_.id, b_.id});
    QVERIFY(w.page(kPath));
    auto* page = static_cast<ui::PathPage*>(w.view().currentPage());
    QTRY_VERIFY(page->hasTable());
    auto* points = w.find<QSpinBox>("pathPoints");
    points->setFocus();
    points->selectAll();
    QTest::keyClicks(points, QStringLiteral("201"));
    w.click("walkPath");
    QPushButton* cancel = nullptr;
    for (auto* button : page->findChildren<QPushButton*>()) {
      if (button->text() == QStringLiteral("Cancel") && button->isVisible()) cancel = button;
    }
    if (cancel) QTest::mouseClick(cancel, Qt::LeftButton, {}, cancel->rect().center());
    QTRY_VERIFY(!page->isBusy());
    if (cancel) QVERIFY(w.find<QLabel>("pathVerdict")->text().contains(QStringLiteral("Stopped")));
  }

  void anAverageIsMadeAndBranchedFrom() {
    CompareWindow w(home_, {b_.id, c_.id});
    QVERIFY(w.page(kAverage));
    const auto runs = w.window->client().snapshot()->runs.size();
    auto* name = w.find<QLineEdit>("averageName");
    name->setFocus();
    QTest::keyClicks(name, QStringLiteral("mean of two"));
    QTest::keyClick(name, Qt::Key_Return);
    auto* made = w.find<QLabel>("averageMade");
    QTRY_VERIFY_WITH_TIMEOUT(made->isVisible(), 30'000);
    QVERIFY(made->text().startsWith(QStringLiteral("mean of two")));
    w.picture("compare-average");
    QTRY_COMPARE(w.window->client().snapshot()->runs.size(), runs + 1);
    const auto run = w.window->client().snapshot()->runs.back();  // a copy: the next snapshot drops this one
    QCOMPARE(run.name, std::string("mean of two"));
    QCOMPARE(run.status, core::RunStatus::Paused);
    w.click("branchFromAverage");
    QTRY_VERIFY(w.window->findChild<QDialog*>() && w.window->findChild<QDialog*>()->isVisible());
    w.window->findChild<QDialog*>()->reject();  // Escape would reach the comparison too where no window is active
    w.click("showAverage");
    QTRY_VERIFY(!w.view().isVisible());
    QCOMPARE(w.window->selection().run(), run.id);
    QVERIFY(!w.window->selection().checkpoint().empty());
    // Who comes back sees what was made, and is not offered to make the same again.
    w.window->compare().open();
    QTRY_VERIFY(w.view().isVisible());
    QVERIFY(w.page(kAverage));
    QTRY_VERIFY(made->isVisible() && made->text().startsWith(QStringLiteral("mean of two")));
    QVERIFY(!name->isVisible());
    w.click("anotherAverage");
    QVERIFY(name->isVisible());
  }

  void anAverageIsCancelled() {
    CompareWindow w(home_, {b_.id, c_.id});
    QVERIFY(w.page(kAverage));
    const auto runs = w.window->client().snapshot()->runs.size();
    auto* page = w.view().currentPage();
    w.click("makeAverage");
    auto* cancel = page->findChild<QPushButton*>(QStringLiteral("cancelCompare"));
    QVERIFY(cancel->isVisible());
    QTest::mouseClick(cancel, Qt::LeftButton, {}, cancel->rect().center());
    auto* verb = page->findChild<QPushButton*>(QStringLiteral("compareVerb"));
    QVERIFY(verb->isVisible() && !page->isBusy());
    auto* made = w.find<QLabel>("averageMade");
    QTest::qWait(500);  // it may have been made before the word came: then it is there, and that is said
    QVERIFY(w.settled());
    const auto after = w.window->client().snapshot()->runs.size();
    QCOMPARE(after, made->isVisible() ? runs + 1 : runs);
    if (made->isVisible())
      w.click("anotherAverage");
    else
      QTest::mouseClick(verb, Qt::LeftButton, {}, verb->rect().center());
    auto* name = w.find<QLineEdit>("averageName");
    QVERIFY(name->isVisible());
    w.click("makeAverage");  // without a name it gets the one that is proposed
    QTRY_VERIFY_WITH_TIMEOUT(made->isVisible(), 30'000);
    QVERIFY(made->text().startsWith(name->placeholderText() + QStringLiteral(" is made")));
    QTRY_COMPARE(w.window->client().snapshot()->runs.size(), after + 1);
  }

  void theyFitASmallWindowAndTheDark() {
    ui::Theme::instance().setChoice(ui::Theme::Choice::Dark);
    CompareWindow w(home_, {a_.id, b_.id, c_.id, wide_.id}, {900, 600});
    QVERIFY(w.page(kPredictions));
    QCOMPARE(w.window->size(), QSize(900, 600));
    w.picture("compare-predictions-small-dark");
    QVERIFY(w.page(kPath));
    QTRY_VERIFY(w.view().currentPage()->hasTable());
    w.picture("compare-path-small-dark");
    QTest::keyClick(&w.view(), static_cast<Qt::Key>(Qt::Key_0 + kAverage), Qt::ControlModifier);
    QTRY_VERIFY(w.view().currentPage()->hasContent());
    w.picture("compare-average-small-dark");
    QCOMPARE(w.window->size(), QSize(900, 600));
  }

 private:
  CompareHome home_;
  core::CheckpointRecord a_, b_, c_, wide_, line_;
};

CAIRN_TEST(CompareModelsTest, compare_models)
#include "tst_compare_models.moc"
