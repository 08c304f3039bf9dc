#include "storage/adoption.h"

#include "core/error.h"
#include "core/text.h"
#include "storage/checkpoint_files.h"
#include "storage/checksums.h"
#include "storage/torch_file.h"

namespace cairn::storage {

namespace {

constexpr std::size_t kPiece = 1u << 20;

bool isId(const std::string& text) {
  return text.size() == 16 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::string hashOf(const ReadableFile& file) {
  Hash128 hash;
  std::vector<std::byte> buffer(kPiece);
  for (std::uint64_t at = 0; at < file.size(); at += kPiece) {
    const auto piece = std::span(buffer).first(static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, file.size() - at)));
    file.read(at, piece);
    hash.add(piece);
  }
  return hash.hex();
}

std::string hashWhenWritten(const core::StateTree& tree, const std::string& archive) {
  Hash128 hash;
  TorchFileWriter(tree, archive).writeTo([&](std::span<const std::byte> data) { hash.add(data); });
  return hash.hex();
}

core::CheckpointRecord recordOf(const core::StateTree& tree) {
  const auto& cairn = tree.at("cairn");
  core::CheckpointRecord record;
  record.id = cairn.text("checkpoint");
  record.run = cairn.text("run");
  record.step = tree.integer("step");
  record.epoch = tree.integer("epoch");
  if (const auto* kind = cairn.find("kind"); kind && kind->as<std::string>())
    record.kind = core::checkpointKindFromText(*kind->as<std::string>()).value_or(core::CheckpointKind::Manual);
  record.roles.emplace(core::toText(record.kind));
  if (const auto* loss = tree.find("loss")) record.loss = loss->asNumber();
  if (const auto* metrics = tree.find("metrics"); metrics && metrics->as<core::StateTree::Dict>()) {
    for (const auto& [key, value] : metrics->as<core::StateTree::Dict>()->items)
      if (const auto* name = std::get_if<std::string>(&key); name && value.asNumber()) record.metrics[*name] = *value.asNumber();
  }
  if (const auto* monitored = cairn.find("monitored")) record.monitored = monitored->asNumber();
  if (const auto* at = cairn.find("created_at"); at && at->as<std::string>()) record.createdAt = *at->as<std::string>();
  if (const auto* parents = cairn.find("parents"); parents && parents->as<core::StateTree::List>())
    for (const auto& parent : *parents->as<core::StateTree::List>())
      if (const auto* id = parent.as<std::string>()) record.parents.push_back(*id);
  record.hash = cairn.text("state_hash");
  return record;
}

}  // namespace

std::optional<WholeFile> readWholeFile(FileSystem& files, const Home& home, const std::filesystem::path& path) {
  try {
    WholeFile whole;
    whole.tree = readTorchFile(files, path);
    auto& record = whole.record = recordOf(*whole.tree);
    if (!isId(record.run) || !isId(record.id)) return {};  // they become names of files
    const auto file = files.open(path);
    record.fileHash = hashOf(*file);
    record.bytes = static_cast<std::int64_t>(file->size());
    record.path = home.checkpointFile(record.run, record.step, record.id).string();
    const auto archive = std::filesystem::path(record.path).stem().string();
    if (stateHash(*whole.tree) != record.hash || hashWhenWritten(*whole.tree, archive) != record.fileHash) return {};
    return whole;
  } catch (const Error& error) {
    if (!tellsOfContents(error)) throw;
    return {};  // cut short, damaged, or something else altogether
  }
}

std::optional<core::CheckpointRecord> recordOfWholeFile(FileSystem& files, const Home& home, const std::string& run,
                                                        const std::filesystem::path& path) {
  auto whole = readWholeFile(files, home, path);
  if (!whole || whole->record.run != run || whole->record.path != path.string()) return {};
  return std::move(whole->record);
}

}  // namespace cairn::storage
