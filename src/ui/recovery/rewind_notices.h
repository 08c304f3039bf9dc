// Tells on the banner of runs that failed because their numbers ran away, also after a restart, and goes back to the
// newest good checkpoint by one click. GUI thread.
#pragma once

#include <QObject>
#include <map>
#include <set>
#include <string>

#include "core/records.h"
#include "ui/home_snapshot.h"

namespace cairn::ui {

class Banner;
class CatalogClient;
class Selection;
class TrainingController;

class RewindNotices : public QObject {
  Q_OBJECT

 public:
  RewindNotices(Banner& banner, CatalogClient& client, TrainingController& controller, Selection& selection,
                QObject* parent);

 Q_SIGNALS:
  void rewindRequested(const std::string& run);              ///< with a choice of checkpoint and lr
  void startOverRequested(const cairn::core::RunSpec& spec);  ///< with a smaller lr: there is no checkpoint to go back to

 private:
  void update();
  bool wants(const HomeSnapshot& snapshot, const core::RunRecord& run) const;
  void tell(const HomeSnapshot& snapshot, const core::RunRecord& run);

  Banner& banner_;
  CatalogClient& client_;
  TrainingController& controller_;
  Selection& selection_;
  std::map<std::string, std::string> told_;  // runs on the banner: how they stood (updatedAt)
  std::set<std::string> rewound_;            // by a click here: their branch is not in the catalog yet
};

/// The step at which it failed so; nothing if it did not, or a branch was made since.
std::optional<std::int64_t> divergedStep(const HomeSnapshot& snapshot, const core::RunRecord& run);

}  // namespace cairn::ui
