// What the window does about a home that cannot be opened, or not as it should: rebuilds a damaged catalog, opens another
// home, says that one is read-only. GUI thread; the rebuild has a thread of its own.
#pragma once

#include <QObject>
#include <functional>

#include "core/error.h"
#include "storage/rebuild.h"
#include "ui/dialogs/latest_task.h"

class QWidget;

namespace cairn::ui {

class Banner;
class CatalogClient;
class HomeErrorPage;
class TrainingController;

class HomeTroubles : public QObject {
  Q_OBJECT

 public:
  HomeTroubles(QWidget* window, HomeErrorPage& page, Banner& banner, CatalogClient& client, TrainingController& controller);

 Q_SIGNALS:
  void pageWanted();  ///< the page is to stand in the window's place

 private:
  void showPage(const Error& error);
  void rebuild();
  void tell(const storage::RebuildReport& report);
  void onCommandFailed(const Error& error);
  void tellBusy();
  void onReadOnly(const Error& why);
  void openAnotherHome();

  QWidget* window_;
  HomeErrorPage& page_;
  Banner& banner_;
  CatalogClient& client_;
  TrainingController& controller_;
  bool rebuilt_ = false;  // the task that ran last came to its end
  LatestTask task_;       // last, so that it ends first
};

/// What the catalog was made from, "It holds 12 runs and 40 checkpoint files.", and what could not be brought back.
QString rebuiltText(const storage::RebuildReport& report);

}  // namespace cairn::ui
