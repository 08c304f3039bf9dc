#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <filesystem>
#include <future>
#include <memory>

#include "cli/commands.h"
#include "cli/describe.h"
#include "cli/progress_printer.h"
#include "cli/signals.h"
#include "core/error.h"
#include "core/records_json.h"
#include "training/job.h"

namespace cairn::cli {

namespace {

struct TrainArguments {
  std::string spec, run, checkpoint, name;
  std::vector<std::string> settings;
  std::optional<std::int64_t> epochs, steps, maxSteps;
  bool resetOptimizer = false;
};

void checkCount(const char* option, const std::optional<std::int64_t>& count) {
  if (count && *count < 1) throw Error::invalid(option, fmt::format("must be at least 1, not {}", *count));
}

/// Readable once the job has ended.
class EndFlag {
 public:
  EndFlag() : descriptor_(eventfd(0, EFD_CLOEXEC)) {
    if (descriptor_ < 0) throw Error::system("make", "an event descriptor", errno);
  }
  ~EndFlag() { close(descriptor_); }
  EndFlag(const EndFlag&) = delete;
  EndFlag& operator=(const EndFlag&) = delete;
  void raise() const { eventfd_write(descriptor_, 1); }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

struct Ending {
  core::SessionState state = core::SessionState::Stopped;
  bool bySignal = false;
};

/// Waits for the job on another thread, and for signals on this one: the first stops the job with a checkpoint, the
/// second ends the process at once (what is durable stays so).
Ending waitFor(training::Job& job, SignalWatch& signals) {
  EndFlag ended;
  auto result = std::async(std::launch::async, [&] {
    struct Raise {
      const EndFlag& flag;
      ~Raise() { flag.raise(); }
    } const raise{ended};
    return job.wait();
  });
  bool bySignal = false;
  for (;;) {
    pollfd descriptors[] = {{ended.descriptor(), POLLIN, 0}, {signals.descriptor(), POLLIN, 0}};
    if (poll(descriptors, 2, -1) < 0 && errno != EINTR) throw Error::system("wait for", "the training", errno);
    if (descriptors[0].revents) break;
    if (signals.take() == 0) continue;
    if (bySignal) _exit(kStopped);
    bySignal = true;
    std::fputs(stderrIsTerminal() ? "\ncairnctl: stopping with a checkpoint (again: stop at once)\n"
                                  : "cairnctl: stopping with a checkpoint\n",
               stderr);
    job.stop();
  }
  return {result.get(), bySignal};
}

void printRun(Context& context, const std::string& id, const std::optional<core::ResumeCheck>& check = {}) {
  auto catalog = context.openRead();
  auto run = catalog.run(id);
  if (check) run.resumeCheck = check;
  if (context.json)
    context.print(core::toJson(run));
  else
    context.print(describeRun(run));
}

/// Trains to the end, then prints the run. `resumed`: also tell what repeated steps showed.
void trainAndPrint(Context& context, std::unique_ptr<training::Job> started, SignalWatch& signals, bool resumed) {
  for (const auto& warning : started->warnings()) std::fprintf(stderr, "cairnctl: %s\n", warning.c_str());
  const auto id = started->run();
  Ending ending;
  std::optional<core::ResumeCheck> check;
  {
    ProgressPrinter printer;
    const auto job = std::move(started);  // ends before the printer that it tells
    job->start(printer);
    ending = waitFor(*job, signals);
    check = printer.resumeCheck();
  }
  if (resumed && !check) check = core::ResumeCheck{};
  printRun(context, id, check);
  if (ending.bySignal && ending.state != core::SessionState::Completed) context.exitCode = kStopped;
}

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

void resume(Context& context, const TrainArguments& arguments) {
  if (arguments.epochs && arguments.steps)
    throw Error::invalid("--epochs, --steps", "both were given", "give one of them");
  checkCount("--epochs", arguments.epochs);
  checkCount("--steps", arguments.steps);
  checkCount("--max-steps", arguments.maxSteps);
  SignalWatch signals;
  const auto run = context.openAndRepair(false).findRun(arguments.run);
  auto job = training::Job::resume(
      context.home(), run.id, {.epochs = arguments.epochs, .steps = arguments.steps, .maxSteps = arguments.maxSteps});
  if (job) return trainAndPrint(context, std::move(job), signals, true);
  std::fputs("cairnctl: the run is completed; --epochs or --steps train it longer\n", stderr);
  printRun(context, run.id, core::ResumeCheck{});
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

  auto* resumeCommand = app.add_subcommand("resume", "Go on with a run from its newest good checkpoint");
  resumeCommand->add_option("run", arguments->run, "Id, prefix of an id, or name")->required()->type_name("RUN");
  resumeCommand->add_option("--epochs", arguments->epochs, "Train longer: until this many epochs");
  resumeCommand->add_option("--steps", arguments->steps, "Train longer: until this many steps");
  addCommon(resumeCommand);
  resumeCommand->callback([&context, arguments] { resume(context, *arguments); });

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
