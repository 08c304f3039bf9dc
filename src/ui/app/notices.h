// Turns what befell runs into lines of the banner: failures, storage trouble, warnings. What wants more than words has
// its own place in ui/recovery. GUI thread.
#pragma once

#include <QObject>
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
  void onRunEnded(const std::string& run, core::SessionState state, const std::shared_ptr<const Error>& error);
  void onStorage(const core::StorageTrouble& trouble);
  void tellError(const QString& key, const Error& error);
  QString nameOf(const std::string& run) const;

  Banner& banner_;
  CatalogClient& client_;
  TrainingController& controller_;
  Selection& selection_;
  RunCommands& commands_;
};

}  // namespace cairn::ui
