// What a file's optimizer and scheduler state say of their own settings, put into a spec: the file wins, as it does
// under PyTorch's load_state_dict. Torch-free, pure functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/run_spec.h"
#include "core/state_tree.h"

namespace cairn::engine {

/// For a person: what was taken otherwise than the spec says, and what cannot be.
struct SettingsFound {
  std::vector<std::string> notes, problems;
  std::optional<double> lr;  ///< of the next step
};

/// `optimizer`: {state, param_groups}. Changes spec.optimizer to what its groups say.
void takeOptimizerSettings(const core::StateTree& optimizer, core::RunSpec& spec, SettingsFound& found);
/// `scheduler`: a schedule's state_dict(). Changes spec.lrScheduler; a spec without a schedule gets the file's.
void takeSchedulerSettings(const core::StateTree& scheduler, core::RunSpec& spec, SettingsFound& found);

}  // namespace cairn::engine
