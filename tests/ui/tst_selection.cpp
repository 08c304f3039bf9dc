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
    for (const char* id : {"a", "b", "c", "d", "e"}) selection.toggleCompared(id);
    QCOMPARE(selection.compared(), (std::vector<std::string>{"b", "c", "d", "e"}));
    selection.toggleCompared("c");
    QCOMPARE(selection.compared(), (std::vector<std::string>{"b", "d", "e"}));
  }
};

CAIRN_TEST(SelectionTest, selection)
#include "tst_selection.moc"
