// The selection that run list, chart, timeline and inspector share.
#include <QSignalSpy>
#include <QTest>

#include "support/test_registry.h"
#include "ui/selection.h"

using cairn::ui::Selection;

class SelectionTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void anotherRunClearsTheCheckpoint() {
    Selection selection;
    selection.selectCheckpoint("run1", "k1");
    QSignalSpy run(&selection, &Selection::runChanged), checkpoint(&selection, &Selection::checkpointChanged);
    selection.selectRun("run2");
    QCOMPARE(selection.run(), std::string("run2"));
    QCOMPARE(selection.checkpoint(), std::string());
    QCOMPARE(run.count(), 1);
    QCOMPARE(checkpoint.count(), 1);
  }

  void theSameRunKeepsIt() {
    Selection selection;
    selection.selectCheckpoint("run1", "k1");
    QSignalSpy run(&selection, &Selection::runChanged), checkpoint(&selection, &Selection::checkpointChanged);
    selection.selectRun("run1");
    QCOMPARE(selection.checkpoint(), std::string("k1"));
    QCOMPARE(run.count() + checkpoint.count(), 0);
  }

  void fourAreComparedAtMost() {
    Selection selection;
    std::vector<std::string> fellOut;
    connect(&selection, &Selection::tickFellOut, this, [&](const std::string& id) { fellOut.push_back(id); });
    for (const char* id : {"a", "b", "c", "d", "e"}) selection.toggleCompared(id);
    QCOMPARE(fellOut, std::vector<std::string>{"a"});
    QCOMPARE(selection.compared(), (std::vector<std::string>{"b", "c", "d", "e"}));
    selection.toggleCompared("c");
    QCOMPARE(selection.compared(), (std::vector<std::string>{"b", "d", "e"}));
  }

  void ctrlClickSelectsOneMoreThanTheSelected() {
    Selection selection;
    selection.selectCheckpoint("run1", "a");
    selection.tickBeside("b");
    QCOMPARE(selection.compared(), (std::vector<std::string>{"a", "b"}));
    selection.tickBeside("b");
    QCOMPARE(selection.compared(), (std::vector<std::string>{"a"}));
    selection.tickBeside("a");
    QVERIFY(selection.compared().empty());
    selection.tickBeside("a");  // itself: one tick, not two
    QCOMPARE(selection.compared(), (std::vector<std::string>{"a"}));
  }

  void ticksStayWhateverIsSelected() {
    Selection selection;
    QSignalSpy changed(&selection, &Selection::comparedChanged);
    selection.setCompared({"a", "b", "c", "d", "e"});
    QCOMPARE(selection.compared(), (std::vector<std::string>{"a", "b", "c", "d"}));
    selection.selectCheckpoint("run2", "x");
    QVERIFY(selection.isCompared("d") && !selection.isCompared("x"));
    selection.setCompared(selection.compared());
    QCOMPARE(changed.count(), 1);  // nothing new, nothing said
    selection.clearCompared();
    QVERIFY(selection.compared().empty());
    QCOMPARE(changed.count(), 2);
  }
};

CAIRN_TEST(SelectionTest, selection)
#include "tst_selection.moc"
