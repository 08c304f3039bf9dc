// The lines on top of the window that stand there only while something wants a person. What merely went well is said over the
// window's foot for a while. GUI thread.
#pragma once

#include <QPointer>
#include <QString>
#include <QWidget>
#include <functional>
#include <map>
#include <vector>

class QVBoxLayout;

namespace cairn::ui {

class Toast;

/// One thing that wants a person. A value; `key` tells it from others, so that it can be replaced and removed.
struct Notice {
  enum class Tone { Done, Info, Warning, Failure };  ///< Done wants nobody: it moves nothing, and goes by itself
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

  void rebuildToast();
  void forgetLater(const QString& key);

  std::vector<Notice> notices_;
  std::map<QString, int> told_;  ///< how often a notice of that key was posted
  QVBoxLayout* layout_;
  QPointer<Toast> toast_;
};

}  // namespace cairn::ui
