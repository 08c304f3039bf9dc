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
  /// Ids of the checkpoints ticked, in that order: A, B, C, D. Ticks stay until they are taken away, whatever is
  /// selected meanwhile.
  const std::vector<std::string>& compared() const { return compared_; }
  bool isCompared(const std::string& checkpoint) const;
  static constexpr std::size_t kMostCompared = 4;

  void selectRun(const std::string& run);  ///< clears the checkpoint if it belongs to another run
  void selectCheckpoint(const std::string& run, const std::string& checkpoint);
  void clear();
  void toggleCompared(const std::string& checkpoint);  ///< four at most: the oldest falls out
  /// As toggleCompared, but the first tick also ticks the selected checkpoint: Ctrl-click selects one more.
  void tickBeside(const std::string& checkpoint);
  void setCompared(std::vector<std::string> checkpoints);  ///< the first four
  void clearCompared() { setCompared({}); }

 Q_SIGNALS:
  void runChanged();
  void checkpointChanged();
  void comparedChanged();
  void tickFellOut(const std::string& checkpoint);  ///< a fifth took its place

 private:
  std::string run_, checkpoint_;
  std::vector<std::string> compared_;
};

}  // namespace cairn::ui
