// cairnctl resume: goes on with a run, and first says if its data is not where or what it was.
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "cli/train_and_print.h"
#include "core/error.h"
#include "core/error_codes.h"
#include "training/run_data.h"

namespace cairn::cli {

namespace {

struct ResumeArguments {
  std::string run, data;
  std::vector<std::string> settings;
  std::optional<std::int64_t> epochs, steps, maxSteps;
  bool changedData = false;
};

/// A resume goes on with the run as it is: only where its data lies may be another place.
void requirePlaces(const std::vector<std::string>& settings) {
  constexpr std::array kPlaces = {"data.path",   "data.validation_path",   "data.images",
                                  "data.labels", "data.validation_images", "data.validation_labels"};
  for (const auto& setting : settings) {
    const auto key = setting.substr(0, setting.find('='));
    if (std::find(kPlaces.begin(), kPlaces.end(), key) == kPlaces.end())
      throw Error::invalid(key, "a resume can only say where the data lies", "branch to change a setting");
  }
}

std::optional<core::DataSpec> newPlace(const core::RunSpec& spec, const ResumeArguments& arguments) {
  if (arguments.data.empty() && arguments.settings.empty()) return {};
  requirePlaces(arguments.settings);
  const auto changed = core::withSettings(spec, arguments.settings).data;
  return arguments.data.empty() ? changed : training::movedTo(changed, arguments.data);
}

/// Asks on the terminal; a signal is a no.
bool agrees(const Error& error, SignalWatch& signals) {
  std::fprintf(stderr, "cairnctl: %s: %s\nGo on with the data as it is now? [y/N] ", error.subject().c_str(),
               error.why().c_str());
  pollfd descriptors[] = {{STDIN_FILENO, POLLIN, 0}, {signals.descriptor(), POLLIN, 0}};
  if (poll(descriptors, 2, -1) < 0 || descriptors[1].revents) return false;
  char answer = 'n';
  return read(STDIN_FILENO, &answer, 1) == 1 && (answer == 'y' || answer == 'Y');
}

std::unique_ptr<training::Job> makeJob(const Context& context, const std::string& run, training::ResumeOptions options,
                                       SignalWatch& signals) {
  try {
    return training::Job::resume(context.home(), run, options);
  } catch (const Error& error) {
    const bool canAsk = isatty(STDIN_FILENO) == 1 && stderrIsTerminal();
    if (error.code() != kDataChanged || !canAsk) throw;
    if (!agrees(error, signals)) throw;
  }
  options.acceptChangedData = true;
  return training::Job::resume(context.home(), run, options);
}

void resume(Context& context, const ResumeArguments& arguments) {
  if (arguments.epochs && arguments.steps)
    throw Error::invalid("--epochs, --steps", "both were given", "give one of them");
  checkCount("--epochs", arguments.epochs);
  checkCount("--steps", arguments.steps);
  checkCount("--max-steps", arguments.maxSteps);
  SignalWatch signals;
  const auto run = context.openAndRepair(false).findRun(arguments.run);
  const training::ResumeOptions options{.epochs = arguments.epochs,
                                        .steps = arguments.steps,
                                        .maxSteps = arguments.maxSteps,
                                        .data = newPlace(run.spec, arguments),
                                        .acceptChangedData = arguments.changedData,
                                        .progress = stderrProgress(signals)};
  if (auto job = makeJob(context, run.id, options, signals))
    return trainAndPrint(context, std::move(job), signals, true);
  std::fputs("cairnctl: the run is completed; --epochs or --steps train it longer\n", stderr);
  printRun(context, run.id, core::ResumeCheck{});
}

}  // namespace

void addResumeCommand(CLI::App& app, Context& context) {
  const auto arguments = std::make_shared<ResumeArguments>();
  auto* command = app.add_subcommand("resume", "Go on with a run from its newest good checkpoint");
  command->add_option("run", arguments->run, "Id, prefix of an id, or name")->required()->type_name("RUN");
  command->add_option("--epochs", arguments->epochs, "Train longer: until this many epochs");
  command->add_option("--steps", arguments->steps, "Train longer: until this many steps");
  command->add_option("--max-steps", arguments->maxSteps, "Stop once this step is reached, as a pause would");
  command->add_option("--data", arguments->data, "Where the run's data lies now: its file, or the folder that it is in")
      ->type_name("PATH");
  command->add_option("--set", arguments->settings, "The same for one file: data.path=FILE and the like")
      ->allow_extra_args(false)
      ->type_name("KEY=VALUE");
  command->add_flag("--changed-data", arguments->changedData, "Go on although the data's contents have changed");
  command->callback([&context, arguments] { resume(context, *arguments); });
}

}  // namespace cairn::cli
