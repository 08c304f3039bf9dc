// Writes checkpoints by the save protocol, one after the other, and prints how long each took until it was durable.
// Usage: bench_durable_write FOLDER BYTES TIMES
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <random>

#include "core/state_tree.h"
#include "storage/checkpoint_files.h"
#include "support/measured.h"

using namespace cairn;

namespace {

/// Parameters and two moments, as Adam's checkpoints have them, in tensors of some MB.
core::StateTree stateOf(std::int64_t bytes) {
  constexpr std::int64_t kTensor = 8 << 20;
  auto model = core::StateTree::stateDict();
  std::mt19937 random(1);
  for (std::int64_t at = 0; at < bytes; at += kTensor) {
    const auto count = std::min(kTensor, bytes - at) / 4;
    std::vector<float> values(static_cast<std::size_t>(std::max<std::int64_t>(count, 1)));
    for (auto& value : values) value = static_cast<float>(random());
    model.set(fmt::format("layers.{}.weight", at / kTensor),
              core::Tensor::copyOf(core::DType::Float32, {static_cast<std::int64_t>(values.size())},
                                   std::as_bytes(std::span(values))));
  }
  auto tree = core::StateTree::dict();
  tree.set("step", std::int64_t{1});
  tree.set("model_state_dict", std::move(model));
  tree.set("cairn", core::StateTree::dict());
  return tree;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return std::fprintf(stderr, "usage: bench_durable_write FOLDER BYTES TIMES\n"), 2;
  const std::filesystem::path folder = argv[1];
  const auto state = stateOf(std::atoll(argv[2]));
  std::vector<double> seconds;
  std::uint64_t bytes = 0;
  for (int i = 0; i < std::atoi(argv[3]); ++i) {
    const auto target = folder / fmt::format("step-{}-00000000.pt", i + 1);
    const auto begin = bench::Clock::now();
    bytes = storage::writeCheckpointFile(storage::FileSystem::posix(), target, state).bytes;
    seconds.push_back(bench::secondsSince(begin));
    std::filesystem::remove(target);
  }
  bench::print({{"seconds", bench::median(seconds)}, {"bytes", bytes}});
  return 0;
}
