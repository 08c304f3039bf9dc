// Turns LibTorch's failures into cairn::Error where they would leave the engine. Any thread.
#pragma once

#include <new>
#include <string>
#include <utility>

#include "core/error.h"
#include "engine/torch_pch.h"

namespace cairn::engine {

/// Runs `work`; a failure of LibTorch becomes an Error about `subject`.
template <typename Work>
auto translatingErrors(const std::string& subject, Work&& work) {
  try {
    return std::forward<Work>(work)();
  } catch (const c10::Error& error) {
    throw Error(subject, std::string("LibTorch failed: ") + error.what_without_backtrace());
  } catch (const std::bad_alloc&) {
    throw Error(subject, "there is not enough memory", "close other programs, or make the model or the batch smaller");
  }
}

}  // namespace cairn::engine
