// The compared checkpoints' files: read by whichever page needs them first, shared by all. Thread-safe.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/progress.h"
#include "storage/home.h"

namespace cairn::training {
class Comparison;
}

namespace cairn::ui {

class SharedComparison {
 public:
  SharedComparison(const storage::Home& home, std::vector<std::string> checkpoints);

  const storage::Home& home() const { return home_; }
  const std::vector<std::string>& checkpoints() const { return checkpoints_; }  ///< ids, A first
  bool isRead() const { return read_; }                                         ///< all are in memory: the files may go
  /// Reads the files unless somebody did, or waits for who does. Throws Error; of kind Cancelled when `progress` says
  /// stop. Blocks.
  std::shared_ptr<const training::Comparison> get(const core::Progress& progress);

 private:
  storage::Home home_;
  std::vector<std::string> checkpoints_;
  std::timed_mutex opening_;
  std::shared_ptr<const training::Comparison> open_;  ///< guarded by opening_
  std::atomic<bool> read_{false};
};

}  // namespace cairn::ui
