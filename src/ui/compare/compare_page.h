// A page of the comparison: computes once it is seen, off the GUI thread, and says what it does, that it failed, or
// that there is nothing to show. GUI thread.
#pragma once

#include <QWidget>
#include <filesystem>
#include <functional>
#include <memory>

#include "core/error.h"
#include "core/progress.h"
#include "ui/compare/compared.h"
#include "ui/dialogs/latest_task.h"

class QLabel;
class QProgressBar;
class QPushButton;
class QStackedLayout;

namespace cairn::ui {

class SharedComparison;

class ComparePage : public QWidget {
  Q_OBJECT

 public:
  explicit ComparePage(QWidget* parent = nullptr);

  /// Other checkpoints stop what was being computed for the ones before; the page begins when it is seen.
  void setItems(const ComparedItems& items, std::shared_ptr<SharedComparison> files);
  virtual QString title() const = 0;     ///< of its tab
  virtual QString fileName() const = 0;  ///< of an export, without its ending
  QImage picture();                      ///< tables with all their rows; null while there is nothing to export
  virtual QByteArray toCsv() const {
    return {};
  }  ///< empty while there is nothing to export, or if only tableWriter has it
  /// Writes the page's table; holds nothing of the page, so that it can run on any thread. Throws Error. Blocks.
  using Write = std::function<void(const std::filesystem::path& file, const core::Progress& progress)>;
  virtual Write tableWriter() const;
  bool hasContent() const;
  virtual bool hasTable() const { return hasContent(); }  ///< whether there is a table to write
  bool isBusy() const { return task_.isRunning(); }

 Q_SIGNALS:
  void contentChanged();  ///< what can be exported came or went

 protected:
  virtual void begin() = 0;         ///< other checkpoints, and the page is seen
  virtual void stop() {}            ///< other checkpoints, seen or not: end what the page computes beside task()
  virtual void leave() {}           ///< nothing is compared any more: let go of what was read
  virtual void recordsChanged() {}  ///< the same checkpoints, but names, figures, colours or states
  void showEvent(QShowEvent* event) override;

  const ComparedItems& items() const { return items_; }
  const std::shared_ptr<SharedComparison>& files() const { return files_; }
  /// What the page shows when it has something; made once, in the constructor.
  void setContent(QWidget* content);
  void showContent();
  /// `verb` "": no button.
  void showMessage(const QString& words, const QString& verb = {}, std::function<void()> act = {});
  /// Runs `work` behind a progress bar with Cancel; its failure is shown with a way to try again.
  void compute(const QString& what, LatestTask::Work work);
  /// Whether every checkpoint can be read: its file is there, or was read before it went. Says so if not, and begins
  /// once they are there.
  bool filesAreThere();
  bool filesAreOnDisk();  ///< the same for who reads them once more
  LatestTask& task() { return task_; }

 private:
  void beginIfSeen();
  void buildBusy();
  void buildMessage();

  ComparedItems items_;
  std::shared_ptr<SharedComparison> files_;
  bool stale_ = false;
  bool waitsForFiles_ = false;
  QString what_;
  QStackedLayout* stack_;
  QWidget* content_ = nullptr;
  QWidget* busy_;
  QLabel* phase_;
  QProgressBar* bar_;
  QWidget* message_;
  QLabel* words_;
  QPushButton* verb_;
  std::function<void()> act_;
  LatestTask task_;  // last, so that it ends first
};

/// A card: the frame that every panel of a page stands in, with a muted heading ("": none).
QWidget* compareCard(const QString& heading, std::initializer_list<QWidget*> contents);

}  // namespace cairn::ui
