// Tells on the banner what repeating recorded steps shows while a resumed run trains: the proof, or where it differs,
// why, and a way to stop. GUI thread.
#pragma once

#include <QObject>
#include <string>
#include <vector>

#include "core/events.h"

namespace cairn::ui {

class Banner;
class CatalogClient;
class TrainingController;

class ProofNotices : public QObject {
  Q_OBJECT

 public:
  ProofNotices(Banner& banner, CatalogClient& client, TrainingController& controller, QObject* parent);

 private:
  void onRepeated(const std::string& run, const core::ResumeCheck& check, bool finished);

  Banner& banner_;
  CatalogClient& client_;
  TrainingController& controller_;
  // Of the run that trains:
  std::vector<std::string> changes_;  // since its checkpoint was made
  bool toldDifference_ = false;
};

}  // namespace cairn::ui
