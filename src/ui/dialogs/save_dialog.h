// What every dialog that writes a file shares: a format, a place, a question before anything is replaced, progress and
// a way out, and why it could not be done. GUI thread; writing has a thread of its own.
#pragma once

#include <QDialog>
#include <filesystem>
#include <functional>
#include <vector>

#include "core/progress.h"
#include "ui/dialogs/latest_task.h"

class QButtonGroup;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace cairn::ui {

class PathLine;

struct SaveFormat {
  const char* name;       ///< of its button
  const char* ending;     ///< ".pt"
  QString title, use;     ///< what it is, with a mnemonic; what it is for
  const char* also = "";  ///< another ending that means the same: ".pth"

  bool names(const QString& path) const;  ///< whether it ends so
};

class SaveDialog : public QDialog {
  Q_OBJECT

 public:
  using Files = std::vector<std::filesystem::path>;

 Q_SIGNALS:
  void written(const QStringList& files);  ///< all of them whole; the dialog has closed

 protected:
  /// `name`: of the file that is proposed, without its ending.
  SaveDialog(const QString& title, std::vector<SaveFormat> formats, const QString& name, QWidget* parent);

  QVBoxLayout& middle() { return *middle_; }  ///< between the formats and the place
  std::size_t format() const;
  void say(const QString& problem);

  virtual void formatChanged() {}
  /// All that writing `target` writes. Throws Error if it must not.
  virtual Files filesOf(const std::filesystem::path& target) const { return {target}; }
  /// Called on the GUI thread; what it returns runs on another, and holds nothing of the dialog's.
  using Write = std::function<void(const core::Progress&)>;
  virtual Write writeTo(const std::filesystem::path& target) = 0;

 private:
  QWidget* makeFormats();
  QWidget* makePlace();
  QWidget* makeFooter();
  void choose(std::size_t format);
  void formatClicked();
  void pathChanged();
  void askAndWrite();
  void askToReplace(const Files& all, const QStringList& there);
  void write(const Files& files);
  void setBusy(bool busy);
  QString withEnding(const QString& path) const;
  std::filesystem::path target();

  std::vector<SaveFormat> formats_;
  QButtonGroup* buttons_;
  QVBoxLayout* middle_;
  PathLine* file_;
  QLabel* problem_;
  QPushButton* save_;
  QWidget* form_;
  LatestTask task_;  // last, so that it ends first
};

/// A file's name that every system takes: "lr-0.003-step-120".
QString fileNameOf(QString words);

}  // namespace cairn::ui
