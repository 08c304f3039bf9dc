// Making a step of a run again, from the window: asks which, shows how far it is, and tells how it compares with the
// record. GUI thread; the work is the training controller's.
#pragma once

#include <QObject>
#include <memory>
#include <string>

#include "core/error.h"
#include "training/job.h"
#include "ui/app/verb_menu.h"

class QWidget;

namespace cairn::ui {

class Banner;
class CatalogClient;
class Selection;
class TrainingController;
class WorkLine;

class Recreations : public QObject {
  Q_OBJECT

 public:
  Recreations(QWidget* window, Banner& banner, WorkLine& line, CatalogClient& client, TrainingController& controller,
              Selection& selection);

  void recreate(const std::string& checkpoint);
  void askStep(const std::string& run);  ///< opens a dialog for the step
  /// Why no step of it can be made again now; "" if one can.
  QString whyNot(const std::string& run) const;
  std::vector<Verb> verbs(const VerbTarget& target);  ///< of a menu

 private:
  void showWork();
  void onEnded(const std::string& run, std::int64_t step, const std::shared_ptr<const training::Recreated>& recreated,
               const std::shared_ptr<const Error>& error);
  QString nameOf(const std::string& run) const;

  QWidget* window_;
  Banner& banner_;
  WorkLine& line_;
  CatalogClient& client_;
  TrainingController& controller_;
  Selection& selection_;
};

/// "100 of 100 repeated steps identical, and its state is identical to the record." Or what differs, and why.
QString recreatedText(const training::Recreated& recreated);
bool isAsOnRecord(const training::Recreated& recreated);

}  // namespace cairn::ui
