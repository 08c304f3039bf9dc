// The one place for what differs between LibTorch 1.13 and 2.x. Any thread.
#pragma once

#include <string>

#include "engine/torch_pch.h"
#include <torch/version.h>

namespace cairn::engine {

/// The kernels in use, as ATEN_CPU_CAPABILITY names them: "DEFAULT", "AVX2", "AVX512".
inline std::string cpuCapability() {
#if TORCH_VERSION_MAJOR >= 2
  return at::get_cpu_capability();
#else
  // 1.13 has no function for it, but says it in a line of its own: "CPU capability usage: AVX2".
  const std::string all = at::show_config();
  constexpr const char* kLabel = "CPU capability usage: ";
  const auto at = all.find(kLabel);
  if (at == std::string::npos) return "unknown";
  const auto start = at + std::char_traits<char>::length(kLabel);
  return all.substr(start, all.find('\n', start) - start);
#endif
}

/// Sets gradients to none, whatever the version's default.
inline void zeroGrad(torch::optim::Optimizer& optimizer) { optimizer.zero_grad(/*set_to_none=*/true); }

/// A CPU generator of its own, of LibTorch's default algorithm (mt19937).
inline torch::Generator cpuGenerator(std::uint64_t seed) { return at::detail::createCPUGenerator(seed); }

}  // namespace cairn::engine
