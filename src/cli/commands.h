// The commands of cairnctl, a file a group: each adds its own to the command line. For the main thread.
#pragma once

#include "cli/context.h"

namespace CLI {
class App;
}

namespace cairn::cli {

void addTrainCommands(CLI::App& app, Context& context);  ///< train, branch
void addResumeCommand(CLI::App& app, Context& context);
void addRecreateCommand(CLI::App& app, Context& context);
void addListCommands(CLI::App& app, Context& context);  ///< runs, checkpoints, show
void addMetricsCommand(CLI::App& app, Context& context);
void addPredictCommand(CLI::App& app, Context& context);
void addInspectCommand(CLI::App& app, Context& context);
void addRepairCommands(CLI::App& app, Context& context);  ///< recover, verify
void addDevicesCommand(CLI::App& app, Context& context);
void addCurateCommands(CLI::App& app, Context& context);  ///< note, tag, pin, unpin, delete, undelete, trash
void addImportCommand(CLI::App& app, Context& context);
void addExportCommand(CLI::App& app, Context& context);
void addCompareCommands(CLI::App& app, Context& context);  ///< compare, path, average

}  // namespace cairn::cli
