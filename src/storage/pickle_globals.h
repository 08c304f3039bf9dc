// How far a class or function that a pickle names may be trusted, were Python to load it. Free functions, thread-safe.
#pragma once

#include <cstdint>
#include <string_view>

namespace cairn::storage {

enum class GlobalRisk : std::uint8_t {
  Safe,       ///< plain data: on the list that torch.load(weights_only=True) takes
  Unknown,    ///< torch.load would import it and run what it does: look at where it comes from
  Dangerous,  ///< runs commands or code, reaches files or the network, or leads to what does
};

GlobalRisk riskOf(std::string_view module, std::string_view name);
/// "safe", "unknown", "dangerous"
std::string_view riskName(GlobalRisk risk);

}  // namespace cairn::storage
