// How long work tells how far it is, and hears that it should stop.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace cairn::core {

/// Called on the working thread with what it does (for a person) and what is done of `total` (0: not known), in units of
/// its own (bytes, rows, samples). Returning false asks it to stop: it then throws Error of kind Cancelled. May be empty.
using Progress = std::function<bool(std::string_view phase, std::int64_t done, std::int64_t total)>;

}  // namespace cairn::core
