// What every command shares: the global options, the home, and how results are printed. For the main thread.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "core/progress.h"
#include "core/records.h"
#include "storage/catalog.h"
#include "storage/home.h"

namespace cairn::cli {

class SignalWatch;

inline constexpr int kDone = 0, kFailed = 1, kUsage = 2, kStopped = 130;

struct Context {
  std::string homeAsked;  ///< --home; "": by the environment
  bool json = false;
  int exitCode = kDone;  ///< of a command that returned

  storage::Home home() const;
  storage::Catalog openRead() const;
  /// For small changes to a home that is there; repairs nothing.
  storage::Catalog openWrite() const;
  /// For training: makes the home if `make`, then repairs, telling on stderr what it did.
  storage::Catalog openAndRepair(bool make) const;

  void print(const nlohmann::ordered_json& value) const;  ///< the one JSON document
  void print(const std::string& text) const;              ///< with a line end after it
};

/// Progress on stderr as one changing line on a terminal, else as a line every few seconds. Not thread-safe.
core::Progress stderrProgress();
/// The same, and a signal ends the work.
core::Progress stderrProgress(SignalWatch& signals);

struct RunOrCheckpoint {
  std::optional<core::RunRecord> run;  ///< one of the two
  std::optional<core::CheckpointRecord> checkpoint;
};
/// A run if there is one by that id, prefix or name, else a checkpoint.
RunOrCheckpoint findEither(storage::Catalog& catalog, const std::string& reference);

}  // namespace cairn::cli
