#include "training/import.h"

#include "core/error.h"
#include "engine/face/engine.h"
#include "storage/checkpoint_files.h"
#include "storage/foreign_file.h"
#include "storage/run_lock.h"
#include "training/new_run.h"

namespace cairn::training {

namespace {

using storage::Catalog;

engine::ImportRequest requestOf(storage::FileSystem& files, const std::filesystem::path& file,
                                const ImportOptions& options, const core::Progress& progress) {
  auto read = storage::readForeignFile(files, file, progress);
  return {
      .file = std::move(read.tree), .spec = options.spec, .inOrder = read.inOrder, .weightsOnly = options.weightsOnly};
}

/// What the engine says of "the checkpoint" is said of the file.
template <typename Work>
auto naming(const std::filesystem::path& file, Work&& work) {
  try {
    return work();
  } catch (const Error& error) {
    if (error.subject() == "checkpoint")
      throw Error(file.string(), error.why(), error.advice(), error.kind(), error.code());
    throw;
  }
}

core::RunRecord runOf(const engine::ImportedCheckpoint& made, core::RunRecord run) {
  run.name = run.spec.name;
  run.status = core::RunStatus::Paused;
  run.step = made.record.step;
  run.epoch = made.record.epoch;
  run.totalSteps = made.totalSteps;
  return run;
}

void undo(storage::FileSystem& files, const std::filesystem::path& written) {
  try {
    files.unlink(written);
  } catch (const Error&) {
    // The first error counts; a file without a row harms nobody, and repair sets it aside.
  }
}

}  // namespace

engine::ImportPlan previewImport(const std::filesystem::path& file, const ImportOptions& options,
                                 const core::Progress& progress) {
  return naming(file, [&] {
    const auto request = requestOf(storage::FileSystem::posix(), file, options, progress);
    return engine::engine().planImport(request, progress);
  });
}

Imported importFile(const storage::Home& home, const std::filesystem::path& file, const ImportOptions& options,
                    const core::Progress& progress) {
  return naming(file, [&] {
    Catalog catalog(home, Catalog::Access::Write);
    auto spec = options.spec;
    if (!options.name.empty()) spec.name = options.name;
    auto run = newRecord(std::move(spec));
    auto request = requestOf(catalog.files(), file, options, progress);
    request.spec = run.spec;
    auto made = engine::engine().importCheckpoint(request, run.id, progress);
    run.spec = made.plan.spec;

    const auto lock = storage::takeRunLock(catalog.files(), home, run.id, run.name, storage::kImporting);
    auto& record = made.record;
    const auto target = home.checkpointFile(run.id, record.step, record.id);
    const auto written = storage::writeCheckpointFile(catalog.files(), target, *made.state);
    record.path = written.path.string();
    record.bytes = static_cast<std::int64_t>(written.bytes);
    record.fileHash = written.fileHash;
    record.hash = written.stateHash;
    try {
      // The file first, then both rows at once: a run without its checkpoint would start from nothing.
      catalog.inTransaction([&] {
        catalog.insertRun(runOf(made, run));
        catalog.insertCheckpoint(record);
      });
    } catch (...) {
      undo(catalog.files(), written.path);
      throw;
    }
    return Imported{std::move(made.plan), catalog.checkpoint(record.id)};
  });
}

}  // namespace cairn::training
