#include "storage/export_file.h"

#include <fmt/format.h>

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

StateTree::List withTensorFloats(const std::vector<StateTree>& items) {
  StateTree::List list;
  for (const auto& item : items) list.push_back(storage::withTensorFloats(item));
  return list;
}

}  // namespace

void writeExport(FileSystem& files, const fs::path& target, std::uint64_t size,
                 const std::function<void(const std::function<void(std::span<const std::byte>)>&)>& produce) {
  std::error_code ignored;
  if (fs::is_directory(target, ignored)) throw Error(target.string(), "is a folder", "name a file in it");
  const auto folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
  const auto temp = folder / fmt::format(".{}.tmp-{}", target.filename().string(), core::newId());
  try {
    const auto file = files.createNew(temp, size);
    produce([&](std::span<const std::byte> data) { file->append(data); });
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

void exportTorchFile(FileSystem& files, const fs::path& target, const StateTree& tree) {
  const TorchFileWriter writer(tree, target.stem().string());
  writeExport(files, target, writer.size(), [&](const auto& write) { writer.writeTo(write); });
}

void exportSafetensors(FileSystem& files, const fs::path& target, const StateTree& stateDict,
                       std::map<std::string, std::string> metadata) {
  const SafetensorsWriter writer(stateDict, std::move(metadata));
  writeExport(files, target, writer.size(), [&](const auto& write) { writer.writeTo(write); });
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
