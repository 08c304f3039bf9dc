#include <future>
#include <string_view>

#include <fmt/format.h>

#include "core/error.h"
#include "storage/checksums.h"
#include "storage/pickle_writer.h"
#include "storage/torch_file.h"
#include "storage/zip_layout.h"

namespace cairn::storage {

namespace {

constexpr std::string_view kVersion = "3\n";

std::span<const std::byte> bytesOf(std::string_view text) { return std::as_bytes(std::span(text)); }

/// The storages, then data.pkl, which may depend on what they hold, then the version.
std::vector<std::pair<std::string, std::uint64_t>> entriesOf(const PickleWriter& pickle, const std::string& archive) {
  std::vector<std::pair<std::string, std::uint64_t>> entries;
  for (std::size_t i = 0; i < pickle.storages().size(); ++i)
    entries.emplace_back(fmt::format("{}/data/{}", archive, i), pickle.storages()[i].bytes.size());
  entries.emplace_back(archive + "/data.pkl", pickle.bytes().size());
  entries.emplace_back(archive + "/version", kVersion.size());
  return entries;
}

/// On another thread where that is worth one: a header holds the checksum of what follows it, and while a storage is
/// written the next one's is computed.
std::future<std::uint32_t> checksumOf(std::span<const std::byte> storage) {
  constexpr std::size_t kWorthAThread = 1u << 20;
  const auto policy = storage.size() < kWorthAThread ? std::launch::deferred : std::launch::async;
  return std::async(policy, [storage] { return crc32(storage); });
}

}  // namespace

struct TorchFileWriter::Plan {
  Plan(const core::StateTree& tree, const std::string& archive, std::uint64_t zip64From)
      : pickle(tree), layout(entriesOf(pickle, archive), zip64From) {}

  PickleWriter pickle;
  ZipLayout layout;
};

TorchFileWriter::TorchFileWriter(const core::StateTree& tree, std::string archive, std::uint64_t zip64From)
    : plan_(std::make_unique<Plan>(tree, archive, zip64From)) {}

TorchFileWriter::~TorchFileWriter() = default;

std::uint64_t TorchFileWriter::size() const { return plan_->layout.size(); }

void TorchFileWriter::writeTo(const Write& write) const { writeAll(write, [this] { return plan_->pickle.bytes(); }); }

void TorchFileWriter::writeTo(const Write& write, const std::function<core::StateTree()>& amended) const {
  writeAll(write, [&] {
    auto pickle = PickleWriter(amended()).bytes();
    if (pickle.size() != plan_->pickle.bytes().size()) throw Error("data.pkl", "is not as long as it was when it was planned");
    return pickle;
  });
}

void TorchFileWriter::writeAll(const Write& write, const std::function<std::string()>& pickle) const {
  const auto& storages = plan_->pickle.storages();
  std::vector<std::uint32_t> crcs;
  const auto entry = [&](std::span<const std::byte> payload, std::uint32_t crc) {
    write(bytesOf(plan_->layout.localHeader(crcs.size(), crc)));
    if (!payload.empty()) write(payload);
    crcs.push_back(crc);
  };
  std::future<std::uint32_t> next;
  if (!storages.empty()) next = checksumOf(storages.front().bytes);
  for (std::size_t i = 0; i < storages.size(); ++i) {
    const auto crc = next.get();
    if (i + 1 < storages.size()) next = checksumOf(storages[i + 1].bytes);
    entry(storages[i].bytes, crc);
  }
  const auto text = pickle();
  entry(bytesOf(text), crc32(bytesOf(text)));
  entry(bytesOf(kVersion), crc32(bytesOf(kVersion)));
  write(bytesOf(plan_->layout.directory(crcs)));
}

}  // namespace cairn::storage
