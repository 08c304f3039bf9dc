// What must hold between the keys of a spec, once each is right by itself. Free functions, thread-safe.
#pragma once

#include "core/run_spec.h"

namespace cairn::core {

/// Throws Error of kind Invalid naming the key that must change.
void checkRules(const RunSpec& spec);

/// Whether training.seed decides which samples validate: of a text the tail does, whatever the seed.
bool seedDrawsSplit(const RunSpec& spec);

}  // namespace cairn::core
