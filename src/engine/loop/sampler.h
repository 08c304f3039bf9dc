// The order in which samples are trained on: a permutation fixed by (seed, epoch) and a cursor in it, so that any
// position can be taken up again. On the training thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace cairn::engine {

class Sampler {
 public:
  /// `samples` are the training part's numbers in file order; they outlive the sampler.
  Sampler(std::span<const std::int64_t> samples, std::int64_t batchSize, std::int64_t seed, bool shuffle);

  /// The next batch, the epoch's last one maybe smaller; valid until the next call. Requires !epochDone().
  std::span<const std::int64_t> next();
  bool epochDone() const { return cursor_ == count(); }
  void beginNextEpoch();
  /// Goes on in `epoch` after `cursor` of its samples.
  void restore(std::int64_t epoch, std::int64_t cursor);

  std::int64_t epoch() const { return epoch_; }
  std::int64_t cursor() const { return cursor_; }
  std::int64_t seed() const { return seed_; }
  std::int64_t count() const { return static_cast<std::int64_t>(samples_.size()); }
  std::int64_t batchesPerEpoch() const { return batchesIn(count()); }
  std::int64_t batchesLeft() const { return batchesIn(count() - cursor_); }

 private:
  std::int64_t batchesIn(std::int64_t samples) const { return (samples + batchSize_ - 1) / batchSize_; }
  void order();

  std::span<const std::int64_t> samples_;
  std::int64_t batchSize_, seed_;
  bool shuffle_;
  std::int64_t epoch_ = 0, cursor_ = 0;
  std::int64_t orderedEpoch_ = -1;  ///< whose permutation stands in order_
  std::vector<std::int64_t> order_;
};

}  // namespace cairn::engine
