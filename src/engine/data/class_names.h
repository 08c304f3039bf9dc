// The order of classes: numbers by value, else texts by their bytes. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cairn::engine {

struct ClassOrder {
  std::vector<std::string> names;      ///< sorted
  std::vector<std::int64_t> numberOf;  ///< for each text that was given: its place in `names`
};

/// If every text is a number, equal numbers ("1", "1.0") are one class under their shortest text.
ClassOrder sortClasses(const std::vector<std::string>& texts);

}  // namespace cairn::engine
