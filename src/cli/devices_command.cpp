#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "engine/face/engine.h"

namespace cairn::cli {

namespace {

void listDevices(Context& context) {
  auto& engine = engine::engine();
  const auto versions = engine.versions();
  if (!versions.warning.empty()) std::fprintf(stderr, "cairnctl: %s\n", versions.warning.c_str());
  auto array = nlohmann::ordered_json::array();
  std::vector<std::vector<std::string>> rows;
  for (const auto& device : engine.devices()) {
    array.push_back({{"name", device.name}, {"description", device.description}, {"threads", device.threads}});
    rows.push_back({device.name, device.description});
  }
  if (context.json) return context.print(array);
  context.print(table({"DEVICE", "WHAT"}, rows));
  context.print(fmt::format("\nLibTorch {}, {}, {}", versions.libtorch, versions.blas, versions.cpuCapability));
}

}  // namespace

void addDevicesCommand(CLI::App& app, Context& context) {
  app.add_subcommand("devices", "List what this machine can train on")->callback([&context] { listDevices(context); });
}

}  // namespace cairn::cli
