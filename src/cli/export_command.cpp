#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <set>

#include "cli/commands.h"
#include "core/error.h"
#include "core/text.h"
#include "storage/checkpoint_files.h"
#include "training/export.h"

namespace cairn::cli {

namespace {

struct ExportArguments {
  std::string checkpoint, file;
  training::ExportOptions options;
};

void exportCheckpoint(Context& context, const ExportArguments& arguments) {
  auto catalog = context.openRead();
  const auto record = catalog.findCheckpoint(arguments.checkpoint);
  std::set<std::filesystem::path> there;
  for (const auto& file : training::exportedFiles(arguments.file)) {
    training::requireOutside(context.home(), file);
    if (std::filesystem::exists(file)) there.insert(file);
  }
  const auto state = storage::readCheckpoint(catalog.files(), record, stderrProgress());
  auto array = nlohmann::ordered_json::array();
  std::string text;
  for (const auto& file : training::exportCheckpoint(*state, arguments.file, arguments.options, stderrProgress())) {
    const auto path = std::filesystem::absolute(file).string();
    const auto bytes = static_cast<std::int64_t>(std::filesystem::file_size(file));
    array.push_back({{"path", path}, {"bytes", bytes}, {"replaced", there.contains(file)}});
    text += fmt::format("{}{}  {}{}", text.empty() ? "" : "\n", path, core::humanBytes(bytes),
                        there.contains(file) ? "  in place of the file that was there" : "");
  }
  if (context.json)
    context.print(nlohmann::ordered_json{{"checkpoint", record.id}, {"files", array}});
  else
    context.print(text);
}

}  // namespace

void addExportCommand(CLI::App& app, Context& context) {
  const auto arguments = std::make_shared<ExportArguments>();
  auto* command =
      app.add_subcommand("export", "Write a checkpoint for PyTorch, safetensors, or as a Python script that predicts");
  command->add_option("checkpoint", arguments->checkpoint, "Id, prefix, RUN@STEP, RUN@latest or RUN@best")
      ->required()
      ->type_name("CHECKPOINT");
  command->add_option("file", arguments->file,
                      "By its ending: .pt, .pth, .safetensors or .py (its weights go to a .pt beside it); replaced if it is there")
      ->required()
      ->type_name("FILE");
  command->add_flag("--weights-only", arguments->options.weightsOnly, "Of .pt: the state dict alone");
  command->add_flag("--torch-1.13", arguments->options.forTorch113,
                    "Floats as 0-dim tensors, for weights_only=True under PyTorch 1.13");
  command->callback([&context, arguments] { exportCheckpoint(context, *arguments); });
}

}  // namespace cairn::cli
