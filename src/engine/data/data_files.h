// Which files a spec's data lies in. Pure function.
#pragma once

#include <string>
#include <vector>

#include "core/run_spec.h"

namespace cairn::engine {

/// In the order in which the fingerprint takes them.
std::vector<std::string> filesOf(const core::DataSpec& spec);

}  // namespace cairn::engine
