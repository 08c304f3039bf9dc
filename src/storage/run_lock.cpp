#include "storage/run_lock.h"

#include <cerrno>
#include <chrono>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "core/error.h"

namespace cairn::storage {

namespace {

constexpr auto kPatience = std::chrono::seconds(10);  // for who is soon done
constexpr auto kBetweenLooks = std::chrono::milliseconds(50);
constexpr std::uint64_t kMostText = 4096;  // a lock file that holds more was not written by us

std::string hostName() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "";
}

std::string thisProcess(std::string_view doing) {
  const nlohmann::json holder{
      {"pid", ::getpid()}, {"program", program_invocation_short_name}, {"host", hostName()}, {"doing", doing}};
  return holder.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

/// What the holder wrote; null if nothing that can be read.
nlohmann::json writtenIn(FileSystem& files, const std::filesystem::path& path) {
  try {
    const auto file = files.open(path);
    std::string text(std::min(file->size(), kMostText), '\0');
    file->read(0, std::as_writable_bytes(std::span(text)));
    auto holder = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
    return holder.is_object() ? holder : nlohmann::json();
  } catch (const Error&) {
    return {};
  }
}

bool isSoonDone(const nlohmann::json& holder) {
  const auto doing = holder.is_object() ? holder.value("doing", "") : "";
  return doing == kRepairing || doing == kDeleting;
}

std::string described(const nlohmann::json& holder) {
  if (holder.is_null()) return "another process has it";
  const auto text = [&](const char* key) { return holder.contains(key) && holder[key].is_string() ? holder[key].get<std::string>() : ""; };
  const auto pid = holder.contains("pid") && holder["pid"].is_number_integer() ? holder["pid"].get<long>() : 0;
  return fmt::format("process {} ({} on {}) is {} it", pid, text("program"), text("host"), text("doing"));
}

}  // namespace

std::unique_ptr<FileLock> tryRunLock(FileSystem& files, const Home& home, const std::string& run, std::string_view doing) {
  files.makeFolders(home.runFolder(run));
  auto lock = files.tryLock(home.runLock(run));
  if (lock) lock->say(thisProcess(doing));
  return lock;
}

std::unique_ptr<FileLock> takeRunLock(FileSystem& files, const Home& home, const std::string& run, const std::string& name,
                                      std::string_view doing) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  for (;;) {
    if (auto lock = tryRunLock(files, home, run, doing)) return lock;
    const auto holder = writtenIn(files, home.runLock(run));
    if (!isSoonDone(holder) || std::chrono::steady_clock::now() > until)
      throw Error("run " + name, described(holder), "pause or stop it there, or wait for it to end");
    std::this_thread::sleep_for(kBetweenLooks);
  }
}

}  // namespace cairn::storage
