#include "cli/context.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "cli/signals.h"
#include "cli/terminal.h"
#include "core/error.h"
#include "storage/recovery.h"

namespace cairn::cli {

using storage::Catalog;

namespace {

void write(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
    throw Error::system("write to", "standard output", errno);
}

/// So that a command that needs a run makes no catalog in whatever folder was named.
void requireHome(const storage::Home& home) {
  std::error_code ignored;
  for (const auto& path : {home.catalog(), home.catalogBackup(), home.checkpoints()})
    if (std::filesystem::exists(path, ignored)) return;
  throw Error(home.root().string(), "there is no Cairn home", "name another with --home, or make one with cairnctl train");
}

std::string countOf(std::size_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

void tellRepair(const storage::RecoveryReport& report) {
  if (report.empty()) return;
  std::string text = "cairnctl: repaired the home:";
  const auto add = [&](std::size_t count, const char* what, const char* befell) {
    if (count > 0) text += fmt::format(" {} {};", countOf(count, what), befell);
  };
  add(report.interrupted.size(), "run", "interrupted");
  add(report.adopted.size(), "checkpoint", "adopted");
  add(report.quarantined.size(), "file", "set aside");
  add(report.missing.size(), "checkpoint", "missing");
  add(report.damaged.size(), "checkpoint", "damaged");
  text.back() = '\n';
  std::fputs(text.c_str(), stderr);
}

}  // namespace

storage::Home Context::home() const { return storage::Home::locate(homeAsked); }

Catalog Context::openRead() const { return Catalog(home(), Catalog::Access::Read); }

Catalog Context::openWrite() const {
  requireHome(home());
  return Catalog(home(), Catalog::Access::Write);
}

Catalog Context::openAndRepair(bool make) const {
  if (!make) requireHome(home());
  Catalog catalog(home(), Catalog::Access::Write);
  tellRepair(storage::repair(catalog, stderrProgress()));
  return catalog;
}

void Context::print(const nlohmann::ordered_json& value) const {
  write(value.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

void Context::print(const std::string& text) const { write(text + "\n"); }

core::Progress stderrProgress() {
  auto line = std::make_shared<StatusLine>();
  return [line](std::string_view phase, std::int64_t done, std::int64_t total) {
    if (total <= 0 || done < total)
      line->show(total > 0 ? fmt::format("{} … {} %", phase, done * 100 / total) : fmt::format("{} …", phase));
    return true;
  };
}

core::Progress stderrProgress(SignalWatch& signals) {
  return [&signals, show = stderrProgress()](std::string_view phase, std::int64_t done, std::int64_t total) {
    return signals.take() == 0 && show(phase, done, total);
  };
}

RunOrCheckpoint findEither(Catalog& catalog, const std::string& reference) {
  if (reference.find('@') != std::string::npos) return {{}, catalog.findCheckpoint(reference)};
  std::string why;
  try {
    return {catalog.findRun(reference), {}};
  } catch (const Error& error) {
    why = error.why();
  }
  try {
    return {{}, catalog.findCheckpoint(reference)};
  } catch (const Error& error) {
    throw Error(reference, fmt::format("as a run: {}; as a checkpoint: {}", why, error.why()),
                "cairnctl runs and cairnctl checkpoints list them");
  }
}

}  // namespace cairn::cli
