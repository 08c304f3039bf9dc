#include "engine/loop/sampler.h"

#include <algorithm>

#include "engine/data/random.h"

namespace cairn::engine {

namespace {

/// Keeps the order's numbers apart from those of other uses of the same seed (the split).
constexpr std::uint64_t kOrderStream = 0x6f72646572;  // "order"

SplitMix64 generatorOf(std::int64_t seed, std::int64_t epoch) {
  SplitMix64 ofSeed(static_cast<std::uint64_t>(seed) ^ kOrderStream);
  SplitMix64 ofEpoch(ofSeed.next() ^ static_cast<std::uint64_t>(epoch));
  return SplitMix64(ofEpoch.next());
}

}  // namespace

Sampler::Sampler(std::span<const std::int64_t> samples, std::int64_t batchSize, std::int64_t seed, bool shuffle)
    : samples_(samples), batchSize_(batchSize), seed_(seed), shuffle_(shuffle) {}

std::span<const std::int64_t> Sampler::next() {
  order();
  const auto begin = cursor_;
  cursor_ = std::min(begin + batchSize_, count());
  const std::span<const std::int64_t> all = shuffle_ ? std::span<const std::int64_t>(order_) : samples_;
  return all.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(cursor_ - begin));
}

void Sampler::beginNextEpoch() { restore(epoch_ + 1, 0); }

void Sampler::restore(std::int64_t epoch, std::int64_t cursor) {
  epoch_ = epoch;
  cursor_ = cursor;
}

void Sampler::order() {
  if (!shuffle_ || orderedEpoch_ == epoch_) return;
  order_.assign(samples_.begin(), samples_.end());
  auto random = generatorOf(seed_, epoch_);
  engine::shuffle(order_, random);
  orderedEpoch_ = epoch_;
}

}  // namespace cairn::engine
