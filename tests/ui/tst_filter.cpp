// The filter: its language, what is said of a bad term, and what it lets through; then typed into the window.
#include <QLabel>
#include <QLineEdit>
#include <QTreeView>

#include "support/home_samples.h"
#include "support/test_registry.h"
#include "support/timeline_driver.h"
#include "support/window_fixture.h"
#include "ui/chart/chart_panel.h"
#include "ui/filter/home_filter.h"

using namespace cairn;
using namespace cairn::tests;
using ui::HomeFilter;

class FilterTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void runs_data() {
    QTest::addColumn<QString>("filter");
    QTest::addColumn<bool>("matches");
    QTest::newRow("nothing asked") << "" << true;
    QTest::newRow("a word of the name") << "DIGITS" << true;
    QTest::newRow("a phrase") << "\"digits mlp\"" << true;
    QTest::newRow("a phrase that is not there") << "\"mlp digits\"" << false;
    QTest::newRow("a tag") << "baseline" << true;
    QTest::newRow("tag: whole") << "tag:baseline" << true;
    QTest::newRow("tag: a part is not it") << "tag:base" << false;
    QTest::newRow("tag with a relation") << "tag != other" << true;
    QTest::newRow("a state") << "paused" << true;
    QTest::newRow("state:") << "state:paused" << true;
    QTest::newRow("another state") << "state = running" << false;
    QTest::newRow("a note") << "note:\"3 vs 8\"" << true;
    QTest::newRow("another word") << "sonnets" << false;
    QTest::newRow("all must hold") << "digits sonnets" << false;
    QTest::newRow("lr below") << "lr<0.01" << true;
    QTest::newRow("with spaces") << "lr < 0.01" << true;
    QTest::newRow("lr not below") << "lr < 0.001" << false;
    QTest::newRow("lr equal") << "lr = 0.003" << true;
    QTest::newRow("lr equal, written otherwise") << "lr=3e-3" << true;
    QTest::newRow("lr not equal") << "lr != 0.003" << false;
    QTest::newRow("a dotted key") << "training.batch_size>=32" << true;
    QTest::newRow("text value") << "optimizer.type=adamw" << true;
    QTest::newRow("text value not") << "optimizer.type != SGD" << true;
    QTest::newRow("word and comparison") << "baseline seed=8" << false;
    QTest::newRow("best") << "best < 0.05" << true;
    QTest::newRow("the monitored metric") << "val/loss < 0.05" << true;
    QTest::newRow("another metric") << "val/accuracy > 0.5" << false;
    QTest::newRow("step") << "step >= 1000" << true;
  }
  void runs() {
    QFETCH(QString, filter);
    QFETCH(bool, matches);
    const HomeFilter asked(filter);
    QVERIFY2(!asked.problem(), asked.problem() ? qPrintable(asked.problem()->text) : "");
    QCOMPARE(asked.matches(run()), matches);
  }

  void checkpoints_data() {
    QTest::addColumn<QString>("filter");
    QTest::addColumn<bool>("matches");
    QTest::newRow("its own metric") << "val/loss < 0.05" << true;
    QTest::newRow("its own metric, not") << "val/loss < 0.04" << false;
    QTest::newRow("a percentage") << "val/accuracy > 98%" << true;
    QTest::newRow("its own lr, not the setting") << "lr = 0.001" << true;
    QTest::newRow("the setting, not its own lr") << "lr = 0.003" << false;
    QTest::newRow("its step") << "step = 400" << true;
    QTest::newRow("its run's setting") << "batch_size = 32" << true;
    QTest::newRow("its state") << "state:ready" << true;
    QTest::newRow("its kind") << "manual" << true;
    QTest::newRow("pinned") << "state:pinned" << true;
    QTest::newRow("its run's name") << "digits" << true;
    QTest::newRow("its tag") << "tag:keep" << true;
    QTest::newRow("not pruned") << "pruned" << false;
    QTest::newRow("its run's state") << "state:paused" << true;
    QTest::newRow("its own note") << "note:candidate" << true;
    QTest::newRow("its run's note") << "note:\"3 vs 8\"" << true;
    QTest::newRow("nobody's note") << "note:nothing" << false;
    QTest::newRow("a metric that it has not") << "grad_norm < 1" << false;
  }
  void checkpoints() {
    QFETCH(QString, filter);
    QFETCH(bool, matches);
    core::CheckpointRecord checkpoint;
    checkpoint.run = "r";
    checkpoint.step = 400;
    checkpoint.kind = core::CheckpointKind::Manual;
    checkpoint.pinned = true;
    checkpoint.tags = {"keep"};
    checkpoint.note = "a candidate";
    checkpoint.metrics = {{"val/loss", 0.0412}, {"val/accuracy", 0.987}, {"lr", 0.001}};
    const HomeFilter asked(filter);
    QVERIFY(!asked.problem());
    QCOMPARE(asked.matches(checkpoint, run()), matches);
  }

  void theRunListsWordForAStateHoldsForTheCheckpointsToo() {
    auto done = run();
    done.status = core::RunStatus::Completed;
    core::CheckpointRecord checkpoint;
    for (const char* words : {"state:done", "state = done", "state:completed"}) {
      const HomeFilter asked(QString::fromLatin1(words));
      QVERIFY2(asked.matches(done) && asked.matches(checkpoint, done), words);
      QVERIFY2(!asked.matches(run()) && !asked.matches(checkpoint, run()), words);
    }
    QVERIFY(!HomeFilter(QStringLiteral("state != done")).matches(checkpoint, done));
  }

  void problems_data() {
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QString>("says");
    QTest::addColumn<bool>("unfinished");
    QTest::newRow("an unknown key") << "wheels = 4" << "“wheels” is neither a setting nor a metric" << false;
    QTest::newRow("no value yet") << "val/loss <" << "After “val/loss <” comes a value" << true;
    QTest::newRow("no tag yet") << "tag:" << "After “tag:” comes a value" << true;
    QTest::newRow("no number") << "val/loss < low" << "“low” is no number" << false;
    QTest::newRow("text below text") << "optimizer.type < SGD" << "“SGD” is no number" << false;
    QTest::newRow("no key") << "< 0.05" << "Before “<” stands a setting or a metric" << false;
    QTest::newRow("no relation") << "lr =< 0.05" << "“=<” is no comparison" << false;
    QTest::newRow("two relations") << "lr < > 1" << "Before “>” stands" << false;
    QTest::newRow("the loss function") << "loss < 0.05" << "For its value write val/loss" << false;
    QTest::newRow("half of not equal") << "lr !" << "“!” goes with “=”" << true;
  }
  void problems() {
    QFETCH(QString, filter);
    const HomeFilter asked(filter);
    QVERIFY(asked.problem());
    QFETCH(QString, says);
    QVERIFY2(asked.problem()->text.contains(says), qPrintable(asked.problem()->text));
    QTEST(asked.problem()->unfinished, "unfinished");
  }

  void whatStandsBeforeAProblemHolds() {
    QVERIFY(!HomeFilter(QStringLiteral("sonnets lr <")).matches(run()));
    QVERIFY(HomeFilter(QStringLiteral("digits lr <")).matches(run()));
  }

  void typedItNarrowsTheListAndDimsMarks() {
    WindowFixture fixture;
    std::string run, other;
    std::vector<std::string> ids;
    {
      HomeSamples samples(fixture.home());
      other = samples.addRun({.name = "other"});
      samples.addCheckpoint(other, 500, {.valLoss = 0.9});
      run = samples.addRun({.name = "digits"});
      for (const int step : {200, 400, 600}) ids.push_back(samples.addCheckpoint(run, step, {.valLoss = 20.0 / step}));
    }
    fixture.open();
    QTRY_VERIFY(fixture.window->client().loaded());
    fixture.window->selection().selectRun(run);
    auto* timeline = fixture.window->findChild<ui::TimelinePanel*>();
    auto* chart = fixture.window->findChild<ui::ChartPanel*>();
    QTRY_COMPARE(chart->scene().marks.size(), std::size_t{3});
    QTest::keyClick(fixture.window.get(), Qt::Key_F, Qt::ControlModifier);
    auto* field = fixture.find<QLineEdit>(QStringLiteral("runFilter"));
    auto* problem = fixture.find<QLabel>(QStringLiteral("filterProblem"));
    auto* tree = fixture.find<QTreeView>(QStringLiteral("runTree"));
    QTest::keyClicks(field, "val/loss <");
    QVERIFY(problem->isVisible() && problem->property("role").toString() == QStringLiteral("muted"));
    QCOMPARE(tree->model()->rowCount(), 2);
    QTest::keyClicks(field, " 0.055");
    QVERIFY(!problem->isVisible());
    QCOMPARE(tree->model()->rowCount(), 1);
    QTRY_VERIFY(!timeline->lanes().empty());  // laid out a moment after the chart
    QTRY_COMPARE(timeline->lanes().at(0).marks.size(), std::size_t{2});
    QCOMPARE(timeline->lanes().at(0).dimmed.size(), std::size_t{1});
    QVERIFY(!placed(*timeline, ids[0]) && placed(*timeline, ids[1]));
    QTRY_COMPARE(chart->scene().marks.size(), std::size_t{2});
    QCOMPARE(fixture.window->selection().run(), run);  // typing chooses nothing

    fixture.window->selection().selectCheckpoint(run, ids[0]);  // what is selected stays in sight
    QTRY_VERIFY(placed(*timeline, ids[0]));
    field->selectAll();
    QTest::keyClicks(field, "wheels = 4");
    QVERIFY(problem->isVisible() && problem->text().contains(QStringLiteral("wheels")));
    QCOMPARE(problem->property("role").toString(), QStringLiteral("error"));
    QCOMPARE(tree->model()->rowCount(), 2);
    QTRY_COMPARE(timeline->lanes().at(0).marks.size(), std::size_t{3});
    field->selectAll();
    QTest::keyClicks(field, "nothing-like-it");
    QCOMPARE(tree->model()->rowCount(), 0);
    QVERIFY(fixture.find(QStringLiteral("noRunMatches"))->isVisible());
  }

 private:
  static core::RunRecord run() {
    core::RunRecord run;
    run.id = "r";
    run.name = "digits mlp";
    run.note = "good on 3 vs 8";
    run.tags = {"baseline"};
    run.status = core::RunStatus::Paused;
    run.step = 1200;
    run.best = core::BestValue{400, "val/loss", 0.0412};
    run.spec.data.source = core::CsvData{"/data/digits.csv", {"digit"}, core::Task::Classification};
    run.spec.optimizer = core::AdamWOptions{.lr = 0.003};
    run.spec.training.seed = 7;
    run.spec.training.epochs = 3;
    return run;
  }
};

CAIRN_TEST(FilterTest, filter)
#include "tst_filter.moc"
