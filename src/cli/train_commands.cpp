#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "cli/commands.h"
#include "cli/signals.h"
#include "cli/train_and_print.h"
#include "core/error.h"
#include "training/job.h"

namespace cairn::cli {

namespace {

struct TrainArguments {
  std::string spec, checkpoint, name;
  std::vector<std::string> settings;
  std::optional<std::int64_t> maxSteps;
  bool resetOptimizer = false;
};

core::RunSpec renamed(const core::RunSpec& spec, const std::string& name) {
  nlohmann::json json = core::toJson(spec);
  json["name"] = name;
  return core::parseRunSpec(json, "/");
}

void train(Context& context, const TrainArguments& arguments) {
  checkCount("--max-steps", arguments.maxSteps);
  SignalWatch signals;
  auto spec = core::withSettings(core::readRunSpec(arguments.spec), arguments.settings,
                                 std::filesystem::absolute(arguments.spec).parent_path());
  if (!arguments.name.empty()) spec = renamed(spec, arguments.name);
  context.openAndRepair(true);
  auto job = training::Job::train(context.home(), std::move(spec), arguments.maxSteps);
  trainAndPrint(context, std::move(job), signals, false);
}

void branch(Context& context, const TrainArguments& arguments) {
  checkCount("--max-steps", arguments.maxSteps);
  SignalWatch signals;
  training::BranchOptions options{
      .name = arguments.name, .resetOptimizer = arguments.resetOptimizer, .maxSteps = arguments.maxSteps};
  std::string checkpoint;
  {
    auto catalog = context.openAndRepair(false);
    const auto parent = catalog.findCheckpoint(arguments.checkpoint);
    checkpoint = parent.id;
    const auto spec = catalog.run(parent.run).spec;
    if (!arguments.name.empty()) (void)renamed(spec, arguments.name);  // is it a name?
    options.spec = core::withSettings(spec, arguments.settings);
    for (const auto& setting : arguments.settings)
      if (setting.starts_with("optimizer.lr=")) options.lr = core::learningRate(options.spec->optimizer);
  }
  auto job = training::Job::branch(context.home(), checkpoint, options);
  trainAndPrint(context, std::move(job), signals, false);
}

}  // namespace

void addTrainCommands(CLI::App& app, Context& context) {
  const auto arguments = std::make_shared<TrainArguments>();
  const auto addCommon = [&](CLI::App* command) {
    command->add_option("--max-steps", arguments->maxSteps, "Stop once this step is reached, as a pause would");
  };
  const auto addChanges = [&](CLI::App* command) {
    command->add_option("--name", arguments->name, "The run's name");
    command->add_option("--set", arguments->settings, "Change a key of the spec: KEY=VALUE, such as optimizer.lr=0.01")
        ->allow_extra_args(false)
        ->type_name("KEY=VALUE");
  };

  auto* trainCommand = app.add_subcommand("train", "Train a new run from a spec");
  trainCommand->add_option("spec", arguments->spec, "A spec file (docs/spec.md)")->required()->type_name("SPEC.json");
  addChanges(trainCommand);
  addCommon(trainCommand);
  trainCommand->callback([&context, arguments] { train(context, *arguments); });

  auto* branchCommand = app.add_subcommand("branch", "Train a new run from a checkpoint");
  branchCommand->add_option("checkpoint", arguments->checkpoint, "Id, prefix, RUN@STEP, RUN@latest or RUN@best")
      ->required()
      ->type_name("CHECKPOINT");
  addChanges(branchCommand);
  addCommon(branchCommand);
  branchCommand->add_flag("--reset-optimizer", arguments->resetOptimizer, "Start the optimizer's state afresh");
  branchCommand->callback([&context, arguments] { branch(context, *arguments); });
}

}  // namespace cairn::cli
