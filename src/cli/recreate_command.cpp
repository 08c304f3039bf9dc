// cairnctl recreate: makes the checkpoint of a step that the run took, and compares it with the record.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <memory>

#include "cli/commands.h"
#include "cli/describe.h"
#include "cli/train_and_print.h"
#include "core/error.h"
#include "core/records_json.h"
#include "core/run_history.h"
#include "training/run_data.h"

namespace cairn::cli {

namespace {

struct Wanted {
  core::RunRecord run;
  std::int64_t step = 0;
};

/// RUN@STEP needs no checkpoint there; anything else names one.
Wanted find(storage::Catalog& catalog, const std::string& reference) {
  const auto at = reference.rfind('@');
  if (at != std::string::npos) {
    std::int64_t step = 0;
    const auto* end = reference.data() + reference.size();
    const auto parsed = std::from_chars(reference.data() + at + 1, end, step);
    if (parsed.ec == std::errc() && parsed.ptr == end && at + 1 < reference.size())
      return {catalog.findRun(reference.substr(0, at)), step};
  }
  const auto checkpoint = catalog.findCheckpoint(reference);
  return {catalog.run(checkpoint.run), checkpoint.step};
}

nlohmann::ordered_json jsonOf(const training::Recreated& recreated) {
  auto json = core::toJson(recreated.checkpoint);
  json["resume_check"] = core::toJson(recreated.check);
  json["resume_check"]["changes"] = recreated.changes;
  json["resume_check"]["same_state"] =
      recreated.sameState ? nlohmann::ordered_json(*recreated.sameState) : nlohmann::ordered_json();
  return json;
}

std::string verdictOf(const training::Recreated& recreated) {
  const auto& check = recreated.check;
  auto text = fmt::format("{} of {} repeated steps identical", check.identical, check.stepsRepeated);
  if (recreated.sameState) text += *recreated.sameState ? ", and the same state" : ", but another state than on record";
  if (recreated.wasThere) text += "; its file was there already";
  return text;
}

void recreate(Context& context, const std::string& reference, const std::string& data) {
  SignalWatch signals;
  auto catalog = context.openAndRepair(false);
  const auto [run, step] = find(catalog, reference);
  training::RecreateOptions options{.data = {}, .progress = stderrProgress(signals)};
  if (!data.empty()) options.data = training::movedTo(run.spec.data, data);
  const auto ending = runJob(training::Job::recreate(context.home(), run.id, step, options), signals);
  if (!ending.recreated) throw Error::cancelled("recreate");
  const auto& recreated = *ending.recreated;
  if (recreated.sameState == false || core::differs(recreated.check))
    std::fprintf(stderr, "cairnctl: what was recreated is not as on record: %s\n", verdictOf(recreated).c_str());
  if (context.json)
    context.print(jsonOf(recreated));
  else
    context.print(describeCheckpoint(recreated.checkpoint, run.name) + "\n" + verdictOf(recreated));
}

}  // namespace

void addRecreateCommand(CLI::App& app, Context& context) {
  const auto reference = std::make_shared<std::string>();
  const auto data = std::make_shared<std::string>();
  auto* command = app.add_subcommand("recreate", "Make the checkpoint of a step again, and compare it with the record");
  command->add_option("step", *reference, "A step that the run took, such as digits@300")
      ->required()
      ->type_name("RUN@STEP");
  command->add_option("--data", *data, "Where the run's data lies now: its file, or the folder that it is in")
      ->type_name("PATH");
  command->callback([&context, reference, data] { recreate(context, *reference, *data); });
}

}  // namespace cairn::cli
