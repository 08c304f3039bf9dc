// Small valid specs that tests change one key of.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "core/error.h"
#include "core/run_spec.h"

namespace cairn::tests {

inline nlohmann::json csvSpec() {
  return nlohmann::json::parse(R"({
    "data": {"format": "csv", "path": "digits.csv", "target": "digit", "validation_fraction": 0.2},
    "model": {"type": "MLP"}, "loss": "CrossEntropyLoss"})");
}
inline nlohmann::json lineSpec() {
  return nlohmann::json::parse(R"({
    "data": {"format": "csv", "path": "line.csv", "target": "y"},
    "model": {"type": "MLP", "hidden": []}, "loss": "MSELoss"})");
}
inline nlohmann::json idxSpec() {
  return nlohmann::json::parse(R"({
    "data": {"format": "idx", "images": "i", "labels": "l", "validation_fraction": 0.1},
    "model": {"type": "CNN"}, "loss": "CrossEntropyLoss"})");
}
inline nlohmann::json textSpec() {
  return nlohmann::json::parse(R"({
    "data": {"format": "text", "path": "t.txt", "validation_fraction": 0.1},
    "model": {"type": "Transformer"}, "loss": "CrossEntropyLoss"})");
}

/// `spec` with the value at a JSON pointer replaced (a null value removes it).
inline nlohmann::json with(nlohmann::json spec, const std::string& pointer, const nlohmann::json& value) {
  spec[nlohmann::json::json_pointer(pointer)] = value;
  return spec;
}

inline core::RunSpec parsed(const nlohmann::json& spec) { return core::parseRunSpec(spec, "/data"); }

}  // namespace cairn::tests
