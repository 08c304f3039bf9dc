#include "cli/train_and_print.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <future>

#include "cli/describe.h"
#include "cli/progress_printer.h"
#include "cli/terminal.h"
#include "core/error.h"
#include "core/records_json.h"

namespace cairn::cli {

namespace {

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

/// What is durable stays so; what came after it is repeated by a resume.
[[noreturn]] void endAtOnce() {
  std::fputs("cairnctl: ended before its checkpoint was saved: resume goes on from the one before\n", stderr);
  _exit(kFailed);
}

/// Waits for the job on another thread, and for signals on this one: the first stops the job with a checkpoint, the
/// second ends the process at once.
JobEnding waitFor(training::Job& job, ProgressPrinter& printer, SignalWatch& signals) {
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
    if (bySignal) endAtOnce();
    bySignal = true;
    printer.tellTroubleAgain();
    std::fputs(stderrIsTerminal() ? "\ncairnctl: stopping with a checkpoint (again: stop at once)\n"
                                  : "cairnctl: stopping with a checkpoint (a second signal stops at once)\n",
               stderr);
    job.stop();
  }
  return {result.get(), bySignal, {}, {}};
}

}  // namespace

void printRun(Context& context, const std::string& id, const std::optional<core::ResumeCheck>& check) {
  auto catalog = context.openRead();
  auto run = catalog.run(id);
  if (check) run.resumeCheck = check;
  if (context.json)
    context.print(runJson(run, catalog.events(id)));
  else
    context.print(describeRun(run, catalog.events(id)));
}

void checkCount(const char* option, const std::optional<std::int64_t>& count) {
  if (count && *count < 1) throw Error::invalid(option, fmt::format("must be at least 1, not {}", *count));
}

JobEnding runJob(std::unique_ptr<training::Job> started, SignalWatch& signals) {
  const auto warn = [&](std::size_t from) {
    for (auto i = from; i < started->warnings().size(); ++i) std::fprintf(stderr, "cairnctl: %s\n", started->warnings()[i].c_str());
    return started->warnings().size();
  };
  const auto warned = warn(0);
  ProgressPrinter printer;
  const struct Ending {
    std::unique_ptr<training::Job>& job;
    ~Ending() { job.reset(); }  // before the printer that it tells
  } end{started};
  started->start(printer);
  auto ending = waitFor(*started, printer, signals);
  warn(warned);
  ending.check = printer.resumeCheck();
  ending.recreated = started->recreated();
  return ending;
}

void trainAndPrint(Context& context, std::unique_ptr<training::Job> job, SignalWatch& signals, bool resumed) {
  const auto id = job->run();
  auto ending = runJob(std::move(job), signals);
  if (resumed && !ending.check) ending.check = core::ResumeCheck{};
  printRun(context, id, ending.check);
  if (ending.bySignal && ending.state != core::SessionState::Completed) context.exitCode = kStopped;
}

}  // namespace cairn::cli
