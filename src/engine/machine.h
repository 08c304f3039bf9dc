// What the engine runs on: the BLAS that was loaded, the processor and the graphics devices. Any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/face/engine.h"

namespace cairn::engine {

struct BlasInfo {
  std::string name;     ///< "OpenBLAS 0.3.21 (openmp)", "reference BLAS", "MKL", "built into LibTorch"
  std::string warning;  ///< "" or what is wrong with it and what to install
};
/// Asks the loader whose sgemm LibTorch calls.
BlasInfo findBlas();

std::vector<DeviceInfo> listDevices();

}  // namespace cairn::engine
