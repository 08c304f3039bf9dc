#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <memory>

#include "cli/commands.h"
#include "cli/describe.h"
#include "cli/terminal.h"
#include "core/error.h"
#include "storage/checkpoint_files.h"
#include "storage/rebuild.h"
#include "storage/recovery.h"

namespace cairn::cli {

namespace {

using storage::Catalog;

nlohmann::ordered_json jsonOf(const storage::RecoveryReport& report) {
  return {{"interrupted", report.interrupted},
          {"adopted", report.adopted},
          {"quarantined", report.quarantined},
          {"missing", report.missing},
          {"damaged", report.damaged},
          {"at", report.at.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(report.at)}};
}

std::string textOf(const storage::RecoveryReport& report) {
  if (report.empty()) return "nothing to repair";
  std::vector<std::pair<std::string, std::string>> entries{{"repaired", report.at}};
  const auto add = [&](const char* what, const std::vector<std::string>& list) {
    if (!list.empty()) entries.emplace_back(what, fmt::format("{}", fmt::join(list, ", ")));
  };
  add("interrupted", report.interrupted);
  add("adopted", report.adopted);
  add("quarantined", report.quarantined);
  add("missing", report.missing);
  add("damaged", report.damaged);
  return keyValues(entries);
}

void requireSound(Catalog& catalog) {
  if (const auto damage = catalog.findDamage(stderrProgress()); !damage.empty())
    throw Error("catalog " + catalog.home().catalog().string(), damage,
                "cairnctl recover --rebuild makes it anew from its backup and the checkpoint files");
}

void recover(Context& context) {
  auto catalog = context.openAndRepair(false);
  requireSound(catalog);
  const auto report = catalog.lastRecovery();
  if (context.json)
    context.print(jsonOf(report));
  else
    context.print(textOf(report));
}

nlohmann::ordered_json jsonOf(const storage::RebuildReport& report) {
  constexpr const char* kFrom[] = {"catalog", "backup", "nothing"};
  return {{"from", kFrom[static_cast<int>(report.from)]},
          {"damage", report.damage.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(report.damage)},
          {"backup_at", report.backupAt.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(report.backupAt)},
          {"set_aside", report.setAside.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(report.setAside.string())},
          {"runs", report.runs},
          {"checkpoints", report.checkpoints},
          {"runs_from_files", report.runsFromFiles},
          {"interrupted", report.interrupted},
          {"adopted", report.adopted},
          {"undeleted", report.undeleted},
          {"missing", report.missing},
          {"damaged", report.damaged},
          {"quarantined", report.quarantined},
          {"lost", report.lost}};
}

std::string textOf(const storage::RebuildReport& report) {
  using From = storage::RebuildReport::From;
  std::vector<std::pair<std::string, std::string>> entries;
  const auto add = [&](const char* what, const std::string& text) {
    if (!text.empty()) entries.emplace_back(what, text);
  };
  const auto addAll = [&](const char* what, const std::vector<std::string>& list) {
    if (!list.empty()) add(what, fmt::format("{} ({})", list.size(), fmt::join(list, ", ")));
  };
  add("catalog", report.damage.empty() ? "sound: it was kept" : "damaged: " + report.damage);
  if (report.from == From::Backup) add("made from", "its backup of " + report.backupAt + ", and the checkpoint files");
  if (report.from == From::Nothing) add("made from", "the checkpoint files alone: there is no sound backup");
  add("set aside", report.setAside.string());
  add("it has", fmt::format("{} runs, {} checkpoints", report.runs, report.checkpoints));
  addAll("runs from files", report.runsFromFiles);
  addAll("interrupted", report.interrupted);
  addAll("adopted", report.adopted);
  addAll("out of the trash", report.undeleted);
  addAll("missing", report.missing);
  addAll("damaged", report.damaged);
  addAll("quarantined", report.quarantined);
  for (const auto& what : report.lost) add("not brought back", what);
  return keyValues(entries);
}

void rebuild(Context& context) {
  const auto report = storage::rebuildCatalog(context.home(), storage::FileSystem::posix(), stderrProgress());
  if (context.json)
    context.print(jsonOf(report));
  else
    context.print(textOf(report));
}

/// Those whose file should be there.
std::vector<core::CheckpointRecord> withFiles(std::vector<core::CheckpointRecord> list) {
  std::erase_if(list, [](const auto& checkpoint) { return !storage::expectsFile(checkpoint); });
  return list;
}

std::vector<core::CheckpointRecord> chosen(Catalog& catalog, const std::string& reference) {
  if (reference.empty()) return withFiles(catalog.checkpoints());
  const auto [run, checkpoint] = findEither(catalog, reference);
  if (run) return withFiles(catalog.checkpoints(run->id));
  if (withFiles({*checkpoint}).empty())
    throw Error(reference, fmt::format("its file is {}", core::toText(checkpoint->state)), "choose one that is ready");
  return {*checkpoint};
}

/// Looks without writing anything down: for a home that cannot be written.
std::vector<std::string> verifyOnly(Catalog& catalog, const std::vector<core::CheckpointRecord>& list) {
  std::vector<std::string> bad;
  for (const auto& checkpoint : list) {
    try {
      storage::verifyCheckpointFile(catalog.files(), checkpoint, stderrProgress());
    } catch (const Error&) {
      bad.push_back(checkpoint.id);
    }
  }
  return bad;
}

void verify(Context& context, const std::string& reference) {
  auto readable = context.openRead();
  if (reference.empty()) requireSound(readable);
  const auto list = chosen(readable, reference);
  std::vector<std::string> bad;
  std::optional<Catalog> writable;
  try {
    writable.emplace(context.openWrite());
  } catch (const Error& error) {
    std::fprintf(stderr, "cairnctl: the result is not kept: %s\n", error.what());
  }
  bad = writable ? storage::verify(*writable, list, stderrProgress()) : verifyOnly(readable, list);

  std::vector<std::string> names;
  for (const auto& checkpoint : list)
    if (std::find(bad.begin(), bad.end(), checkpoint.id) != bad.end())
      names.push_back(fmt::format("{} {}@{} {}", checkpoint.id, readable.run(checkpoint.run).name, checkpoint.step,
                                  checkpoint.path));
  if (context.json)
    context.print(nlohmann::ordered_json{{"checked", list.size()}, {"bad", bad}});
  else
    context.print(bad.empty() ? fmt::format("{} checkpoints checked, all good", list.size())
                              : fmt::format("{}", fmt::join(names, "\n")));
  if (!bad.empty())
    throw Error("verify",
                fmt::format("{} of {} checkpoints are bad: {}", bad.size(), list.size(), fmt::join(names, ", ")),
                "resume from another, or put the files back from a copy");
}

}  // namespace

void addRepairCommands(CLI::App& app, Context& context) {
  const auto anew = std::make_shared<bool>(false);
  auto* repair = app.add_subcommand("recover", "Repair the home and report the last repair");
  repair->add_flag("--rebuild", *anew, "Make a damaged or lost catalog anew from its backup and the checkpoint files");
  repair->callback([&context, anew] { *anew ? rebuild(context) : recover(context); });

  const auto reference = std::make_shared<std::string>();
  auto* command = app.add_subcommand("verify", "Read every checkpoint file whole and check it");
  command->add_option("reference", *reference, "Only this run's, or this one")->type_name("RUN|CHECKPOINT");
  command->callback([&context, reference] { verify(context, *reference); });
}

}  // namespace cairn::cli
