// A trained model at work for the dialog's pages: one question at a time, off the GUI thread, the newest one counts.
// GUI thread.
#pragma once

#include <functional>
#include <memory>

#include "core/records.h"
#include "engine/face/engine.h"
#include "ui/dialogs/latest_task.h"

namespace cairn::ui {

class PredictSession : public QObject {
  Q_OBJECT

 public:
  using QObject::QObject;

  /// Reads the checkpoint and builds its model: loaded() or the task's failed() follows. Must not block.
  void load(const core::CheckpointRecord& checkpoint);
  /// What stays the same about the model; its predicting methods are for `ask` alone. Null before loaded().
  const engine::Predictor* model() const { return predictor_.get(); }
  LatestTask& task() { return task_; }

  /// `work` runs off the GUI thread, then `done` on it, unless a newer question came.
  template <typename Result>
  void ask(std::function<Result(engine::Predictor&, const core::Progress&)> work, std::function<void(Result)> done) {
    task_.run([predictor = predictor_, work = std::move(work), done = std::move(done)](const core::Progress& progress) {
      auto result = std::make_shared<Result>(work(*predictor, progress));
      return std::function<void()>([result, done] { done(std::move(*result)); });
    });
  }

 Q_SIGNALS:
  void loaded();

 private:
  std::shared_ptr<engine::Predictor> predictor_;
  LatestTask task_;
};

}  // namespace cairn::ui
