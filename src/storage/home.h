// Where everything stands on disk: the one place that makes file names.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace cairn::storage {

/// The paths of one home. A value; touches no file.
class Home {
 public:
  explicit Home(std::filesystem::path root);
  /// `asked` if not empty, else $CAIRN_HOME, else $XDG_DATA_HOME/cairn, else ~/.local/share/cairn.
  static Home locate(const std::string& asked);

  const std::filesystem::path& root() const { return root_; }
  std::filesystem::path catalog() const;        ///< catalog.sqlite
  std::filesystem::path catalogBackup() const;  ///< catalog.backup.sqlite
  std::filesystem::path backupInMaking() const; ///< catalog.backup.sqlite.new: of whoever holds backupLock()
  std::filesystem::path backupLock() const;     ///< also of whoever rebuilds the catalog
  std::filesystem::path rebuilding() const;     ///< a folder, of whoever rebuilds the catalog
  std::filesystem::path checkpoints() const;
  std::filesystem::path trash() const;
  std::filesystem::path quarantine() const;     ///< set-aside files that recovery could not prove to be ours
  std::filesystem::path runFolder(std::string_view run) const;
  std::filesystem::path runLock(std::string_view run) const;
  /// "step-<N>-<id8>.pt" in the run's folder.
  std::filesystem::path checkpointFile(std::string_view run, std::int64_t step, std::string_view checkpoint) const;

 private:
  std::filesystem::path root_;
};

}  // namespace cairn::storage
