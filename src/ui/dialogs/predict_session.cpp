#include "ui/dialogs/predict_session.h"

#include "storage/checkpoint_files.h"
#include "storage/file_system.h"

namespace cairn::ui {

// Read on this task's thread and not on the catalog's: a large file would hold the window's reads up.
void PredictSession::load(const core::CheckpointRecord& checkpoint) {
  task_.run([this, checkpoint](const core::Progress& progress) {
    const auto state = storage::readCheckpoint(storage::FileSystem::posix(), checkpoint, progress);
    std::shared_ptr<engine::Predictor> predictor = engine::engine().createPredictor(*state);
    return std::function<void()>([this, predictor] {
      predictor_ = predictor;
      Q_EMIT loaded();
    });
  });
}

}  // namespace cairn::ui
