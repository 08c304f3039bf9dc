// Work off the GUI thread of which only the newest matters: an older one is asked to stop and its answer dropped.
// Make, ask and destroy it on the GUI thread.
#pragma once

#include <QObject>
#include <QThreadPool>
#include <atomic>
#include <cstdint>
#include <functional>

#include "core/error.h"
#include "core/progress.h"

namespace cairn::ui {

class LatestTask : public QObject {
  Q_OBJECT

 public:
  explicit LatestTask(QObject* parent = nullptr);
  ~LatestTask() override;  ///< Asks the work to stop and waits for it. Blocks.

  /// Runs on the worker thread (always the same one, one after the other); what it returns runs on the GUI thread.
  using Work = std::function<std::function<void()>(const core::Progress&)>;
  void run(Work work);  ///< Must not block.
  void cancel();
  bool isRunning() const { return running_; }

 Q_SIGNALS:
  void started();
  void progressed(const QString& phase, qint64 done, qint64 total);
  void failed(const cairn::Error& error);  ///< not of one that was cancelled
  void finished();                         ///< the newest ended: its answer was given, it failed or was cancelled

 private:
  void report(std::uint64_t id, std::function<void()> answer);

  QThreadPool pool_;
  std::atomic<std::uint64_t> newest_{0};
  bool running_ = false;
};

}  // namespace cairn::ui
