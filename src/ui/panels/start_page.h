// What the middle of an empty home shows: the examples, a new run, and how to go on. GUI thread.
#pragma once

#include <QScrollArea>

#include "ui/app/examples.h"
#include "ui/home_snapshot.h"

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace cairn::ui {

class StartPage : public QScrollArea {
  Q_OBJECT

 public:
  explicit StartPage(QWidget* parent = nullptr);
  void setSnapshot(const HomeSnapshot& snapshot);  ///< for the newest runs
  void setReadOnly(bool readOnly);

 Q_SIGNALS:
  void exampleRequested(const QString& name);
  void newRunRequested();
  void runRequested(const std::string& run);

 private:
  QWidget* exampleCard(const BuiltInExample& example);
  QWidget* ownDataCard();
  QWidget* cardOf(const QString& icon, const QString& title, const QString& description, QPushButton* start);

  QList<QPushButton*> starters_;
  QLabel* recentHeading_;
  QVBoxLayout* recent_;
};

}  // namespace cairn::ui
