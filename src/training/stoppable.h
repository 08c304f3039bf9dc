// A stop token and a progress callback as one. Private to src/training.
#pragma once

#include <stop_token>
#include <utility>

#include "core/progress.h"

namespace cairn::training {

inline core::Progress stoppable(core::Progress progress, std::stop_token stop) {
  return [progress = std::move(progress), stop = std::move(stop)](std::string_view phase, std::int64_t done,
                                                                  std::int64_t total) {
    return !stop.stop_requested() && (!progress || progress(phase, done, total));
  };
}

}  // namespace cairn::training
