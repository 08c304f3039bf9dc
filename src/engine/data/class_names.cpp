#include "engine/data/class_names.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <optional>

namespace cairn::engine {

namespace {

std::optional<double> finiteNumber(const std::string& text) {
  double value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || stop != text.data() + text.size() || !std::isfinite(value)) return {};
  return value;
}

/// Each text's value if all are numbers; else empty.
std::vector<double> allNumbers(const std::vector<std::string>& texts) {
  std::vector<double> values;
  for (const auto& text : texts) {
    const auto value = finiteNumber(text);
    if (!value) return {};
    values.push_back(*value);
  }
  return values;
}

}  // namespace

ClassOrder sortClasses(const std::vector<std::string>& texts) {
  const auto values = allNumbers(texts);
  std::vector<std::size_t> order(texts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (!values.empty()) {
      if (values[a] != values[b]) return values[a] < values[b];
      if (texts[a].size() != texts[b].size()) return texts[a].size() < texts[b].size();
    }
    return texts[a] < texts[b];
  });
  ClassOrder result;
  result.numberOf.resize(texts.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    const bool same = i > 0 && !values.empty() && values[order[i]] == values[order[i - 1]];
    if (!same) result.names.push_back(texts[order[i]]);
    result.numberOf[order[i]] = static_cast<std::int64_t>(result.names.size()) - 1;
  }
  return result;
}

}  // namespace cairn::engine
