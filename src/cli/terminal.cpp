#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace cairn::cli {

namespace {
constexpr auto kPlainInterval = std::chrono::seconds(3);

std::string padded(const std::string& text, std::size_t width, bool right) {
  const std::string space(width - std::min(width, displayWidth(text)), ' ');
  return right ? space + text : text + space;
}

/// The first `width` characters.
std::string cut(const std::string& text, std::size_t width) {
  std::size_t characters = 0, at = 0;
  for (; at < text.size(); ++at)
    if ((static_cast<unsigned char>(text[at]) & 0xc0) != 0x80 && characters++ == width) break;
  return text.substr(0, at);
}
}  // namespace

bool stderrIsTerminal() { return isatty(STDERR_FILENO) == 1; }

int terminalWidth() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

// The first plain line comes after the interval: short work needs none.
StatusLine::StatusLine() : live_(stderrIsTerminal()), last_(std::chrono::steady_clock::now()) {}

StatusLine::~StatusLine() { clear(); }

void StatusLine::show(const std::string& text) {
  if (live_) {
    // Carriage return, text, erase to the end of the line.
    std::fprintf(stderr, "\r%s\x1b[K", cut(text, static_cast<std::size_t>(terminalWidth()) - 1).c_str());
    shown_ = true;
    return;
  }
  const auto now = std::chrono::steady_clock::now();
  if (now - last_ < kPlainInterval) return;
  last_ = now;
  std::fprintf(stderr, "%s\n", text.c_str());
}

void StatusLine::keep(const std::string& text) {
  clear();
  std::fprintf(stderr, "%s\n", text.c_str());
}

void StatusLine::clear() {
  if (!shown_) return;
  std::fputs("\r\x1b[K", stderr);
  shown_ = false;
}

std::size_t displayWidth(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows,
                  const std::vector<bool>& right) {
  std::vector<std::size_t> widths;
  for (std::size_t column = 0; column < header.size(); ++column) {
    widths.push_back(displayWidth(header[column]));
    for (const auto& row : rows) widths[column] = std::max(widths[column], displayWidth(row[column]));
  }
  std::string text;
  const auto add = [&](const std::vector<std::string>& row) {
    std::string line;
    for (std::size_t column = 0; column < row.size(); ++column)
      line += (column ? "  " : "") + padded(row[column], widths[column], column < right.size() && right[column]);
    line.erase(line.find_last_not_of(' ') + 1);
    text += (text.empty() ? "" : "\n") + line;
  };
  add(header);
  for (const auto& row : rows) add(row);
  return text;
}

std::string keyValues(const std::vector<std::pair<std::string, std::string>>& entries) {
  std::size_t width = 0;
  for (const auto& [key, value] : entries) width = std::max(width, displayWidth(key));
  std::string text;
  for (const auto& [key, value] : entries)
    text += (text.empty() ? "" : "\n") + padded(key, width, false) + "  " + value;
  return text;
}

}  // namespace cairn::cli
