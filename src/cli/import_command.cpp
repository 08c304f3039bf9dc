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
  bool weightsOnly = false;
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

void importFile(Context& context, const ImportArguments& arguments) {
  training::ImportOptions options;
  auto settings = arguments.settings;
  if (!arguments.name.empty()) settings.push_back("name=" + nlohmann::json(arguments.name).dump());
  options.spec = core::withSettings(core::readRunSpec(arguments.spec), settings,
                                    std::filesystem::absolute(arguments.spec).parent_path());
  options.weightsOnly = arguments.weightsOnly;
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
  command->callback([&context, arguments] { importFile(context, *arguments); });
}

}  // namespace cairn::cli
