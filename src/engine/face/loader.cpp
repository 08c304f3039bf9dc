#include <dlfcn.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <mutex>

#include "core/error.h"
#include "engine/face/engine.h"

namespace cairn::engine {

namespace {

constexpr const char* kModule = "libcairn_engine.so";
std::atomic<Engine*> loaded{nullptr};

std::filesystem::path moduleFile() {
  const auto folder = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  for (const auto& candidate : {folder / kModule, folder.parent_path() / "lib" / "cairn" / kModule})
    if (std::filesystem::exists(candidate)) return candidate;
  return folder / kModule;
}

Engine* load() {
  // Waiting threads must sleep, not spin: a desktop shares its cores with other programs. Read at load, so set before.
  setenv("OMP_WAIT_POLICY", "PASSIVE", 0);
  const auto file = moduleFile();
  void* module = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!module)
    throw Error(file.string(), std::string("the training engine cannot be loaded: ") + dlerror(),
                "run scripts/run to set the machine up");
  using Factory = Engine* (*)();
  const auto factory = reinterpret_cast<Factory>(dlsym(module, "cairn_engine"));
  if (!factory) throw Error(file.string(), "is not Cairn's engine", "build the project anew");
  return factory();
}

}  // namespace

Engine& engine() {
  static std::mutex once;  // guards `loaded` while it is null
  if (Engine* ready = loaded.load(std::memory_order_acquire)) return *ready;
  const std::lock_guard lock(once);
  if (!loaded.load(std::memory_order_relaxed)) loaded.store(load(), std::memory_order_release);
  return *loaded.load(std::memory_order_relaxed);
}

bool engineLoaded() { return loaded.load(std::memory_order_acquire) != nullptr; }

}  // namespace cairn::engine
