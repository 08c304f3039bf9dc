// The right side of the window: the selected checkpoint and its run. GUI thread.
#pragma once

#include <QWidget>
#include <string>

#include "ui/app/live_run.h"
#include "ui/catalog_client.h"
#include "ui/selection.h"

class QScrollArea;

namespace cairn::ui {

class CheckpointSection;
class NotesSection;
class RunSection;

class Inspector : public QWidget {
  Q_OBJECT

 public:
  Inspector(CatalogClient& client, Selection& selection, QWidget* parent = nullptr);
  /// The run that this process trains; shown if it is the selected one. An empty `run` means none.
  void setLive(const LiveRun& live);
  void focusNote();  ///< of what is selected

 Q_SIGNALS:
  void resumeRequested(const std::string& run);
  void branchRequested(const std::string& checkpoint);
  void trainLongerRequested(const std::string& run);
  void predictRequested(const std::string& checkpoint);
  void compareRequested(const std::string& checkpoint, const QPoint& global);
  void recreateRequested(const std::string& checkpoint);
  void rewindRequested(const std::string& run);
  void pinRequested(const std::string& checkpoint, bool pinned);
  void checkpointMenuRequested(const std::string& checkpoint, const QPoint& global);
  void runMenuRequested(const std::string& run, const QPoint& global);
  void lrEdited(double lr);

 private:
  std::int64_t newestOnRecord(const std::string& run) const;  ///< step; 0 for a run that is not there
  void update();
  void updateRun();

  CatalogClient& client_;
  Selection& selection_;
  LiveRun live_;
  QWidget* empty_;
  QScrollArea* scroll_;
  CheckpointSection* checkpoint_;
  NotesSection* notes_;
  RunSection* run_;
};

}  // namespace cairn::ui
