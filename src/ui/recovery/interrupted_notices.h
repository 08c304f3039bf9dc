// Tells on the banner which runs stopped unexpectedly, and lets each be resumed; several are listed in one dialog.
// GUI thread.
#pragma once

#include <QObject>
#include <QPointer>
#include <QTimer>
#include <map>
#include <string>
#include <vector>

#include "ui/home_snapshot.h"
#include "ui/recovery/interrupted_dialog.h"

namespace cairn::ui {

class Banner;
class CatalogClient;
class Selection;
class TrainingController;

class InterruptedNotices : public QObject {
  Q_OBJECT

 public:
  InterruptedNotices(QWidget* window, Banner& banner, CatalogClient& client, TrainingController& controller,
                     Selection& selection);

 private:
  std::vector<core::RunRecord> waiting() const;  ///< interrupted, not dismissed, not taken up; the newest first
  void update();
  void tellOne(const core::RunRecord& run, const QString& words);
  void tellSeveral(const std::vector<InterruptedRow>& rows);
  void openList();
  void resume(const std::string& run);
  void show(const std::string& run);
  void dismiss(const std::string& run);
  double secondsLost(const core::RunRecord& run);  ///< negative until it is measured
  void measure(const core::RunRecord& run, std::int64_t checkpointStep);

  QWidget* window_;
  Banner& banner_;
  CatalogClient& client_;
  TrainingController& controller_;
  Selection& selection_;
  QPointer<InterruptedDialog> list_;
  QTimer minute_;  // "3 min ago" grows old
  QString told_;   // what stands on the banner, so that it is not drawn anew under the mouse
  std::map<std::string, std::pair<std::string, double>> lost_;  // by run: its updatedAt, seconds
};

}  // namespace cairn::ui
