#include "ui/report/run_report.h"

#include <algorithm>
#include <array>

#include "core/error.h"
#include "core/text.h"
#include "storage/catalog.h"
#include "storage/inspection.h"

namespace cairn::ui {

namespace {

using core::Series;

constexpr std::array kDrawn = {Series::TrainLoss, Series::ValLoss, Series::TrainAccuracy, Series::ValAccuracy,
                               Series::Lr};

/// As Python prints it, a text stands in quotes.
std::string plain(const std::string& printed) {
  const bool quoted =
      printed.size() >= 2 && (printed.front() == '\'' || printed.front() == '"') && printed.back() == printed.front();
  return quoted ? printed.substr(1, printed.size() - 2) : printed;
}

const storage::InspectedNode* childNamed(const storage::InspectedNode& node, std::string_view name) {
  const auto found = std::find_if(node.children.begin(), node.children.end(),
                                  [&](const auto& child) { return plain(child.name) == name; });
  return found == node.children.end() ? nullptr : &*found;
}

/// What the checkpoint says of the machine and the data it was trained on.
void addFromCheckpoint(RunReport& report, const core::CheckpointRecord& checkpoint, const core::Progress& progress) {
  storage::InspectionLimits limits;
  limits.checkRecords = false;
  const auto inspection = storage::inspectFile(storage::FileSystem::posix(), checkpoint.path, progress, limits);
  const auto* cairn = childNamed(inspection.root, "cairn");
  if (!cairn) return;
  if (const auto* versions = childNamed(*cairn, "versions")) {
    constexpr std::pair<const char*, const char*> kNames[] = {
        {"cairn", "Cairn"}, {"libtorch", "LibTorch"}, {"blas", "BLAS"}, {"cpu_capability", "CPU capability"}};
    for (const auto& [key, name] : kNames)
      if (const auto* version = childNamed(*versions, key))
        report.environment.emplace_back(name, plain(version->value));
  }
  if (const auto* data = childNamed(*cairn, "data_fingerprint"))
    report.environment.emplace_back("Data fingerprint", plain(data->value));
}

void readEnvironment(RunReport& report, const core::Progress& progress) {
  if (!report.run.device.empty()) report.environment.emplace_back("Device", report.run.device);
  if (report.run.threads > 0) report.environment.emplace_back("Threads", std::to_string(report.run.threads));
  const auto newest = std::find_if(report.checkpoints.rbegin(), report.checkpoints.rend(), [](const auto& checkpoint) {
    return checkpoint.state == core::CheckpointState::Ready;
  });
  if (newest == report.checkpoints.rend()) return;
  try {
    addFromCheckpoint(report, *newest, progress);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Cancelled) throw;
    report.environment.emplace_back("Newest checkpoint", std::string("could not be read: ") + error.what());
  }
}

/// A catalog that was made anew from files knows nothing of those whose files were gone.
std::string nameOf(storage::Catalog& catalog, const std::string& checkpoint) {
  try {
    const auto record = catalog.checkpoint(checkpoint);
    return catalog.run(record.run).name + " at step " + core::withThousands(record.step);
  } catch (const Error&) {
    return "checkpoint " + checkpoint + ", which is not on record";
  }
}

}  // namespace

RunReport readRunReport(const storage::Home& home, const std::string& run, const core::Progress& progress) {
  storage::Catalog catalog(home, storage::Catalog::Access::Read);
  RunReport report;
  report.run = catalog.run(run);
  if (!report.run.parentRun.empty()) report.parentName = catalog.run(report.run.parentRun).name;
  report.checkpoints = catalog.checkpoints(run);
  if (!report.checkpoints.empty())
    for (const auto& id : report.checkpoints.front().parents) report.meanOf.push_back(nameOf(catalog, id));
  report.events = catalog.events(run);
  std::int64_t done = 0;
  for (const auto series : kDrawn) {
    if (progress && !progress("Reading", done++, static_cast<std::int64_t>(kDrawn.size())))
      throw Error::cancelled("report");
    auto data = catalog.metrics(run, series, /*own=*/false);
    if (data.step.empty()) continue;
    report.seconds = std::max(report.seconds, data.seconds.back());
    report.series.emplace(series, std::move(data));
  }
  readEnvironment(report, progress);
  return report;
}

}  // namespace cairn::ui
