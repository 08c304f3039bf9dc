#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "storage/checksums.h"
#include "storage/pickle_writer.h"
#include "storage/torch_file.h"
#include "storage/zip_layout.h"

namespace cairn::storage {

namespace {

constexpr std::string_view kVersion = "3\n";

std::span<const std::byte> bytesOf(std::string_view text) { return std::as_bytes(std::span(text)); }

/// data.pkl first, then the storages, then the version.
std::vector<std::pair<std::string, std::uint64_t>> entriesOf(const PickleWriter& pickle, const std::string& archive) {
  std::vector<std::pair<std::string, std::uint64_t>> entries{{archive + "/data.pkl", pickle.bytes().size()}};
  for (std::size_t i = 0; i < pickle.storages().size(); ++i)
    entries.emplace_back(fmt::format("{}/data/{}", archive, i), pickle.storages()[i].bytes.size());
  entries.emplace_back(archive + "/version", kVersion.size());
  return entries;
}

}  // namespace

struct TorchFileWriter::Plan {
  Plan(const core::StateTree& tree, const std::string& archive, std::uint64_t zip64From)
      : pickle(tree), layout(entriesOf(pickle, archive), zip64From) {}

  std::span<const std::byte> payload(std::size_t entry) const {
    if (entry == 0) return bytesOf(pickle.bytes());
    if (entry <= pickle.storages().size()) return pickle.storages()[entry - 1].bytes;
    return bytesOf(kVersion);
  }

  PickleWriter pickle;
  ZipLayout layout;
};

TorchFileWriter::TorchFileWriter(const core::StateTree& tree, std::string archive, std::uint64_t zip64From)
    : plan_(std::make_unique<Plan>(tree, archive, zip64From)) {}

TorchFileWriter::~TorchFileWriter() = default;

std::uint64_t TorchFileWriter::size() const { return plan_->layout.size(); }

void TorchFileWriter::writeTo(const std::function<void(std::span<const std::byte>)>& write) const {
  std::vector<std::uint32_t> crcs;
  for (std::size_t i = 0; i < plan_->layout.entries().size(); ++i) {
    const auto payload = plan_->payload(i);
    crcs.push_back(crc32(payload));
    write(bytesOf(plan_->layout.localHeader(i, crcs.back())));
    if (!payload.empty()) write(payload);
  }
  write(bytesOf(plan_->layout.directory(crcs)));
}

}  // namespace cairn::storage
