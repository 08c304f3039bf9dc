// What stderr and stdout look like to a person: a line that changes in place, and tables. Not thread-safe.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace cairn::cli {

bool stderrIsTerminal();
int terminalWidth();  ///< columns of stderr's terminal; 80 if it tells none

/// One line on stderr that is replaced as work goes on; where stderr is no terminal, a new line every few seconds.
class StatusLine {
 public:
  StatusLine();
  ~StatusLine();  ///< clears it

  void show(const std::string& text);
  /// A line that stays, whatever changes below it.
  void keep(const std::string& text);
  void clear();
  bool live() const { return live_; }

 private:
  bool live_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point last_;  // when it was shown, where it is not live
};

/// Columns as wide as they need to be; numbers to the right where `right` says so.
std::string table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows,
                  const std::vector<bool>& right = {});
/// "key   value" lines.
std::string keyValues(const std::vector<std::pair<std::string, std::string>>& entries);
std::size_t displayWidth(const std::string& text);  ///< in characters, not bytes

}  // namespace cairn::cli
