#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.h"
#include "cli/describe.h"
#include "cli/terminal.h"
#include "core/text.h"
#include "storage/inspection.h"

namespace cairn::cli {

namespace {

using storage::InspectedNode;
using storage::Inspection;

nlohmann::ordered_json tensorJson(const storage::InspectedTensor& tensor) {
  nlohmann::ordered_json json{{"dtype", tensor.dtype}, {"shape", tensor.shape}, {"bytes", tensor.bytes}};
  if (!tensor.storage.empty()) json["storage"] = tensor.storage;
  if (!tensor.sharesWith.empty()) json["shares_with"] = tensor.sharesWith;
  return json;
}

/// Numbers as numbers, where JSON has them.
nlohmann::ordered_json valueJson(const InspectedNode& node) {
  if (node.type == "bool") return node.value == "True";
  if (node.type != "int" && node.type != "float") return node.value;
  const auto number = nlohmann::ordered_json::parse(node.value, nullptr, /*allow_exceptions=*/false);
  return number.is_number() ? number : nlohmann::ordered_json(node.value);
}

nlohmann::ordered_json nodeJson(const InspectedNode& node) {
  nlohmann::ordered_json json{{"name", node.name}, {"type", node.type}};
  if (node.tensor) json.update(tensorJson(*node.tensor));
  if (!node.value.empty()) json["value"] = valueJson(node);
  if (node.call) json["call"] = true;
  if (!node.warning.empty()) json["warning"] = node.warning;
  if (node.hidden > 0) json["hidden"] = node.hidden;
  if (node.children.empty()) return json;
  auto& children = json["children"] = nlohmann::ordered_json::array();
  for (const auto& child : node.children) children.push_back(nodeJson(child));
  return json;
}

nlohmann::ordered_json inspectionJson(const Inspection& inspection) {
  auto globals = nlohmann::ordered_json::array();
  for (const auto& global : inspection.globals)
    globals.push_back({{"name", global.name}, {"risk", storage::riskName(global.risk)}, {"count", global.count}});
  nlohmann::ordered_json json{{"file", inspection.file},         {"format", inspection.format},
                              {"bytes", inspection.fileBytes},   {"tensors", inspection.tensors},
                              {"values", inspection.values},     {"tensor_bytes", inspection.tensorBytes},
                              {"warnings", inspection.warnings}, {"globals", globals}};
  if (!inspection.metadata.empty()) json["metadata"] = inspection.metadata;
  json["tree"] = nodeJson(inspection.root);
  return json;
}

std::string typeText(const InspectedNode& node) {
  if (node.tensor) return node.type + " " + node.tensor->dtype;
  if (node.call) return node.type + "(…)";
  return node.children.empty() && node.hidden == 0
             ? node.type
             : fmt::format("{} ({})", node.type, node.children.size() + node.hidden);
}

std::string valueText(const InspectedNode& node) {
  std::string text = node.type == "str" ? "\"" + node.value + "\"" : node.value;
  if (node.tensor) {
    text = shapeText(node.tensor->shape);
    if (!node.tensor->sharesWith.empty()) text += ", shares its bytes with " + node.tensor->sharesWith;
  }
  if (!node.warning.empty()) text += (text.empty() ? "! " : "   ! ") + node.warning;
  return text;
}

void addRows(const InspectedNode& node, int depth, std::vector<std::vector<std::string>>& rows) {
  for (const auto& child : node.children) {
    const auto bytes = child.tensor ? core::humanBytes(static_cast<std::int64_t>(child.tensor->bytes)) : "";
    rows.push_back(
        {std::string(static_cast<std::size_t>(2 * depth), ' ') + child.name, typeText(child), bytes, valueText(child)});
    addRows(child, depth + 1, rows);
  }
  if (node.hidden > 0)
    rows.push_back(
        {std::string(static_cast<std::size_t>(2 * depth), ' ') + fmt::format("… {} more", node.hidden), "", "", ""});
}

std::string describe(const Inspection& inspection) {
  auto text = fmt::format("{} file, {}: {} tensors of {} values, {}\n", inspection.format,
                          core::humanBytes(static_cast<std::int64_t>(inspection.fileBytes)), inspection.tensors,
                          core::withThousands(static_cast<std::int64_t>(inspection.values)),
                          core::humanBytes(static_cast<std::int64_t>(inspection.tensorBytes)));
  for (const auto& warning : inspection.warnings) text += "WARNING: " + warning + "\n";
  std::vector<std::vector<std::string>> globals;
  for (const auto& global : inspection.globals)
    if (global.risk != storage::GlobalRisk::Safe)
      globals.push_back({global.name, std::string(storage::riskName(global.risk)), std::to_string(global.count)});
  if (!globals.empty()) text += "\n" + table({"NAMES", "RISK", "TIMES"}, globals, {false, false, true}) + "\n";
  for (const auto& [key, value] : inspection.metadata)
    text += fmt::format("metadata {}: {}\n", storage::printable(key, 200), storage::printable(value, 500));
  std::vector<std::vector<std::string>> rows{
      {"(the whole)", typeText(inspection.root), "", valueText(inspection.root)}};
  if (inspection.root.type == "dict" || inspection.root.type == "OrderedDict") rows.clear();
  addRows(inspection.root, 0, rows);
  return text + "\n" + table({"NAME", "TYPE", "SIZE", "VALUE OR SHAPE"}, rows, {false, false, true, false});
}

void inspect(Context& context, const std::string& file) {
  const auto inspection = storage::inspectFile(storage::FileSystem::posix(), file, stderrProgress());
  if (context.json)
    context.print(inspectionJson(inspection));
  else
    context.print(describe(inspection));
}

}  // namespace

void addInspectCommand(CLI::App& app, Context& context) {
  const auto file = std::make_shared<std::string>();
  auto* command = app.add_subcommand(
      "inspect", "Show what is in a PyTorch or safetensors file, and what it would have Python run; executes nothing");
  command->add_option("file", *file, "A .pt, .pth or .safetensors file")->required()->type_name("FILE");
  command->callback([&context, file] { inspect(context, *file); });
}

}  // namespace cairn::cli
