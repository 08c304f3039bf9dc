#include "engine/loop/data_cache.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "engine/data/data_files.h"
#include "engine/data/dataset.h"
#include "engine/loop/batcher.h"

namespace cairn::engine {

namespace {

constexpr std::size_t kHeldBytes = std::size_t{64} << 20;  // more is let go with its last user

struct Cache {
  std::mutex mutex;  // guards the rest
  std::string key;
  std::weak_ptr<const PreparedData> known;
  std::shared_ptr<const PreparedData> held;
};

Cache& cache() {
  static Cache one;
  return one;
}

/// Says whether anything changed since: a file's time of change cannot be set by whoever writes it. None: not to be
/// kept.
std::optional<std::string> keyOf(const core::RunSpec& spec) {
  auto key = fmt::format("{} {}", spec.training.seed, core::toJson(spec)["data"].dump());
  for (const auto& file : filesOf(spec.data)) {
    struct stat info {};
    if (stat(file.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return {};
    key += fmt::format("\n{}:{} {} {}.{} {}.{}", info.st_dev, info.st_ino, info.st_size, info.st_mtim.tv_sec,
                       info.st_mtim.tv_nsec, info.st_ctim.tv_sec, info.st_ctim.tv_nsec);
  }
  return key;
}

std::size_t bytesOf(const Dataset& data) {
  return (data.values.size() + data.targets.size()) * sizeof(float) + data.pixels.size() + data.bytes.size() +
         (data.labels.size() + data.training.size() + data.validation.size()) * sizeof(std::int64_t);
}

}  // namespace

std::shared_ptr<const PreparedData> preparedData(const core::RunSpec& spec, const core::Progress& progress) {
  const auto key = keyOf(spec);
  if (key) {
    const std::lock_guard lock(cache().mutex);
    if (cache().key == *key)
      if (auto known = cache().known.lock()) return known;
    cache().held.reset();  // before more is loaded
  }
  auto fresh = std::make_shared<const PreparedData>(loadDataset(spec.data, spec.training.seed, progress));
  if (key && keyOf(spec) == key) {  // nobody wrote to a file while it was read
    const std::lock_guard lock(cache().mutex);
    cache().key = *key;
    cache().known = fresh;
    if (bytesOf(fresh->data) <= kHeldBytes) cache().held = fresh;
  }
  return fresh;
}

}  // namespace cairn::engine
