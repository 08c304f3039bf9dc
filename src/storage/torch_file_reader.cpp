#include "storage/torch_file_reader.h"

#include <algorithm>
#include <array>
#include <new>

#include "core/error.h"
#include "storage/pickle_reader.h"
#include "storage/storage_records.h"
#include "storage/torch_archive.h"
#include "storage/tree_builder.h"
#include "storage/zip_reader.h"

namespace cairn::storage {

namespace {

std::shared_ptr<const core::StateTree> read(const ByteSource& source, const TorchFileLimits& limits,
                                            const core::Progress& progress) {
  requireZip(source);
  const ZipReader zip(source);
  const auto archive = archiveOf(zip);
  if (isBigEndian(zip, archive))
    throw Error(source.name(), "was written on a big-endian machine", "load it in Python there and save it again here");
  const auto& entry = *zip.find(archive + "/data.pkl");
  if (entry.size > limits.pickleBytes) throw Error(source.name(), "its data.pkl is larger than any checkpoint's");
  const auto bytes = zip.read(entry);

  MemoryBudget budget(source.name(), limits.fixedMemory + source.size());
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
