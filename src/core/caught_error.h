// Whatever was thrown as the one error type, for the edges of threads and layers where nothing else may pass.
// Thread-safe.
#pragma once

#include <string>

#include "core/error.h"

namespace cairn {

/// The exception in flight, for a catch block: an Error as it is, any other as one about `subject`: what was being done.
Error caughtError(const std::string& subject);

}  // namespace cairn
