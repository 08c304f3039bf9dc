#include "training/import.h"

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/json_text.h"
#include "engine/face/engine.h"
#include "storage/foreign_file.h"
#include "storage/run_lock.h"
#include "training/new_run.h"

namespace cairn::training {

namespace {

using storage::Catalog;

engine::ImportRequest requestOf(const ImportSource& source, const ImportOptions& options) {
  return {.file = source.tree, .spec = options.spec, .inOrder = source.inOrder, .weightsOnly = options.weightsOnly};
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

}  // namespace

ImportSource readImport(const std::filesystem::path& file, const core::Progress& progress) {
  auto read = storage::readForeignFile(storage::FileSystem::posix(), file, progress);
  return {.path = file, .tree = std::move(read.tree), .inOrder = read.inOrder};
}

std::optional<core::RunSpec> ownSpec(const ImportSource& source) {
  const auto* cairn = source.tree->find("cairn");
  const auto* spec = cairn ? cairn->find("spec") : nullptr;
  const auto* text = spec ? spec->as<std::string>() : nullptr;
  if (!text) return {};
  try {
    return core::parseRunSpec(core::parseJsonText(*text, source.path.string()), source.path.parent_path());
  } catch (const Error&) {
    return {};  // settings of another version, or made up: the person chooses others
  }
}

engine::ImportPlan previewImport(const ImportSource& source, const ImportOptions& options,
                                 const core::Progress& progress) {
  return naming(source.path, [&] { return engine::engine().planImport(requestOf(source, options), progress); });
}

engine::ImportPlan previewImport(const std::filesystem::path& file, const ImportOptions& options,
                                 const core::Progress& progress) {
  return previewImport(readImport(file, progress), options, progress);
}

Imported importFile(const storage::Home& home, const std::filesystem::path& file, const ImportOptions& options,
                    const core::Progress& progress) {
  return importFile(home, readImport(file, progress), options, progress);
}

Imported importFile(const storage::Home& home, const ImportSource& source, const ImportOptions& options,
                    const core::Progress& progress) {
  return naming(source.path, [&] {
    Catalog catalog(home, Catalog::Access::Write);
    auto spec = options.spec;
    if (!options.name.empty()) spec.name = options.name;
    auto run = newRecord(std::move(spec));
    auto request = requestOf(source, options);
    request.spec = run.spec;
    auto made = engine::engine().importCheckpoint(request, run.id, progress);
    run.spec = made.plan.spec;
    run.name = run.spec.name;

    const auto lock = storage::takeRunLock(catalog.files(), home, run.id, run.name, storage::kImporting);
    storeNewRun(catalog, pausedAt(made.record, made.totalSteps, run), made.record, *made.state);
    return Imported{std::move(made.plan), catalog.checkpoint(made.record.id)};
  });
}

}  // namespace cairn::training
