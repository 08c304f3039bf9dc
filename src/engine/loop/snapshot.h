// Takes a checkpoint's tensors without holding training up: a copier thread copies large parameters and optimizer state
// while the next forward and backward pass run, which only read them. All methods on the training thread.
#pragma once

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "core/state_tree.h"
#include "engine/loop/staging.h"
#include "engine/optim/optimizer.h"
#include "engine/torch_pch.h"

namespace cairn::engine {

class Snapshotter {
 public:
  /// States of at least `overlapFrom` bytes are copied by the copier; smaller ones faster at once.
  explicit Snapshotter(std::size_t overlapFrom = std::size_t{1} << 20) : overlapFrom_(overlapFrom) {}
  ~Snapshotter();
  Snapshotter(const Snapshotter&) = delete;
  Snapshotter& operator=(const Snapshotter&) = delete;

  /// `build` makes the tree with what it is given: `steady` for tensors that change only in optimizer.step(), `moving`
  /// for those that change in a forward pass. It is called again if the state takes more room than the last one did.
  using Build = std::function<core::StateTree(const TensorCapture& steady, const TensorCapture& moving)>;
  /// The tree is whole after finish(), which must come before the next optimizer.step().
  core::StateTree begin(const Build& build);
  void finish();

 private:
  struct Copy {
    torch::Tensor from;  ///< contiguous, on the CPU
    std::byte* to = nullptr;
  };

  core::StateTree fill(const Build& build);
  core::Tensor place(const torch::Tensor& tensor, bool steady);
  void work(const std::stop_token& stopped);

  std::size_t overlapFrom_;
  StagingPool pool_;
  std::shared_ptr<std::byte> staging_;  ///< of the snapshot being begun
  std::size_t capacity_ = 0, used_ = 0;  ///< bytes of it; what does not fit is only counted
  bool overlapping_ = false;
  std::vector<std::pair<const void*, core::Tensor>> placed_;  ///< tied tensors share one place

  std::mutex mutex_;  // guards copies_ and copying_
  std::condition_variable_any changed_;
  std::vector<Copy> copies_;
  bool copying_ = false;
  std::jthread copier_;
};

}  // namespace cairn::engine
