#include "ui/dialogs/latest_task.h"

#include <QElapsedTimer>
#include <memory>

#include "core/caught_error.h"

namespace cairn::ui {

namespace {
constexpr qint64 kProgressEveryMs = 50;
}

LatestTask::LatestTask(QObject* parent) : QObject(parent) {
  pool_.setMaxThreadCount(1);
  pool_.setExpiryTimeout(-1);
}

LatestTask::~LatestTask() {
  ++newest_;
  pool_.clear();
  pool_.waitForDone();
}

void LatestTask::run(Work work) {
  const auto id = ++newest_;
  pool_.clear();
  running_ = true;
  Q_EMIT started();
  pool_.start([this, id, work = std::move(work)] {
    QElapsedTimer sinceTold;
    const core::Progress progress = [&](std::string_view phase, std::int64_t done, std::int64_t total) {
      if (!sinceTold.isValid() || sinceTold.elapsed() >= kProgressEveryMs) {
        sinceTold.start();
        QMetaObject::invokeMethod(this, [this, id, text = QString::fromUtf8(phase.data(), static_cast<int>(phase.size())), done, total] {
          if (id == newest_) Q_EMIT progressed(text, done, total);
        }, Qt::QueuedConnection);
      }
      return id == newest_;
    };
    try {
      report(id, work(progress));
    } catch (...) {
      const auto error = caughtError("the work");
      const bool cancelled = error.kind() == ErrorKind::Cancelled;
      report(id, cancelled ? std::function<void()>([] {}) : [this, error] { Q_EMIT failed(error); });
    }
  });
}

void LatestTask::cancel() {
  if (!running_) return;
  ++newest_;
  running_ = false;
  Q_EMIT finished();
}

void LatestTask::report(std::uint64_t id, std::function<void()> answer) {
  QMetaObject::invokeMethod(this, [this, id, answer = std::move(answer)] {
    if (id != newest_) return;
    running_ = false;
    answer();
    Q_EMIT finished();
  }, Qt::QueuedConnection);
}

}  // namespace cairn::ui
