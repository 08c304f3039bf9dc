#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "cli/commands.h"
#include "core/error.h"
#include "core/series.h"
#include "core/text.h"

namespace cairn::cli {

namespace {

/// All series by name, or the one asked for.
std::vector<core::Series> wanted(const std::string& name) {
  std::vector<core::Series> all(core::kAllSeries.begin(), core::kAllSeries.end());
  std::sort(all.begin(), all.end(), [](auto a, auto b) { return core::seriesName(a) < core::seriesName(b); });
  if (name.empty()) return all;
  if (const auto series = core::seriesFromName(name)) return {*series};
  std::vector<std::string_view> names;
  for (const auto series : all) names.push_back(core::seriesName(series));
  throw Error::invalid("--series", fmt::format("there is no series {}", name),
                       fmt::format("choose one of {}", fmt::join(names, ", ")));
}

void writeCsv(storage::Catalog& catalog, const std::string& run, const std::vector<core::Series>& list, bool own) {
  std::fputs("series,step,epoch,seconds,value\n", stdout);
  for (const auto series : list) {
    const auto data = catalog.metrics(run, series, own);
    for (std::size_t i = 0; i < data.step.size(); ++i)
      fmt::print("{},{},{},{},{}\n", core::seriesName(series), data.step[i], data.epoch[i],
                 core::roundTrip(data.seconds[i]), core::roundTrip(data.value[i]));
  }
  if (std::fflush(stdout) != 0) throw Error::system("write to", "standard output", errno);
}

}  // namespace

void addMetricsCommand(CLI::App& app, Context& context) {
  struct Arguments {
    std::string run, series;
    bool own = false;
  };
  const auto arguments = std::make_shared<Arguments>();
  auto* command = app.add_subcommand("metrics", "Print a run's metrics as CSV: series,step,epoch,seconds,value");
  command->add_option("run", arguments->run, "Id, prefix of an id, or name")->required()->type_name("RUN");
  command->add_option("--series", arguments->series, "Only this one, such as train/loss")->type_name("NAME");
  command->add_flag("--own", arguments->own, "Without the part of the run that it branched from");
  command->callback([&context, arguments] {
    const auto list = wanted(arguments->series);
    auto catalog = context.openRead();
    writeCsv(catalog, catalog.findRun(arguments->run).id, list, arguments->own);
  });
}

}  // namespace cairn::cli
