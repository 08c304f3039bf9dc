// A run's spec as text: parsed, checked, and printed so that it parses again to the same.
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/json_text.h"
#include "core/run_spec.h"
#include "fuzz_input.h"

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  core::RunSpec spec;
  try {
    spec = core::parseRunSpec(core::parseJsonText({reinterpret_cast<const char*>(data), size}, "input"), "/data");
  } catch (const Error&) {
    return 0;
  }
  const auto printed = core::toJson(spec);
  tests::require(core::toJson(core::parseRunSpec(nlohmann::json::parse(printed.dump()), "/data")) == printed,
                 "what is printed parses to the same spec");
  return 0;
}
