#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "cli/commands.h"
#include "cli/describe.h"
#include "core/error.h"
#include "core/records_json.h"
#include "training/import.h"

namespace cairn::cli {

namespace {

struct ImportArguments {
  std::string file, spec, name;
  std::vector<std::string> settings;
  bool weightsOnly = false, dryRun = false;
};

using How = engine::ImportRow::How;

const char* howText(How how) {
  switch (how) {
    case How::Name: return "by name";
    case How::Order: return "by order and shape";
    case How::Tied: return "tied to it";
    case How::Missing: return "missing";
    case How::Unused: return "unused";
  }
  return "";
}

/// Said aloud: which tensor became which, where a name differs, and what the file decided.
void tell(const engine::ImportPlan& plan) {
  for (const auto& row : plan.rows)
    if (plan.renamed)
      fmt::print(stderr, "cairnctl: {} -> {} [{}] ({})\n", row.fileName, row.modelName, fmt::join(row.fileShape, ", "),
                 row.fileName == row.modelName ? "the same name" : howText(row.how));
  if (!plan.renamed) fmt::print(stderr, "cairnctl: {} tensors, all by name\n", plan.rows.size());
  for (const auto& note : plan.notes) fmt::print(stderr, "cairnctl: {}\n", note);
}

nlohmann::ordered_json toJson(const engine::ImportPlan& plan) {
  auto rows = nlohmann::ordered_json::array();
  for (const auto& row : plan.rows)
    rows.push_back({{"file", row.fileName},
                    {"model", row.modelName},
                    {"file_shape", row.fileShape},
                    {"model_shape", row.modelShape},
                    {"dtype", row.dtype},
                    {"how", howText(row.how)},
                    {"problem", row.problem}});
  return {{"rows", rows},      {"notes", plan.notes}, {"problems", plan.problems},      {"epoch", plan.epoch},
          {"step", plan.step}, {"lr", plan.lr},       {"spec", core::toJson(plan.spec)}};
}

/// What an import would do; nothing is made.
void preview(Context& context, const ImportArguments& arguments, const training::ImportOptions& options) {
  const auto plan = training::previewImport(arguments.file, options, stderrProgress());
  tell(plan);
  for (const auto& problem : plan.problems) fmt::print(stderr, "cairnctl: does not fit: {}\n", problem);
  if (context.json)
    context.print(toJson(plan));
  else
    context.print(fmt::format("{} at epoch {}, step {}, lr {}",
                              plan.problems.empty() ? "can be imported" : "cannot be imported", plan.epoch, plan.step,
                              plan.lr));
  if (!plan.problems.empty()) context.exitCode = kFailed;
}

void importFile(Context& context, const ImportArguments& arguments) {
  training::ImportOptions options;
  auto settings = arguments.settings;
  if (!arguments.name.empty()) settings.push_back("name=" + nlohmann::json(arguments.name).dump());
  options.spec = core::withSettings(core::readRunSpec(arguments.spec), settings,
                                    std::filesystem::absolute(arguments.spec).parent_path());
  options.weightsOnly = arguments.weightsOnly;
  if (arguments.dryRun) return preview(context, arguments, options);
  context.openAndRepair(/*make=*/true);
  const auto imported = training::importFile(context.home(), arguments.file, options, stderrProgress());
  tell(imported.plan);
  if (context.json)
    context.print(core::toJson(imported.checkpoint));
  else
    context.print(describeCheckpoint(imported.checkpoint, imported.plan.spec.name));
}

}  // namespace

void addImportCommand(CLI::App& app, Context& context) {
  const auto arguments = std::make_shared<ImportArguments>();
  auto* command =
      app.add_subcommand("import", "Make a paused run of a PyTorch or safetensors file; resume goes on with it");
  command->add_option("file", arguments->file, "A checkpoint or state dict: .pt, .pth or .safetensors")
      ->required()
      ->type_name("FILE");
  command
      ->add_option("--spec", arguments->spec,
                   "What to go on training (docs/spec.md); the file's lr, epoch and step win")
      ->required()
      ->type_name("SPEC.json");
  command->add_option("--name", arguments->name, "The run's name");
  command->add_option("--set", arguments->settings, "Change a key of the spec: KEY=VALUE")
      ->allow_extra_args(false)
      ->type_name("KEY=VALUE");
  command->add_flag("--weights-only", arguments->weightsOnly, "Take the weights alone, as for fine-tuning: step 0");
  command->add_flag("--dry-run", arguments->dryRun, "Show what would be matched and taken, and make nothing");
  command->callback([&context, arguments] { importFile(context, *arguments); });
}

}  // namespace cairn::cli
