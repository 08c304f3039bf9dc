#include "core/json_object.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <utility>

#include "core/error.h"
#include "core/json_text.h"
#include "core/text.h"

namespace cairn::core {

namespace {

std::string folded(std::string_view word) {
  std::string out;
  for (const char c : word)
    if (c != '_' && c != '-' && c != ' ') out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

/// Levenshtein's distance, with a swap of neighbours counted as one.
std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i)
    for (std::size_t j = 1; j <= b.size(); ++j) {
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[a.size()][b.size()];
}

/// What people write who come from other tools.
constexpr std::pair<std::string_view, std::string_view> kSynonyms[] = {
    {"learning_rate", "lr"},       {"num_epochs", "epochs"}, {"max_epochs", "epochs"},
    {"max_steps", "steps"},        {"wd", "weight_decay"},   {"hidden_sizes", "hidden"},
    {"d_model", "width"},          {"n_heads", "heads"},     {"val_fraction", "validation_fraction"},
    {"scheduler", "lr_scheduler"}, {"file", "path"},         {"label", "target"}};

std::string kindOf(const nlohmann::json& value) {
  if (value.is_object()) return "an object";
  if (value.is_array()) return "a list";
  return "";
}

/// "0.5" or "the text "abc"": the value as an error shows it.
std::string shown(const nlohmann::json& value) {
  const auto kind = kindOf(value);
  return kind.empty() ? jsonText(value, 60) : kind + " " + jsonText(value, 60);
}

std::string rangeText(const Bounds& bounds) {
  const bool low = std::isfinite(bounds.min), high = std::isfinite(bounds.max);
  std::string text = low ? fmt::format("{} {}", bounds.aboveMin ? "above" : "at least", roundTrip(bounds.min)) : "";
  if (high)
    text += fmt::format("{}{} {}", low ? " and " : "", bounds.belowMax ? "below" : "at most", roundTrip(bounds.max));
  return text;
}

bool within(const Bounds& bounds, double value) {
  if (!std::isfinite(value)) return false;
  return (bounds.aboveMin ? value > bounds.min : value >= bounds.min) &&
         (bounds.belowMax ? value < bounds.max : value <= bounds.max);
}

/// Whole and in range, or the reason why not.
std::string takeInteger(const nlohmann::json& value, std::int64_t min, std::int64_t max, std::int64_t& into) {
  if (!value.is_number_integer()) return "must be a whole number, not " + shown(value);
  const bool huge = value.is_number_unsigned() && value.get<std::uint64_t>() > static_cast<std::uint64_t>(kNoLimit);
  const auto number = huge ? kNoLimit : value.get<std::int64_t>();
  if (huge || number < min || number > max) {
    const auto range = max == kNoLimit ? fmt::format("at least {}", min) : fmt::format("{} to {}", min, max);
    return fmt::format("must be {}, not {}", huge && max == kNoLimit ? "below 2^63" : range, shown(value));
  }
  into = number;
  return {};
}

}  // namespace

std::string_view nearestWord(std::string_view word, const std::vector<std::string_view>& known) {
  for (const auto& [other, ours] : kSynonyms)
    if (other == word && std::find(known.begin(), known.end(), ours) != known.end()) return ours;
  if (word.size() > 100) return {};
  std::string_view best;
  std::size_t bestDistance = 1 + word.size() / 3;
  for (const auto candidate : known) {
    const auto d = distance(folded(word), folded(candidate));
    if (d <= bestDistance && d < std::max(word.size(), candidate.size()) && (best.empty() || d < bestDistance)) {
      best = candidate;
      bestDistance = d;
    }
  }
  return best;
}

JsonObject::JsonObject(const nlohmann::json& object, std::string path, std::string what,
                       std::vector<std::string_view> keys)
    : object_(object), path_(std::move(path)) {
  if (!object.is_object())
    throw Error::invalid(path_.empty() ? what : path_, "must be an object {…}, not " + jsonText(object, 60));
  for (const auto& [key, value] : object.items()) {
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
    const auto near = nearestWord(key, keys);
    reject(key, fmt::format("is not a key of {} (its value is {})", what, jsonText(value, 60)),
           near.empty() ? fmt::format("the keys are {}", fmt::join(keys, ", "))
                        : fmt::format("did you mean {}?", pathOf(near)));
  }
}

bool JsonObject::has(std::string_view key) const { return object_.contains(key); }

const nlohmann::json& JsonObject::value(std::string_view key) const { return *object_.find(key); }

std::string JsonObject::pathOf(std::string_view key) const {
  return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

void JsonObject::require(std::string_view key, const std::string& advice) const {
  if (!has(key)) reject(key, "is missing", advice);
}

void JsonObject::reject(std::string_view key, const std::string& why, const std::string& advice) const {
  throw Error::invalid(pathOf(key), why, advice);
}

void JsonObject::read(std::string_view key, std::string& into) const {
  if (!has(key)) return;
  if (!value(key).is_string()) reject(key, "must be text, not " + shown(value(key)));
  const auto& text = value(key).get_ref<const std::string&>();
  if (text.find('\0') != std::string::npos) reject(key, "must hold no NUL character");
  if (!isUtf8(text)) reject(key, "is not valid UTF-8: " + shown(value(key)), "use another name");
  into = text;
}

void JsonObject::read(std::string_view key, bool& into) const {
  if (!has(key)) return;
  if (!value(key).is_boolean()) reject(key, "must be true or false, not " + shown(value(key)));
  into = value(key).get<bool>();
}

void JsonObject::read(std::string_view key, std::int64_t& into, std::int64_t min, std::int64_t max) const {
  if (!has(key)) return;
  if (const auto fault = takeInteger(value(key), min, max, into); !fault.empty()) reject(key, fault);
}

void JsonObject::read(std::string_view key, double& into, const Bounds& bounds) const {
  if (!has(key)) return;
  if (!value(key).is_number()) reject(key, "must be a number, not " + shown(value(key)));
  const auto number = value(key).get<double>();
  if (!within(bounds, number)) reject(key, fmt::format("must be {}, not {}", rangeText(bounds), shown(value(key))));
  into = number;
}

void JsonObject::read(std::string_view key, std::vector<std::int64_t>& into, std::int64_t min, std::int64_t max) const {
  if (!has(key)) return;
  if (!value(key).is_array()) reject(key, "must be a list of whole numbers, not " + shown(value(key)));
  std::vector<std::int64_t> numbers;
  for (const auto& item : value(key)) {
    numbers.emplace_back();
    if (const auto fault = takeInteger(item, min, max, numbers.back()); !fault.empty())
      reject(fmt::format("{}[{}]", key, numbers.size() - 1), fault);
  }
  into = std::move(numbers);
}

void JsonObject::rejectChoice(std::string_view key, const std::vector<std::string_view>& choices) const {
  const auto& given = value(key);
  const auto near = given.is_string() ? nearestWord(given.get_ref<const std::string&>(), choices) : std::string_view{};
  reject(key, fmt::format("must be one of {}, not {}", fmt::join(choices, ", "), shown(given)),
         near.empty() ? "" : fmt::format("did you mean {}?", near));
}

}  // namespace cairn::core
