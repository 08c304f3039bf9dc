// Where the engine gets a Session from: the training loop behind the torch-free face.
#pragma once

#include <memory>

#include "engine/face/session.h"

namespace cairn::engine {

/// A session that is not started yet. Throws Error if `options` contradict themselves. Must not block.
std::unique_ptr<Session> makeSession(SessionOptions options);

}  // namespace cairn::engine
