#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.h"
#include "cli/describe.h"
#include "core/records_json.h"

namespace cairn::cli {

namespace {

template <typename Records>
nlohmann::ordered_json arrayOf(const Records& records) {
  auto array = nlohmann::ordered_json::array();
  for (const auto& record : records) array.push_back(core::toJson(record));
  return array;
}

void listRuns(Context& context) {
  const auto runs = context.openRead().runs();
  if (context.json)
    context.print(arrayOf(runs));
  else
    context.print(runs.empty() ? "no runs yet" : runTable(runs));
}

void listCheckpoints(Context& context, const std::string& reference) {
  auto catalog = context.openRead();
  const auto list = catalog.checkpoints(reference.empty() ? "" : catalog.findRun(reference).id);
  if (context.json)
    context.print(arrayOf(list));
  else
    context.print(list.empty() ? "no checkpoints yet" : checkpointTable(list, catalog.runs()));
}

void show(Context& context, const std::string& reference) {
  auto catalog = context.openRead();
  const auto [run, checkpoint] = findEither(catalog, reference);
  if (context.json)
    context.print(run ? runJson(*run, catalog.events(run->id)) : core::toJson(*checkpoint));
  else
    context.print(run ? describeRun(*run, catalog.events(run->id)) : describeCheckpoint(*checkpoint, catalog.run(checkpoint->run).name));
}

}  // namespace

void addListCommands(CLI::App& app, Context& context) {
  app.add_subcommand("runs", "List all runs, oldest first")->callback([&context] { listRuns(context); });

  const auto reference = std::make_shared<std::string>();
  auto* checkpoints = app.add_subcommand("checkpoints", "List checkpoints, oldest first");
  checkpoints->add_option("run", *reference, "Only this run's")->type_name("RUN");
  checkpoints->callback([&context, reference] { listCheckpoints(context, *reference); });

  auto* showCommand = app.add_subcommand("show", "Show one run or checkpoint");
  showCommand->add_option("reference", *reference, "A run or a checkpoint")->required()->type_name("RUN|CHECKPOINT");
  showCommand->callback([&context, reference] { show(context, *reference); });
}

}  // namespace cairn::cli
