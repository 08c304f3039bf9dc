// The badge of a run whose recorded steps were repeated after a crash: a mark and what came of it. GUI thread.
#pragma once

#include <QWidget>

#include "ui/home_snapshot.h"

class QLabel;

namespace cairn::ui {

class ProofBadge : public QWidget {
  Q_OBJECT

 public:
  explicit ProofBadge(QWidget* parent = nullptr);
  /// Hidden where nothing was repeated.
  void show(const HomeSnapshot& snapshot, const core::RunRecord& run);

 private:
  void dress();

  bool same_ = true;
  QLabel* icon_;
  QLabel* headline_;
  QLabel* detail_;
};

}  // namespace cairn::ui
