#include "training/new_run.h"

#include <filesystem>
#include <utility>

#include "core/error.h"
#include "core/text.h"

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
  catalog.files().makeFolders(catalog.home().runFolder(id));
  auto lock = catalog.files().tryLock(catalog.home().runLock(id));
  if (!lock)
    throw Error("run " + name, "another process is training it", "pause or stop it there, or wait for it to end");
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

}  // namespace cairn::training
