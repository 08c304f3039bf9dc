#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <memory>

#include "cli/commands.h"
#include "cli/describe.h"
#include "cli/terminal.h"
#include "core/error.h"
#include "core/records_json.h"
#include "core/text.h"

namespace cairn::cli {

namespace {

using storage::Catalog;

struct CurateArguments {
  std::string reference, note;
  std::vector<std::string> tags;
  bool remove = false, empty = false;
};

void checkText(const char* what, const std::string& text) {
  if (!core::isUtf8(text)) throw Error::invalid(what, "is not valid UTF-8", "write it as UTF-8");
}

/// Prints the changed run or checkpoint as it is now.
void printNow(Context& context, Catalog& catalog, const RunOrCheckpoint& changed) {
  if (changed.run) {
    const auto run = catalog.run(changed.run->id);
    if (context.json)
      context.print(core::toJson(run));
    else
      context.print(runTable({run}));
  } else {
    const auto checkpoint = catalog.checkpoint(changed.checkpoint->id);
    if (context.json)
      context.print(core::toJson(checkpoint));
    else
      context.print(checkpointTable({checkpoint}, {catalog.run(checkpoint.run)}));
  }
}

void setNote(Context& context, const CurateArguments& arguments) {
  checkText("note", arguments.note);
  auto catalog = context.openWrite();
  const auto found = findEither(catalog, arguments.reference);
  if (found.run)
    catalog.setRunNote(found.run->id, arguments.note);
  else
    catalog.setCheckpointNote(found.checkpoint->id, arguments.note);
  printNow(context, catalog, found);
}

/// `tags` with `changes` added, or removed; in order, each once.
std::vector<std::string> changedTags(std::vector<std::string> tags, const std::vector<std::string>& changes,
                                     bool remove) {
  for (const auto& tag : changes) {
    checkText("tag", tag);
    std::erase(tags, tag);
    if (!remove) tags.push_back(tag);
  }
  return tags;
}

void setTags(Context& context, const CurateArguments& arguments) {
  auto catalog = context.openWrite();
  const auto found = findEither(catalog, arguments.reference);
  if (found.run)
    catalog.setRunTags(found.run->id, changedTags(found.run->tags, arguments.tags, arguments.remove));
  else
    catalog.setCheckpointTags(found.checkpoint->id,
                              changedTags(found.checkpoint->tags, arguments.tags, arguments.remove));
  printNow(context, catalog, found);
}

/// A command on one checkpoint, which is printed as it then is.
void changeCheckpoint(Context& context, const std::string& reference,
                      const std::function<void(Catalog&, const std::string&)>& change) {
  auto catalog = context.openWrite();
  const auto checkpoint = catalog.findCheckpoint(reference);
  change(catalog, checkpoint.id);
  printNow(context, catalog, {{}, checkpoint});
}

void deleteEither(Context& context, const std::string& reference) {
  auto catalog = context.openWrite();
  const auto found = findEither(catalog, reference);
  found.run ? catalog.deleteRun(found.run->id) : catalog.deleteCheckpoint(found.checkpoint->id);
  printNow(context, catalog, found);
}

/// Runs come first: those that are in the trash are known by nothing else.
void undeleteEither(Context& context, const std::string& reference) {
  auto catalog = context.openWrite();
  const auto runs = catalog.trashedRuns();
  const auto run = std::find_if(runs.rbegin(), runs.rend(),
                                [&](const auto& one) { return one.id == reference || one.name == reference; });
  if (run == runs.rend())
    return changeCheckpoint(context, reference, [](Catalog& open, const std::string& id) { open.undeleteCheckpoint(id); });
  catalog.undeleteRun(run->id);
  printNow(context, catalog, {catalog.run(run->id), {}});
}

void listTrash(Context& context) {
  auto catalog = context.openRead();
  const auto entries = catalog.trash();
  auto array = nlohmann::ordered_json::array();
  std::vector<std::vector<std::string>> rows;
  for (const auto& entry : entries) {
    const auto checkpoint = catalog.checkpoint(entry.checkpoint);
    array.push_back({{"checkpoint", entry.checkpoint},
                     {"run", checkpoint.run},
                     {"step", checkpoint.step},
                     {"path", entry.path.string()},
                     {"bytes", entry.bytes},
                     {"deleted_at", entry.deletedAt}});
    rows.push_back({shortId(entry.checkpoint), fmt::format("{}@{}", catalog.run(checkpoint.run).name, checkpoint.step),
                    core::humanBytes(entry.bytes), entry.deletedAt});
  }
  if (context.json)
    context.print(array);
  else
    context.print(rows.empty() ? "the trash is empty"
                               : table({"ID", "CHECKPOINT", "SIZE", "DELETED (UTC)"}, rows, {false, false, true}));
}

void emptyTrash(Context& context) {
  auto catalog = context.openWrite();
  const auto count = catalog.trash().size();
  const auto freed = catalog.emptyTrash();
  if (context.json)
    context.print(nlohmann::ordered_json{{"removed", count}, {"freed_bytes", freed}});
  else
    context.print(fmt::format("{} checkpoint{} removed for good, {} freed", count, count == 1 ? "" : "s",
                              core::humanBytes(freed)));
}

}  // namespace

void addCurateCommands(CLI::App& app, Context& context) {
  const auto arguments = std::make_shared<CurateArguments>();
  const auto add = [&](const char* name, const char* help, const char* kind) {
    auto* command = app.add_subcommand(name, help);
    command->add_option("reference", arguments->reference, "Which one")->required()->type_name(kind);
    return command;
  };
  const auto addChange = [&](const char* name, const char* help,
                             std::function<void(Catalog&, const std::string&)> change) {
    add(name, help, "CHECKPOINT")->callback([&context, arguments, change] {
      changeCheckpoint(context, arguments->reference, change);
    });
  };

  auto* note = add("note", "Write a note to a run or checkpoint (an empty one removes it)", "RUN|CHECKPOINT");
  note->add_option("text", arguments->note, "The note")->required()->type_name("TEXT");
  note->callback([&context, arguments] { setNote(context, *arguments); });

  auto* tag = add("tag", "Tag a run or checkpoint", "RUN|CHECKPOINT");
  tag->add_option("tags", arguments->tags, "The tags")->required()->type_name("TAG");
  tag->add_flag("--remove", arguments->remove, "Take these tags away");
  tag->callback([&context, arguments] { setTags(context, *arguments); });

  addChange("pin", "Keep a checkpoint whatever retention says",
            [](Catalog& catalog, const std::string& id) { catalog.setPinned(id, true); });
  addChange("unpin", "Leave a checkpoint to retention",
            [](Catalog& catalog, const std::string& id) { catalog.setPinned(id, false); });
  add("delete", "Move a checkpoint, or a run as a whole, into the trash", "RUN|CHECKPOINT")->callback([&context, arguments] {
    deleteEither(context, arguments->reference);
  });
  add("undelete", "Take it back out of the trash", "RUN|CHECKPOINT")->callback([&context, arguments] {
    undeleteEither(context, arguments->reference);
  });

  auto* trash = app.add_subcommand("trash", "List the trash, or empty it");
  trash->add_flag("--empty", arguments->empty, "Remove for good what is in it");
  trash->callback([&context, arguments] { arguments->empty ? emptyTrash(context) : listTrash(context); });
}

}  // namespace cairn::cli
