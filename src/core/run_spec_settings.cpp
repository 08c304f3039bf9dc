#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/error.h"
#include "core/json_object.h"
#include "core/json_text.h"
#include "core/run_spec.h"

namespace cairn::core {

namespace {

using nlohmann::json;

/// "optimizer.lr=0.01" taken apart.
struct Assignment {
  std::string key;
  json value;
};

Assignment parseAssignment(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    throw Error::invalid(jsonText(text, 80), "is not KEY=VALUE", "write it as in optimizer.lr=0.01");
  const auto raw = text.substr(equals + 1);
  auto value = json::parse(raw, nullptr, false);
  return {text.substr(0, equals), value.is_discarded() ? json(raw) : std::move(value)};
}

void assign(json& spec, const Assignment& assignment) {
  json* at = &spec;
  std::size_t from = 0;
  for (auto dot = assignment.key.find('.'); dot != std::string::npos; dot = assignment.key.find('.', from)) {
    at = &(*at)[assignment.key.substr(from, dot - from)];
    if (at->is_null()) *at = json::object();
    if (!at->is_object())
      throw Error::invalid(assignment.key, fmt::format("{} has no keys of its own", assignment.key.substr(0, dot)));
    from = dot + 1;
  }
  (*at)[assignment.key.substr(from)] = assignment.value;
}

/// The keys of `part` as they stand when nothing but its type is said.
json defaultsOf(const json& spec, const std::string& part, const std::string& typeKey) {
  json bare = spec;
  json only = json::object();
  if (spec.at(part).contains(typeKey)) only[typeKey] = spec.at(part).at(typeKey);
  bare[part] = only;
  return toJson(parseRunSpec(bare, "/")).at(part);
}

/// The keys that `spec`'s part may have, given its type: those that toJson writes.
std::set<std::string> keysOf(const json& part) {
  std::set<std::string> keys;
  for (const auto& item : part.items()) keys.insert(item.key());
  return keys;
}

/// A new type brings its own defaults: what stood at the old type's default, or what the new type does not have,
/// goes; what was chosen and fits stays.
void changeType(json& spec, const std::string& part, const json& newType) {
  auto& object = spec[part];
  if (!object.contains("type") && part != "lr_scheduler") return;
  if (object.contains("type") && object["type"] == newType) return;
  const auto defaults = defaultsOf(spec, part, "type");
  std::erase_if(object.get_ref<json::object_t&>(), [&](const auto& item) {
    return item.first != "type" && defaults.contains(item.first) && defaults.at(item.first) == item.second;
  });
  json other = spec;
  other[part] = json{{"type", newType}};
  if (newType.is_null()) other[part] = json::object();
  std::set<std::string> fitting;
  try {
    fitting = keysOf(toJson(parseRunSpec(other, "/")).at(part));
  } catch (const Error&) {
    return;  // the whole is judged after all assignments, with a better message
  }
  std::erase_if(object.get_ref<json::object_t&>(), [&](const auto& item) { return !fitting.contains(item.first); });
}

/// Values that follow from others unless they are chosen: dropped where they stand at what would follow, so that they
/// follow the new settings.
void dropDerived(json& spec) {
  const auto whole = spec;
  for (const char* pointer : {"/checkpoints/mode", "/checkpoints/monitor", "/lr_scheduler/mode"}) {
    const json::json_pointer at(pointer);
    if (!whole.contains(at)) continue;
    json without = whole;
    without.at(at.parent_pointer()).erase(at.back());
    if (at.back() == "monitor") without["checkpoints"].erase("mode");
    const json derived = toJson(parseRunSpec(without, "/"));
    if (derived.at(at) == whole.at(at)) spec.at(at.parent_pointer()).erase(at.back());
  }
}

}  // namespace

RunSpec withSettings(const RunSpec& spec, const std::vector<std::string>& assignments,
                     const std::filesystem::path& folder) {
  json changed = toJson(spec);
  std::set<std::string> named;
  std::vector<Assignment> parsed;
  for (const auto& text : assignments) {
    parsed.push_back(parseAssignment(text));
    if (!named.insert(parsed.back().key).second) throw Error::invalid(parsed.back().key, "is set twice", "set it once");
  }
  if (parsed.empty()) return spec;
  dropDerived(changed);
  for (const auto& [key, value] : parsed)
    if (key == "model.type" || key == "optimizer.type" || key == "lr_scheduler.type")
      changeType(changed, key.substr(0, key.find('.')), value);
  // Two ways to say one thing: the one that is set now replaces the other.
  const auto replaces = [&](const char* key, const char* part, const char* other) {
    if (named.contains(key)) changed[part].erase(other);
  };
  replaces("training.epochs", "training", "steps");
  replaces("training.steps", "training", "epochs");
  replaces("data.validation_path", "data", "validation_fraction");
  replaces("data.validation_images", "data", "validation_fraction");
  replaces("data.validation_fraction", "data", "validation_path");
  for (const auto& assignment : parsed) assign(changed, assignment);
  // A spec without a schedule has no type there.
  const json::json_pointer schedule("/lr_scheduler/type");
  if (changed.contains(schedule) && changed.at(schedule).is_null()) changed["lr_scheduler"].erase("type");
  return parseRunSpec(changed, folder.empty() ? std::filesystem::current_path() : folder);
}

namespace {
void flatten(const nlohmann::ordered_json& value, const std::string& path,
             std::vector<std::pair<std::string, std::string>>& into) {
  if (!value.is_object()) {
    into.emplace_back(path, jsonText(value));
    return;
  }
  for (const auto& [key, child] : value.items()) flatten(child, path.empty() ? key : path + "." + key, into);
}
}  // namespace

std::vector<std::pair<std::string, std::string>> settingsOf(const RunSpec& spec) {
  std::vector<std::pair<std::string, std::string>> settings;
  flatten(toJson(spec), "", settings);
  return settings;
}

std::vector<SettingDifference> differences(const RunSpec& before, const RunSpec& after) {
  const auto old = settingsOf(before), now = settingsOf(after);
  const std::map<std::string, std::string> oldByKey(old.begin(), old.end()), nowByKey(now.begin(), now.end());
  std::vector<SettingDifference> list;
  for (const auto& [key, text] : old) {
    const auto found = nowByKey.find(key);
    const auto other = found == nowByKey.end() ? std::string() : found->second;
    if (other != text) list.push_back({key, text, other});
  }
  for (const auto& [key, text] : now)
    if (!oldByKey.contains(key)) list.push_back({key, "", text});
  return list;
}

}  // namespace cairn::core
