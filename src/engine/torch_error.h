// Turns LibTorch's failures, and whatever else is thrown, into cairn::Error where they would leave the engine: one
// line, no stack trace. Any thread.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "core/error.h"

namespace cairn::engine {

/// cairn::caughtError, knowing LibTorch's exceptions too.
Error caughtTorchError(const std::string& subject);

/// Runs `work`; what it throws leaves as an Error. `subject` is what was being done.
template <typename Work>
auto translatingErrors(const std::string& subject, Work&& work) {
  try {
    return std::forward<Work>(work)();
  } catch (...) {
    throw caughtTorchError(subject);
  }
}

/// Runs `work`; what it throws comes back as an Error (null: it went well).
template <typename Work>
std::shared_ptr<const Error> failureOf(const std::string& subject, Work&& work) {
  try {
    std::forward<Work>(work)();
    return nullptr;
  } catch (...) {
    return std::make_shared<const Error>(caughtTorchError(subject));
  }
}

}  // namespace cairn::engine
