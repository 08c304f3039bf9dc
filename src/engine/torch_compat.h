// The one place for what differs between LibTorch 1.13 and 2.x, or what only one of them tells. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <ATen/CPUGeneratorImpl.h>
#include <torch/version.h>

#include "engine/torch_pch.h"

namespace cairn::engine {

/// The kernels in use, as ATEN_CPU_CAPABILITY names them: "DEFAULT", "AVX2", "AVX512". 2.x has a function for it; in
/// every version the configuration's text has a line.
inline std::string cpuCapability() {
  constexpr std::string_view kLabel = "CPU capability usage: ";
  const std::string all = at::show_config();
  const auto at = all.find(kLabel);
  if (at == std::string::npos) return "unknown";
  const auto start = at + kLabel.size();
  return all.substr(start, all.find_first_of("\n ", start) - start);
}

/// A CPU generator of one's own, of LibTorch's algorithm (mt19937).
inline torch::Generator cpuGenerator(std::uint64_t seed) { return at::detail::createCPUGenerator(seed); }

/// "1.13.1"
inline std::string libtorchVersion() { return TORCH_VERSION; }

}  // namespace cairn::engine
