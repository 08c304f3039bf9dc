#include "engine/loop/snapshot.h"

#include <cstring>

#include "engine/tensor_bridge.h"

namespace cairn::engine {

namespace {

constexpr std::size_t kAlignment = 64;

std::size_t aligned(std::size_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

}  // namespace

Snapshotter::~Snapshotter() { finish(); }

core::StateTree Snapshotter::begin(const Build& build) {
  finish();
  auto tree = fill(build);
  if (used_ > capacity_) {  // the first time, or the state has grown: now it is known how much room it takes
    capacity_ = used_;
    tree = fill(build);
  }
  staging_.reset();
  placed_.clear();
  if (!copies_.empty()) {
    {
      const std::lock_guard lock(mutex_);
      copying_ = true;
    }
    if (!copier_.joinable()) copier_ = std::jthread([this](const std::stop_token& stopped) { work(stopped); });
    changed_.notify_all();
  }
  return tree;
}

core::StateTree Snapshotter::fill(const Build& build) {
  used_ = 0;
  placed_.clear();
  copies_.clear();
  if (capacity_ > 0) staging_ = pool_.lease(capacity_);
  overlapping_ = capacity_ >= overlapFrom_;
  return build([this](const torch::Tensor& tensor) { return place(tensor, true); },
               [this](const torch::Tensor& tensor) { return place(tensor, false); });
}

void Snapshotter::finish() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !copying_; });
}

core::Tensor Snapshotter::place(const torch::Tensor& tensor, bool steady) {
  for (const auto& [memory, known] : placed_)
    if (memory == tensor.data_ptr() && known.shape == tensor.sizes().vec()) return known;
  const auto bytes = tensor.nbytes();
  core::Tensor placed{toCore(tensor.scalar_type()), tensor.sizes().vec(), {}, {}};
  if (used_ + aligned(bytes) <= capacity_ && staging_) {
    auto* to = staging_.get() + used_;
    placed.bytes = {to, bytes};
    placed.owner = staging_;
    const auto plain = tensor.detach().cpu().contiguous();
    if (overlapping_ && steady && plain.data_ptr() == tensor.data_ptr()) {
      copies_.push_back({plain, to});
    } else if (bytes > 0) {
      std::memcpy(to, plain.data_ptr(), bytes);
    }
  }
  used_ += aligned(bytes);
  if (bytes > 0) placed_.emplace_back(tensor.data_ptr(), placed);
  return placed;
}

void Snapshotter::work(const std::stop_token& stopped) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stopped, [this] { return copying_; })) {
    const auto copies = std::move(copies_);
    copies_.clear();
    lock.unlock();
    for (const auto& copy : copies) std::memcpy(copy.to, copy.from.data_ptr(), copy.from.nbytes());
    lock.lock();
    copying_ = false;
    changed_.notify_all();
  }
}

}  // namespace cairn::engine
