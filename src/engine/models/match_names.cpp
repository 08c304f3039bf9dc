#include "engine/models/match_names.h"

#include <deque>
#include <map>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include "core/error.h"

namespace cairn::engine {

namespace {

using Index = std::unordered_map<std::string_view, std::size_t>;

Index indexOf(const std::vector<NamedShape>& tensors) {
  Index index;
  for (std::size_t i = 0; i < tensors.size(); ++i) index.emplace(tensors[i].name, i);
  return index;
}

void join(NameMatch& match, std::size_t ofModel, std::size_t ofFile) {
  match.ofModel[ofModel] = ofFile;
  match.ofFile[ofFile] = ofModel;
}

/// All of the model's names with `prefix` put before them, or taken off (`off`), are the file's.
bool joinByPrefix(NameMatch& match, const std::vector<NamedShape>& model, const Index& file, std::string_view prefix,
                  bool off) {
  std::vector<std::size_t> found;
  for (const auto& tensor : model) {
    if (off && !tensor.name.starts_with(prefix)) return false;
    const auto name = off ? tensor.name.substr(prefix.size()) : std::string(prefix) + tensor.name;
    const auto known = file.find(name);
    if (known == file.end()) return false;
    found.push_back(known->second);
  }
  for (std::size_t i = 0; i < model.size(); ++i) join(match, i, found[i]);
  return true;
}

/// What stands before `tail` in `name`, with its dot; nothing if it does not end so.
std::optional<std::string_view> prefixBefore(std::string_view name, std::string_view tail) {
  if (!name.ends_with(tail)) return {};
  const auto prefix = name.substr(0, name.size() - tail.size());
  if (!prefix.empty() && prefix.back() != '.') return {};
  return prefix;
}

bool joinByName(NameMatch& match, const std::vector<NamedShape>& model, const std::vector<NamedShape>& file) {
  if (model.empty()) return false;
  const auto index = indexOf(file);
  if (joinByPrefix(match, model, index, "", false)) return true;
  const auto& first = model.front().name;
  for (const auto& tensor : file) {
    if (const auto prefix = prefixBefore(tensor.name, first);
        prefix && joinByPrefix(match, model, index, *prefix, false))
      return true;
    if (const auto prefix = prefixBefore(first, tensor.name);
        prefix && joinByPrefix(match, model, index, *prefix, true))
      return true;
  }
  return false;
}

std::string_view leafOf(std::string_view name) { return name.substr(name.rfind('.') + 1); }

/// Joins what is still free on both sides, in order within each kind.
template <typename Kind>
void joinInOrder(NameMatch& match, const std::vector<NamedShape>& model, const std::vector<NamedShape>& file,
                 Kind kind) {
  std::map<decltype(kind(file.front())), std::deque<std::size_t>> waiting;
  for (std::size_t i = 0; i < file.size(); ++i)
    if (!match.ofFile[i]) waiting[kind(file[i])].push_back(i);
  for (std::size_t i = 0; i < model.size(); ++i) {
    if (match.ofModel[i]) continue;
    const auto known = waiting.find(kind(model[i]));
    if (known == waiting.end() || known->second.empty()) continue;
    join(match, i, known->second.front());
    known->second.pop_front();
  }
}

}  // namespace

NameMatch matchNames(const std::vector<NamedShape>& model, const std::vector<NamedShape>& file) {
  NameMatch match;
  match.ofModel.resize(model.size());
  match.ofFile.resize(file.size());
  match.byName = joinByName(match, model, file);
  if (match.byName) return match;
  joinInOrder(match, model, file,
              [](const NamedShape& tensor) { return std::tuple(leafOf(tensor.name), tensor.shape); });
  joinInOrder(match, model, file, [](const NamedShape& tensor) { return tensor.shape; });
  return match;
}

std::vector<std::pair<std::string, const core::Tensor*>> tensorsOf(const core::StateTree& stateDict) {
  const auto* dict = stateDict.as<core::StateTree::Dict>();
  if (!dict) throw Error("model_state_dict", "is not a dict of tensors", "choose another checkpoint");
  std::vector<std::pair<std::string, const core::Tensor*>> tensors;
  for (const auto& [key, child] : dict->items)
    if (const auto* name = std::get_if<std::string>(&key))
      if (const auto* tensor = child.as<core::Tensor>()) tensors.emplace_back(*name, tensor);
  return tensors;
}

std::vector<std::optional<std::size_t>> tiedTo(const NameMatch& match,
                                               const std::vector<std::pair<std::string, const core::Tensor*>>& file) {
  using Bytes = std::tuple<const std::byte*, std::size_t, std::vector<std::int64_t>>;
  const auto bytesOf = [](const core::Tensor& tensor) {
    return Bytes(tensor.bytes.data(), tensor.bytes.size(), tensor.shape);
  };
  std::map<Bytes, std::size_t> matched;
  for (std::size_t i = 0; i < file.size(); ++i)
    if (match.ofFile[i] && !file[i].second->bytes.empty()) matched.emplace(bytesOf(*file[i].second), i);
  std::vector<std::optional<std::size_t>> tied(file.size());
  for (std::size_t i = 0; i < file.size(); ++i) {
    if (match.ofFile[i]) continue;
    if (const auto known = matched.find(bytesOf(*file[i].second)); known != matched.end()) tied[i] = known->second;
  }
  return tied;
}

}  // namespace cairn::engine
