// A line under the banner while something is done beside training: what, how far it is, and a way to cancel it.
// GUI thread.
#pragma once

#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;

namespace cairn::ui {

class WorkLine : public QWidget {
  Q_OBJECT

 public:
  explicit WorkLine(QWidget* parent = nullptr);
  /// `total` 0: not known.
  void show(const QString& words, qint64 done, qint64 total);

 Q_SIGNALS:
  void cancelRequested();

 private:
  QLabel* words_;
  QProgressBar* bar_;
  QPushButton* cancel_;
};

}  // namespace cairn::ui
