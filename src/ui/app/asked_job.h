// What was asked of the thread that makes jobs, kept until it has answered, so that it can be asked again with other
// options. A value.
#pragma once

#include <cstdint>
#include <string>

#include "training/job.h"

namespace cairn::ui {

struct AskedJob {
  enum class Kind { NewRun, Resume, Recreate };

  Kind kind = Kind::NewRun;
  std::string run;        ///< id; "" for a new one
  std::int64_t step = 0;  ///< Recreate: the one to be made again
  training::ResumeOptions resume;
  training::RecreateOptions recreate;
};

}  // namespace cairn::ui
