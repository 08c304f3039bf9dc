#include "training/new_run.h"

#include <filesystem>
#include <utility>

#include "core/text.h"
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

}  // namespace

std::unique_ptr<storage::FileLock> takeLock(storage::Catalog& catalog, const std::string& id, const std::string& name) {
  return storage::takeRunLock(catalog.files(), catalog.home(), id, name, storage::kTraining);
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

}  // namespace cairn::training
