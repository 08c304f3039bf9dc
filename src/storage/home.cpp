#include "storage/home.h"

#include <cstdlib>

#include <fmt/format.h>

#include "core/error.h"

namespace cairn::storage {

namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

}  // namespace

Home::Home(std::filesystem::path root) : root_(std::filesystem::absolute(root).lexically_normal()) {}

Home Home::locate(const std::string& asked) {
  if (!asked.empty()) return Home(asked);
  if (const auto home = environment("CAIRN_HOME"); !home.empty()) return Home(home);
  // The XDG specification: a relative path there is to be ignored.
  if (const std::filesystem::path data = environment("XDG_DATA_HOME"); data.is_absolute()) return Home(data / "cairn");
  const std::filesystem::path user = environment("HOME");
  if (user.empty()) throw Error("home", "neither $CAIRN_HOME nor $HOME is set", "give a folder with --home");
  return Home(user / ".local" / "share" / "cairn");
}

std::filesystem::path Home::catalog() const { return root_ / "catalog.sqlite"; }
std::filesystem::path Home::catalogBackup() const { return root_ / "catalog.backup.sqlite"; }
std::filesystem::path Home::backupInMaking() const { return root_ / "catalog.backup.sqlite.new"; }
std::filesystem::path Home::backupLock() const { return root_ / "backup.lock"; }
std::filesystem::path Home::rebuilding() const { return root_ / "rebuilding"; }
std::filesystem::path Home::checkpoints() const { return root_ / "checkpoints"; }
std::filesystem::path Home::trash() const { return root_ / "trash"; }
std::filesystem::path Home::quarantine() const { return root_ / "quarantine"; }
std::filesystem::path Home::runFolder(std::string_view run) const { return checkpoints() / run; }
std::filesystem::path Home::runLock(std::string_view run) const { return runFolder(run) / "lock"; }

std::filesystem::path Home::checkpointFile(std::string_view run, std::int64_t step, std::string_view checkpoint) const {
  return runFolder(run) / fmt::format("step-{}-{}.pt", step, checkpoint.substr(0, 8));
}

}  // namespace cairn::storage
