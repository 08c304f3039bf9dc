#include "ui/progress_bar.h"

#include <QProgressBar>

namespace cairn::ui {

namespace {
constexpr int kBarSteps = 1000;  // a bar counts in int, and bytes are more
}

void showProgress(QProgressBar& bar, qint64 done, qint64 total) {
  bar.setRange(0, total > 0 ? kBarSteps : 0);
  if (total > 0) bar.setValue(static_cast<int>(done * kBarSteps / total));
}

}  // namespace cairn::ui
