// Turns what befell runs into lines of the banner: interrupted runs, failures, storage trouble, repeated steps.
// GUI thread.
#pragma once

#include <QObject>
#include <map>
#include <string>

#include "core/error.h"
#include "core/events.h"
#include "ui/home_snapshot.h"

namespace cairn::ui {

class Banner;
class CatalogClient;
class RunCommands;
class Selection;
class TrainingController;

class Notices : public QObject {
  Q_OBJECT

 public:
  Notices(Banner& banner, CatalogClient& client, TrainingController& controller, Selection& selection,
          RunCommands& commands, QObject* parent);

 private:
  void lookForInterrupted();
  void tellInterrupted(const core::RunRecord& run, double secondsLost);
  void measureLoss(const core::RunRecord& run, std::int64_t checkpointStep);
  void onRunEnded(const std::string& run, core::SessionState state, const std::shared_ptr<const Error>& error);
  void onStorage(const core::StorageTrouble& trouble);
  void onRepeated(const std::string& run, const core::ResumeCheck& check);
  void tellError(const QString& key, const Error& error);
  QString nameOf(const std::string& run) const;

  Banner& banner_;
  CatalogClient& client_;
  TrainingController& controller_;
  Selection& selection_;
  RunCommands& commands_;
  std::map<std::string, std::string> told_;  // interrupted runs that were told of, and how they stood (updatedAt)
};

/// "stopped unexpectedly 3 min ago at step 4,212. Its last checkpoint is ..."; `secondsLost` < 0: not known.
QString interruptedText(const core::RunRecord& run, const core::CheckpointRecord* newest, double secondsLost);

}  // namespace cairn::ui
