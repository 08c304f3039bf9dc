#include "cairnctl.h"

#include <QDirIterator>
#include <QElapsedTimer>
#include <QThread>

namespace cairn::tests {

bool Cairnctl::waitForCheckpoints(int count) {
  QElapsedTimer timer;
  timer.start();
  while (timer.elapsed() < 30000 && running()) {
    int found = 0;
    for (QDirIterator files(QString::fromStdString(home() + "/checkpoints"), {"step-*.pt"}, QDir::Files,
                            QDirIterator::Subdirectories);
         files.hasNext(); files.next())
      ++found;
    if (found >= count) return true;
    process_.waitForFinished(5);
  }
  return false;
}

}  // namespace cairn::tests
