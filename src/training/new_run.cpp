#include "training/new_run.h"

#include <filesystem>
#include <utility>

#include "core/error.h"
#include "core/text.h"
#include "storage/checkpoint_files.h"
#include "storage/run_lock.h"

namespace cairn::training {

namespace {

std::string nameFromData(const core::DataSpec& data) {
  const auto path = std::visit(
      [](const auto& source) -> std::string {
        if constexpr (requires { source.images; })
          return source.images;
        else
          return source.path;
      },
      data.source);
  return std::filesystem::path(path).stem().string();
}

void removeFile(storage::FileSystem& files, const std::filesystem::path& written) {
  try {
    files.unlink(written);
  } catch (const Error&) {
    // The first error counts; a file without a row harms nobody, and repair sets it aside.
  }
}

}  // namespace

std::unique_ptr<storage::FileLock> takeLock(storage::Catalog& catalog, const std::string& id, const std::string& name) {
  auto lock = storage::takeRunLock(catalog.files(), catalog.home(), id, name, storage::kTraining);
  if (catalog.isDeleted(id)) throw Error("run " + name, "it was deleted", "restore it from the trash first");
  return lock;
}

core::RunRecord newRecord(core::RunSpec spec) {
  if (spec.name.empty()) spec.name = nameFromData(spec.data);
  core::RunRecord run;
  run.id = core::newId();
  run.name = spec.name;
  run.createdAt = run.updatedAt = core::nowIso8601();
  run.spec = std::move(spec);
  return run;
}

core::RunRecord pausedAt(const core::CheckpointRecord& first, std::int64_t totalSteps, core::RunRecord run) {
  run.status = core::RunStatus::Paused;
  run.step = first.step;
  run.epoch = first.epoch;
  run.totalSteps = totalSteps;
  return run;
}

void writeFileOf(storage::Catalog& catalog, core::CheckpointRecord& record, const core::StateTree& state) {
  const auto target = catalog.home().checkpointFile(record.run, record.step, record.id);
  const auto written = storage::writeCheckpointFile(catalog.files(), target, state);
  record.path = written.path.string();
  record.bytes = static_cast<std::int64_t>(written.bytes);
  record.fileHash = written.fileHash;
  record.hash = written.stateHash;
}

// The file first, then all rows at once: a run without its checkpoint would start from nothing.
void storeNewRun(storage::Catalog& catalog, const core::RunRecord& run, core::CheckpointRecord& first,
                 const core::StateTree& state, const std::function<void()>& alsoStore) {
  writeFileOf(catalog, first, state);
  try {
    catalog.inTransaction([&] {
      catalog.insertRun(run);
      catalog.insertCheckpoint(first);
      if (alsoStore) alsoStore();
    });
  } catch (...) {
    removeFile(catalog.files(), first.path);
    throw;
  }
}

}  // namespace cairn::training
