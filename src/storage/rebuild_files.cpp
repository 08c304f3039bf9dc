#include "storage/rebuild_files.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <tuple>

#include <nlohmann/json.hpp>

#include "core/error.h"
#include "storage/adoption.h"
#include "storage/checkpoint_files.h"

namespace cairn::storage {

namespace fs = std::filesystem;

namespace {

constexpr const char* kKnown = "SELECT id, path, state, pending <> '' FROM checkpoints";

std::string textAt(const core::StateTree& cairn, std::string_view key) {
  const auto* found = cairn.find(key);
  const auto* text = found ? found->as<std::string>() : nullptr;
  return text ? *text : std::string();
}

core::RunRecord runOf(const Home& home, const core::CheckpointRecord& record, const core::StateTree& cairn) {
  core::RunRecord run;
  run.id = record.run;
  run.spec = core::parseRunSpec(nlohmann::json::parse(textAt(cairn, "spec")), home.root());
  run.name = textAt(cairn, "name");
  if (run.name.empty()) run.name = run.spec.name;
  run.parentCheckpoint = textAt(cairn, "parent");
  run.device = textAt(cairn, "device");
  if (const auto* threads = cairn.find("threads")) run.threads = static_cast<int>(threads->asInteger().value_or(0));
  run.step = record.step;
  run.epoch = record.epoch;
  run.createdAt = run.updatedAt = record.createdAt;
  run.status = record.kind == core::CheckpointKind::Final      ? core::RunStatus::Completed
               : record.kind == core::CheckpointKind::Imported ? core::RunStatus::Paused
                                                               : core::RunStatus::Interrupted;
  return run;
}

std::vector<core::RunEvent> eventsOf(const core::StateTree& cairn, const std::string& at) {
  std::vector<core::RunEvent> events;
  const auto* list = cairn.find("events");
  if (!list || !list->as<core::StateTree::List>()) return events;
  for (const auto& item : *list->as<core::StateTree::List>()) {
    const auto detail = textAt(item, "detail");
    const auto* step = item.find("step");
    if (step && step->asInteger() && nlohmann::json::accept(detail))
      events.push_back({*step->asInteger(), textAt(item, "kind"), detail, at});
  }
  return events;
}

std::vector<fs::path> unknownPaths(FileSystem& files, const Home& home, const KnownFiles& known) {
  std::vector<fs::path> paths;
  for (const auto& run : files.list(home.checkpoints()))
    for (const auto& name : files.list(home.runFolder(run)))
      if (const auto path = home.runFolder(run) / name;
          name.ends_with(".pt") && !isTempName(name) && !known.inPlace.contains(path.lexically_relative(home.root()).string()))
        paths.push_back(path);
  for (const auto& name : files.list(home.trash()))
    if (name.ends_with(".pt") && !known.trashed.contains(fs::path(name).stem().string())) paths.push_back(home.trash() / name);
  return paths;
}

}  // namespace

std::optional<FileFacts> factsOf(FileSystem& files, const Home& home, const fs::path& path) {
  const auto whole = readWholeFile(files, home, path);
  if (!whole) return {};
  try {
    const auto& cairn = whole->tree->at("cairn");
    return FileFacts{whole->record, path, runOf(home, whole->record, cairn), eventsOf(cairn, whole->record.createdAt)};
  } catch (const std::exception&) {
    return {};  // whole, but of a spec that this version cannot read
  }
}

KnownFiles knownFiles(const std::optional<fs::path>& database) {
  KnownFiles known;
  if (!database) return known;
  SQLite::Database base(database->string(), SQLite::OPEN_READONLY);
  SQLite::Statement row(base, kKnown);
  while (row.executeStep()) {
    const auto state = core::checkpointStateFromText(row.getColumn(2).getString());
    const bool expected = state == core::CheckpointState::Ready || state == core::CheckpointState::Damaged;
    if (expected || row.getColumn(3).getInt() != 0) known.inPlace.insert(row.getColumn(1).getString());
    if (state == core::CheckpointState::Deleted) known.trashed.insert(row.getColumn(0).getString());
  }
  return known;
}

std::vector<FileFacts> unknownFiles(FileSystem& files, const Home& home, const KnownFiles& known,
                                    const core::Progress& progress) {
  constexpr const char* kPhase = "Reading checkpoint files";
  const auto paths = unknownPaths(files, home, known);
  std::vector<FileFacts> all;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (progress && !progress(kPhase, static_cast<std::int64_t>(i), static_cast<std::int64_t>(paths.size())))
      throw Error::cancelled(kPhase);
    if (auto facts = factsOf(files, home, paths[i])) all.push_back(*std::move(facts));
  }
  std::stable_sort(all.begin(), all.end(), [](const FileFacts& a, const FileFacts& b) {
    return std::tie(a.record.run, a.record.step, a.record.createdAt) < std::tie(b.record.run, b.record.step, b.record.createdAt);
  });
  return all;
}

}  // namespace cairn::storage
