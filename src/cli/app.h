// cairnctl: the command line's front, from arguments to exit code. For the main thread.
#pragma once

namespace cairn::cli {

/// 0 done, 1 failed, 2 wrong usage or an invalid spec, 130 stopped by a signal after saving a checkpoint.
int run(int argc, char** argv);

}  // namespace cairn::cli
