// Reading a PyTorch file from wherever its bytes are. Free functions, thread-safe.
#pragma once

#include "storage/byte_source.h"
#include "storage/torch_file.h"

namespace cairn::storage {

/// As readTorchFile; errors name `source`.
std::shared_ptr<const core::StateTree> readTorchSource(const ByteSource& source, const TorchFileLimits& limits,
                                                       const core::Progress& progress);

}  // namespace cairn::storage
