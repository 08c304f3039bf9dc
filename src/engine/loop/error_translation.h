// LibTorch's and the allocator's failures as cairn::Error: one line, no stack trace. Any thread.
#pragma once

#include <functional>
#include <memory>

#include "core/error.h"

namespace cairn::engine {

/// Runs `work`; whatever it throws comes back as an Error (null: it went well). `subject` is what was being done.
std::shared_ptr<const Error> failureOf(const char* subject, const std::function<void()>& work);

}  // namespace cairn::engine
