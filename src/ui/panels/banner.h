// The lines on top of the window that stand there only while something wants a person. GUI thread.
#pragma once

#include <QString>
#include <QWidget>
#include <functional>
#include <vector>

class QVBoxLayout;

namespace cairn::ui {

/// One thing that wants a person. A value; `key` tells it from others, so that it can be replaced and removed.
struct Notice {
  enum class Tone { Info, Warning, Failure };
  struct Action {
    QString label;
    std::function<void()> act;
    bool primary = false;
    bool closes = true;  ///< the notice goes away as it is pressed
  };
  QString key;
  Tone tone = Tone::Info;
  QString title;  ///< bold; a run's name
  QString text;
  std::vector<Action> actions;
  std::function<void()> dismissed;  ///< may be empty; every notice has a Dismiss
};

class Banner : public QWidget {
  Q_OBJECT

 public:
  explicit Banner(QWidget* parent = nullptr);

  void post(Notice notice);  ///< replaces the one with the same key
  void remove(const QString& key);
  bool shows(const QString& key) const;

 private:
  QWidget* lineOf(const Notice& notice);
  void rebuild();
  void dismiss(const QString& key);

  std::vector<Notice> notices_;
  QVBoxLayout* layout_;
};

}  // namespace cairn::ui
