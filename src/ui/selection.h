// What the person has selected: one run, one checkpoint, and those ticked for comparison. GUI thread.
#pragma once

#include <QObject>
#include <string>
#include <vector>

namespace cairn::ui {

class Selection : public QObject {
  Q_OBJECT

 public:
  using QObject::QObject;

  const std::string& run() const { return run_; }                ///< id; "" if none
  const std::string& checkpoint() const { return checkpoint_; }  ///< id; "" if none
  const std::vector<std::string>& compared() const { return compared_; }  ///< checkpoint ids, in the order ticked

  void selectRun(const std::string& run);  ///< clears the checkpoint if it belongs to another run
  void selectCheckpoint(const std::string& run, const std::string& checkpoint);
  void clear();
  void toggleCompared(const std::string& checkpoint);  ///< four at most: the oldest tick falls out

 Q_SIGNALS:
  void runChanged();
  void checkpointChanged();
  void comparedChanged();

 private:
  std::string run_, checkpoint_;
  std::vector<std::string> compared_;
};

}  // namespace cairn::ui
