// Stands in the window's place when the home cannot be opened: what is wrong, and what to do. GUI thread.
#pragma once

#include <QWidget>

#include "core/error.h"

class QLabel;

namespace cairn::ui {

class HomeErrorPage : public QWidget {
  Q_OBJECT

 public:
  explicit HomeErrorPage(QWidget* parent = nullptr);
  void setError(const QString& home, const Error& error);

 Q_SIGNALS:
  void retryRequested();
  void quitRequested();

 private:
  QLabel* home_;
  QLabel* why_;
  QLabel* advice_;
};

}  // namespace cairn::ui
