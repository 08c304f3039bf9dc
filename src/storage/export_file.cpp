#include "storage/export_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

#include "core/error.h"
#include "core/text.h"
#include "storage/posix_files.h"
#include "storage/safetensors.h"
#include "storage/torch_file.h"

namespace cairn::storage {

namespace fs = std::filesystem;
using core::StateTree;

namespace {

void unlinkQuietly(FileSystem& files, const fs::path& path) {
  try {
    files.unlink(path);
  } catch (const Error&) {
    // The first error is what counts.
  }
}

constexpr std::size_t kPiece = 8u << 20;  // bytes between two questions whether to go on

/// Hands what is produced to a file, in pieces small enough for a person who waits or wants to stop.
class Appender {
 public:
  Appender(WritableFile& file, const fs::path& target, std::uint64_t size, const core::Progress& progress)
      : file_(file), target_(target), size_(size), progress_(progress) {}

  void append(std::span<const std::byte> data) {
    while (!data.empty()) {
      const auto piece = data.first(std::min(kPiece, data.size()));
      file_.append(piece);
      data = data.subspan(piece.size());
      done_ += piece.size();
      if (progress_ && !progress_("Writing", static_cast<std::int64_t>(done_), static_cast<std::int64_t>(size_)))
        throw Error::cancelled(target_.string());
    }
  }

 private:
  WritableFile& file_;
  const fs::path& target_;
  std::uint64_t size_, done_ = 0;
  const core::Progress& progress_;
};

StateTree::List withTensorFloats(const std::vector<StateTree>& items) {
  StateTree::List list;
  for (const auto& item : items) list.push_back(storage::withTensorFloats(item));
  return list;
}

}  // namespace

void writeExport(FileSystem& files, const fs::path& target, std::uint64_t size,
                 const std::function<void(const std::function<void(std::span<const std::byte>)>&)>& produce,
                 const core::Progress& progress) {
  std::error_code ignored;
  if (fs::is_directory(target, ignored)) throw Error(target.string(), "is a folder", "name a file in it");
  const auto folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
  const auto temp = folder / fmt::format(".{}.tmp-{}", target.filename().string(), core::newId());
  try {
    const auto file = files.createNew(temp, size);
    Appender appender(*file, target, size, progress);
    produce([&](std::span<const std::byte> data) { appender.append(data); });
    file->sync();
    file->close();
    replacePosixFile(temp, target);
    files.syncFolder(folder);
  } catch (const Error& error) {
    unlinkQuietly(files, temp);
    throw Error(target.string(), error.why(), error.advice(), error.kind(), error.code());
  } catch (...) {
    unlinkQuietly(files, temp);
    throw;
  }
}

void exportTorchFile(FileSystem& files, const fs::path& target, const StateTree& tree, const core::Progress& progress) {
  const TorchFileWriter writer(tree, target.stem().string());
  writeExport(
      files, target, writer.size(), [&](const auto& write) { writer.writeTo(write); }, progress);
}

void exportSafetensors(FileSystem& files, const fs::path& target, const StateTree& stateDict,
                       std::map<std::string, std::string> metadata, const core::Progress& progress) {
  const SafetensorsWriter writer(stateDict, std::move(metadata));
  writeExport(
      files, target, writer.size(), [&](const auto& write) { writer.writeTo(write); }, progress);
}

void exportText(FileSystem& files, const fs::path& target, std::string_view text) {
  writeExport(files, target, text.size(), [&](const auto& write) { write(std::as_bytes(std::span(text))); });
}

StateTree withTensorFloats(const StateTree& tree) {
  if (const auto* number = tree.as<double>())
    return core::Tensor::copyOf(core::DType::Float64, {}, std::as_bytes(std::span(number, 1)));
  if (const auto* list = tree.as<StateTree::List>()) return withTensorFloats(*list);
  if (const auto* tuple = tree.as<StateTree::Tuple>()) return StateTree::Tuple{withTensorFloats(tuple->items)};
  if (const auto* dict = tree.as<StateTree::Dict>()) {
    StateTree::Dict copy{{}, dict->ordered, dict->stateDict};
    for (const auto& [key, child] : dict->items) copy.items.emplace_back(key, withTensorFloats(child));
    return copy;
  }
  return tree;
}

}  // namespace cairn::storage
