// cairnctl compare, path, average.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.h"
#include "cli/comparison_json.h"
#include "cli/comparison_text.h"
#include "cli/describe.h"
#include "core/error.h"
#include "core/records_json.h"
#include "training/comparison.h"

namespace cairn::cli {

namespace {

struct CompareArguments {
  std::vector<std::string> checkpoints;
  bool predictions = false, allSettings = false;
  std::int64_t samples = 100;
  std::string dataOf;
};
struct PathArguments {
  std::string from, to, dataOf;
  int points = 21;
};
struct AverageArguments {
  std::vector<std::string> checkpoints;
  std::string name;
};

std::vector<std::string> idsOf(storage::Catalog& catalog, const std::vector<std::string>& references) {
  core::requireComparable(references.size());
  std::vector<std::string> ids;
  for (const auto& reference : references) ids.push_back(catalog.findCheckpoint(reference).id);
  return ids;
}

/// "A" to "D".
std::optional<std::size_t> indexOf(const std::string& letter, std::size_t count) {
  if (letter.empty()) return {};
  if (letter.size() != 1 || letter[0] < 'A' || static_cast<std::size_t>(letter[0] - 'A') >= count)
    throw Error::invalid("--data-of", "'" + letter + "' is none of the checkpoints",
                         "use A for the first, B for the second");
  return static_cast<std::size_t>(letter[0] - 'A');
}

void compare(Context& context, const CompareArguments& arguments) {
  auto catalog = context.openRead();
  const auto ids = idsOf(catalog, arguments.checkpoints);
  const auto progress = stderrProgress();
  const auto comparison = training::Comparison::open(context.home(), ids, progress);
  const auto weights = comparison->weights(progress);
  std::optional<core::PredictionComparison> predictions;
  if (arguments.predictions)
    predictions = comparison->predictions(
        {.dataOf = indexOf(arguments.dataOf, ids.size()), .samples = arguments.samples}, progress);
  if (context.json) {
    auto json = comparisonJson(comparison->checkpoints(), comparison->summary(), weights, arguments.allSettings);
    if (predictions) json["predictions"] = toJson(*predictions);
    context.print(json);
    return;
  }
  auto text = checkpointsText(comparison->checkpoints()) + "\n\n" +
              summaryText(comparison->summary(), arguments.allSettings) + "\n\n" + weightsText(weights);
  if (predictions) text += "\n\n" + predictionsText(*predictions);
  context.print(text);
}

void path(Context& context, const PathArguments& arguments) {
  auto catalog = context.openRead();
  const auto ids = idsOf(catalog, {arguments.from, arguments.to});
  const auto progress = stderrProgress();
  const auto comparison = training::Comparison::open(context.home(), ids, progress);
  const auto found =
      comparison->path({.points = arguments.points, .dataOf = indexOf(arguments.dataOf, 2), .onPoint = {}}, progress);
  if (context.json) {
    auto json = nlohmann::ordered_json{{"checkpoints", checkpointsJson(comparison->checkpoints())}};
    json.update(toJson(found));
    context.print(json);
  } else {
    context.print(checkpointsText(comparison->checkpoints()) + "\n\n" + pathText(found));
  }
}

void average(Context& context, const AverageArguments& arguments) {
  auto catalog = context.openAndRepair(/*make=*/false);
  const auto ids = idsOf(catalog, arguments.checkpoints);
  const auto made = training::averageCheckpoints(context.home(), ids, arguments.name, stderrProgress());
  for (const auto& note : made.notes) fmt::print(stderr, "cairnctl: {}\n", note);
  if (context.json) {
    auto json = runJson(made.run, catalog.events(made.run.id));
    json["checkpoint"] = core::toJson(made.checkpoint);
    json["notes"] = made.notes;
    context.print(json);
  } else {
    context.print(describeCheckpoint(made.checkpoint, made.run.name));
  }
}

CLI::Option* addDataOf(CLI::App* command, std::string& letter) {
  return command->add_option("--data-of", letter, "Whose validation data: A, B, ... (else the first that has some)")
      ->type_name("LETTER");
}

}  // namespace

void addCompareCommands(CLI::App& app, Context& context) {
  const auto comparing = std::make_shared<CompareArguments>();
  auto* command =
      app.add_subcommand("compare", "Set two to four checkpoints side by side; distances are from the first");
  command->add_option("checkpoints", comparing->checkpoints, "Such as digits@best digits@latest")
      ->required()
      ->type_name("CHECKPOINT");
  command->add_flag("--predictions", comparing->predictions, "Also what each predicts for the validation data");
  command->add_option("--samples", comparing->samples, "How many of the samples that differ most are listed (100)")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber);
  addDataOf(command, comparing->dataOf);
  command->add_flag("--all-settings", comparing->allSettings, "Settings that are the same too");
  command->callback([&context, comparing] { compare(context, *comparing); });

  const auto walking = std::make_shared<PathArguments>();
  command = app.add_subcommand("path", "The loss along the straight line from one checkpoint to another");
  command->add_option("from", walking->from)->required()->type_name("CHECKPOINT");
  command->add_option("to", walking->to)->required()->type_name("CHECKPOINT");
  command->add_option("--points", walking->points, "Both ends among them (21)")->type_name("N");
  addDataOf(command, walking->dataOf);
  command->callback([&context, walking] { path(context, *walking); });

  const auto averaging = std::make_shared<AverageArguments>();
  command = app.add_subcommand("average", "Make a paused run whose first checkpoint is the mean of two to four");
  command->add_option("checkpoints", averaging->checkpoints)->required()->type_name("CHECKPOINT");
  command->add_option("--name", averaging->name, "The run's name");
  command->callback([&context, averaging] { average(context, *averaging); });
}

}  // namespace cairn::cli
