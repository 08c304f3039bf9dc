#include "cli/app.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "cli/commands.h"
#include "core/error.h"

namespace cairn::cli {

namespace {

void addCommands(CLI::App& app, Context& context) {
  app.name("cairnctl");
  app.require_subcommand(1);
  app.fallthrough();  // --home and --json are taken after the command too
  app.option_defaults()->always_capture_default(false);
  app.add_option("--home", context.homeAsked,
                 "Where everything is kept (else $CAIRN_HOME, $XDG_DATA_HOME/cairn, ~/.local/share/cairn)")
      ->type_name("DIR")
      ->take_last();
  app.add_flag("--json", context.json, "Print one JSON document");
  app.set_version_flag("--version", std::string("cairnctl ") + CAIRN_VERSION);
  addTrainCommands(app, context);
  addResumeCommand(app, context);
  addRecreateCommand(app, context);
  addListCommands(app, context);
  addMetricsCommand(app, context);
  addPredictCommand(app, context);
  addInspectCommand(app, context);
  addRepairCommands(app, context);
  addDevicesCommand(app, context);
  addCurateCommands(app, context);
  addImportCommand(app, context);
  addExportCommand(app, context);
  addCompareCommands(app, context);
}

/// One line, whatever the message holds.
void tell(std::string message) {
  for (char& c : message)
    if (c == '\n' || c == '\r') c = ' ';
  std::fprintf(stderr, "cairnctl: %s\n", message.c_str());
}

int exitCodeOf(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::Failed: return kFailed;
    case ErrorKind::Invalid: return kUsage;
    case ErrorKind::Cancelled: return kStopped;
  }
  return kFailed;
}

int usageError(const CLI::App& app, const CLI::ParseError& error) {
  const auto commands = app.get_subcommands();
  const auto help = commands.empty() ? std::string("cairnctl --help")
                                     : fmt::format("cairnctl {} --help", commands.front()->get_name());
  tell(fmt::format("arguments: {}; see {}", error.what(), help));
  return kUsage;
}

}  // namespace

int run(int argc, char** argv) {
  CLI::App app("Trains neural networks, keeps every checkpoint, and goes on from any of them.");
  Context context;
  addCommands(app, context);
  try {
    app.parse(argc, argv);
    return context.exitCode;
  } catch (const CLI::Success& success) {
    return app.exit(success);  // --help, --version
  } catch (const CLI::ParseError& error) {
    return usageError(app, error);
  } catch (const Error& error) {
    tell(error.what());
    return exitCodeOf(error.kind());
  } catch (const std::bad_alloc&) {
    tell("memory: there is not enough; close other programs, or make the model or batch smaller");
    return kFailed;
  } catch (const std::exception& error) {
    tell(fmt::format("an unexpected fault: {}; please report it", error.what()));
    return kFailed;
  }
}

}  // namespace cairn::cli
