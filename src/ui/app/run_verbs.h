// The verbs of RunCommands, with the reason where one cannot be done now. GUI thread.
#pragma once

#include <vector>

#include "ui/app/verb_menu.h"

namespace cairn::ui {

class CatalogClient;
class RunCommands;
class Selection;
class TrainingController;

/// What the verbs look at and act on; all outlive the menu.
struct VerbContext {
  RunCommands& commands;
  CatalogClient& client;
  TrainingController& controller;
  Selection& selection;
};

/// Why the run cannot be taken up or away now: it trains, or waits to; "" if it can.
QString whyBusy(const core::RunRecord& run, const TrainingController& controller);
std::vector<Verb> runVerbs(const VerbTarget& target, const VerbContext& context);

}  // namespace cairn::ui
