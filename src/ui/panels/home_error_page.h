// Stands in the window's place when the home cannot be opened: what is wrong, and what to do about it. GUI thread.
#pragma once

#include <QWidget>

#include "core/error.h"

class QHBoxLayout;
class QLabel;
class QProgressBar;
class QPushButton;

namespace cairn::ui {

class HomeErrorPage : public QWidget {
  Q_OBJECT

 public:
  explicit HomeErrorPage(QWidget* parent = nullptr);

  /// `rebuildable`: the catalog can be made anew from what else the home holds.
  void setError(const QString& home, const Error& error, bool rebuildable);
  void showRebuilding(const QString& phase, qint64 done, qint64 total);  ///< total 0: not known
  void showRebuildFailed(const QString& why);                            ///< "": it was cancelled

 Q_SIGNALS:
  void retryRequested();
  void rebuildRequested();
  void cancelRequested();     ///< of the rebuild
  void otherHomeRequested();  ///< a person wants to choose one
  void quitRequested();

 private:
  void setWorking(bool working);
  QPushButton* button(const QString& words, const char* id, void (HomeErrorPage::*told)());

  QLabel* title_;
  QLabel* home_;
  QLabel* why_;
  QLabel* advice_;
  QLabel* untouched_;
  QLabel* phase_;
  QProgressBar* bar_;
  QHBoxLayout* buttons_;
  QPushButton* rebuild_;
  QPushButton* retry_;
  QPushButton* other_;
  QPushButton* cancel_;
  QPushButton* quit_;
};

}  // namespace cairn::ui
