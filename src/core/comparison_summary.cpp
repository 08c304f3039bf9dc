#include "core/comparison_summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/error.h"
#include "core/run_spec_rules.h"

namespace cairn::core {

namespace {

using Settings = std::map<std::string, std::string>;

std::vector<Settings> settingsOfAll(const std::vector<Compared>& checkpoints) {
  std::vector<Settings> all;
  for (const auto& one : checkpoints) {
    const auto settings = settingsOf(one.run.spec);
    all.emplace_back(settings.begin(), settings.end());
  }
  return all;
}

std::string valueIn(const Settings& settings, const std::string& key) {
  const auto known = settings.find(key);
  return known == settings.end() ? std::string() : known->second;
}

/// Every key that any has: A's in its order, then what only others have.
std::vector<std::string> keysOf(const std::vector<Compared>& checkpoints) {
  std::vector<std::string> keys;
  std::set<std::string> known{"name"};
  for (const auto& one : checkpoints)
    for (const auto& [key, value] : settingsOf(one.run.spec))
      if (known.insert(key).second) keys.push_back(key);
  return keys;
}

std::vector<SettingRow> settingRows(const std::vector<Compared>& checkpoints, const std::vector<Settings>& settings) {
  std::vector<SettingRow> rows;
  for (const auto& key : keysOf(checkpoints)) {
    SettingRow row{.key = key, .values = {}, .differs = false};
    for (const auto& one : settings) row.values.push_back(valueIn(one, key));
    row.differs = std::any_of(row.values.begin(), row.values.end(), [&](const auto& v) { return v != row.values[0]; });
    rows.push_back(std::move(row));
  }
  return rows;
}

/// Equal files, whatever they are called.
bool onTheSameData(const std::vector<Compared>& checkpoints) {
  const auto& first = checkpoints.front().dataFingerprint;
  return !first.empty() && std::all_of(checkpoints.begin(), checkpoints.end(),
                                       [&](const auto& one) { return one.dataFingerprint == first; });
}

/// "" or which setting makes the values of a loss or an accuracy something else.
std::string notComparable(const std::vector<Compared>& checkpoints, const std::vector<SettingRow>& settings,
                          bool validation) {
  const bool seeded = validation && std::any_of(checkpoints.begin(), checkpoints.end(),
                                                [](const auto& one) { return seedDrawsSplit(one.run.spec); });
  const bool same = onTheSameData(checkpoints);
  for (const auto& row : settings) {
    const bool data = row.key.starts_with("data.") && row.key != "data.shuffle" && row.key != "data.normalize";
    if (same && row.key.starts_with("data.") && row.key != "data.validation_fraction") continue;
    if (!row.differs || !(data || row.key == "loss" || (seeded && row.key == "training.seed"))) continue;
    if (row.key == "loss") return "other losses: " + row.key + " differs";
    return fmt::format("measured on other samples: {} differs", row.key);
  }
  return {};
}

enum class Better { Lower, Higher, Neither };

Better betterOf(std::string_view series) {
  if (series.ends_with("loss")) return Better::Lower;
  if (series.ends_with("accuracy")) return Better::Higher;
  return Better::Neither;
}

/// All that hold the best value, unless all that were measured do.
std::vector<bool> bestOf(const std::vector<std::optional<double>>& values, Better better) {
  std::vector<bool> best(values.size(), false);
  std::optional<double> winner;
  std::size_t measured = 0;
  for (const auto& value : values) {
    if (!value || std::isnan(*value)) continue;
    ++measured;
    if (!winner || (better == Better::Lower ? *value < *winner : *value > *winner)) winner = value;
  }
  if (measured < 2) return best;
  for (std::size_t i = 0; i < values.size(); ++i) best[i] = values[i] && *values[i] == *winner;
  const auto winners = static_cast<std::size_t>(std::count(best.begin(), best.end(), true));
  if (winners == measured) best.assign(values.size(), false);
  return best;
}

std::vector<std::string> metricNames(const std::vector<Compared>& checkpoints) {
  std::set<std::string> known;
  for (const auto& one : checkpoints)
    for (const auto& [name, value] : one.checkpoint.metrics) known.insert(name);
  std::vector<std::string> names;
  for (const char* first : {"val/loss", "val/accuracy", "train/loss", "train/accuracy"})
    if (known.erase(first)) names.emplace_back(first);
  // A checkpoint whose series are not on record still says its last training loss.
  const bool loss = std::any_of(checkpoints.begin(), checkpoints.end(),
                                [](const auto& one) { return one.checkpoint.loss.has_value(); });
  if (loss && std::find(names.begin(), names.end(), "train/loss") == names.end()) names.emplace_back("loss");
  names.insert(names.end(), known.begin(), known.end());
  return names;
}

std::optional<double> metricOf(const CheckpointRecord& checkpoint, const std::string& name) {
  if (name == "loss") return checkpoint.loss;
  const auto known = checkpoint.metrics.find(name);
  return known == checkpoint.metrics.end() ? std::nullopt : std::optional(known->second);
}

std::vector<MetricRow> metricRows(const std::vector<Compared>& checkpoints, const std::vector<SettingRow>& settings) {
  std::vector<MetricRow> rows;
  for (const auto& name : metricNames(checkpoints)) {
    MetricRow row{.name = name, .values = {}, .best = std::vector<bool>(checkpoints.size(), false), .why = {}};
    for (const auto& one : checkpoints) row.values.push_back(metricOf(one.checkpoint, name));
    if (const auto better = betterOf(name); better != Better::Neither) {
      row.why = notComparable(checkpoints, settings, name.starts_with("val/"));
      if (row.why.empty()) row.best = bestOf(row.values, better);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

void requireComparable(std::size_t count) {
  if (count >= kFewestCompared && count <= kMostCompared) return;
  throw Error::invalid("checkpoints", fmt::format("{} were named", count), "name two to four");
}

std::string letterOf(std::size_t index) { return {static_cast<char>('A' + index)}; }

ComparisonSummary summarize(const std::vector<Compared>& checkpoints) {
  ComparisonSummary summary;
  summary.settings = settingRows(checkpoints, settingsOfAll(checkpoints));
  summary.metrics = metricRows(checkpoints, summary.settings);
  summary.identical = !checkpoints.empty() && std::all_of(checkpoints.begin(), checkpoints.end(), [&](const auto& one) {
    const auto& hash = one.checkpoint.hash;
    return !hash.empty() && hash == checkpoints.front().checkpoint.hash;
  });
  return summary;
}

}  // namespace cairn::core
