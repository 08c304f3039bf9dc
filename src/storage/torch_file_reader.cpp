#include "storage/torch_file_reader.h"

#include <algorithm>
#include <array>
#include <new>

#include "core/error.h"
#include "storage/pickle_reader.h"
#include "storage/storage_records.h"
#include "storage/tree_builder.h"
#include "storage/zip_format.h"
#include "storage/zip_reader.h"

namespace cairn::storage {

namespace {

constexpr std::uint64_t kFixedMemory = 512u << 20;  // on top of the file's own size

/// What is not a zip gets a word on what it is.
void requireZip(const ByteSource& source) {
  if (source.size() == 0) throw Error(source.name(), "is empty");
  const auto head = source.fetch(0, static_cast<std::size_t>(std::min<std::uint64_t>(source.size(), 16)));
  const auto starts = [&](std::string_view text) {
    return head.view.size() >= text.size() && std::memcmp(head.view.data(), text.data(), text.size()) == 0;
  };
  if (starts("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46"))  // the magic number of torch.save before 1.6
    throw Error(source.name(), "is in the format of PyTorch before 1.6",
                "load it in Python and save it again with a newer PyTorch");
  if (starts("\x80")) throw Error(source.name(), "is a bare pickle, not a file of torch.save");
  if (!starts("PK")) throw Error(source.name(), "is not a PyTorch file (no zip)");
}

/// The folder that all entries of a PyTorch file stand in.
std::string archiveOf(const ZipReader& zip) {
  const auto& file = zip.source().name();
  for (const auto& entry : zip.entries()) {
    const auto slash = entry.name.find('/');
    if (slash == std::string::npos) continue;
    const auto archive = entry.name.substr(0, slash);
    if (!zip.find(archive + "/data.pkl")) continue;
    if (zip.find(archive + "/constants.pkl"))
      throw Error(file, "is a TorchScript archive: a program with its weights, not a checkpoint",
                  "load it with torch.jit.load in Python, and torch.save its state_dict()");
    return archive;
  }
  throw Error(file, "is a zip file without a data.pkl", "it was not written by torch.save");
}

void requireLittleEndian(const ZipReader& zip, const std::string& archive) {
  const auto* entry = zip.find(archive + "/byteorder");
  if (!entry || entry->size > 16) return;
  const auto order = zip.read(*entry);
  if (std::string_view(reinterpret_cast<const char*>(order.view.data()), order.view.size()).starts_with("big"))
    throw Error(zip.source().name(), "was written on a big-endian machine", "load it in Python there and save it again here");
}

std::shared_ptr<const core::StateTree> read(const ByteSource& source, const TorchFileLimits& limits,
                                            const core::Progress& progress) {
  requireZip(source);
  const ZipReader zip(source);
  const auto archive = archiveOf(zip);
  requireLittleEndian(zip, archive);
  const auto& entry = *zip.find(archive + "/data.pkl");
  if (entry.size > limits.pickleBytes) throw Error(source.name(), "its data.pkl is larger than any checkpoint's");
  const auto bytes = zip.read(entry);

  MemoryBudget budget(source.name(), kFixedMemory + source.size());
  budget.charge(entry.size);
  PickleReader pickle(bytes.view, budget);
  auto* root = pickle.run();
  StorageRecords storages(zip, archive, budget, progress);
  auto tree = std::make_shared<const core::StateTree>(TreeBuilder(storages, budget, limits.depth).build(*root));
  storages.checkRest();
  return tree;
}

}  // namespace

std::shared_ptr<const core::StateTree> readTorchSource(const ByteSource& source, const TorchFileLimits& limits,
                                                       const core::Progress& progress) {
  try {
    return read(source, limits, progress);
  } catch (const std::bad_alloc&) {
    throw Error(source.name(), "does not fit into memory", "close other programs, or use a machine with more memory");
  }
}

std::shared_ptr<const core::StateTree> readTorchFile(FileSystem& files, const std::filesystem::path& path,
                                                     const TorchFileLimits& limits, const core::Progress& progress) {
  const auto file = files.open(path);
  return readTorchSource(FileSource(path.string(), *file), limits, progress);
}

}  // namespace cairn::storage
