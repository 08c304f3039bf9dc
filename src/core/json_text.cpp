#include "core/json_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "core/error.h"

namespace cairn::core {

namespace {

constexpr int kMaxDepth = 64;
constexpr std::size_t kMaxFileBytes = 16u << 20;

/// The keys met so far in each open object, and the key that each stands at: finds duplicates, which the JSON library
/// would let pass.
class DuplicateWatch {
 public:
  void operator()(nlohmann::json::parse_event_t event, const nlohmann::json& parsed) {
    using Event = nlohmann::json::parse_event_t;
    if (event == Event::object_start) open_.push_back({});
    if (event == Event::object_end) open_.pop_back();
    if (event == Event::key) meet(parsed.get<std::string>());
  }

 private:
  struct Object {
    std::set<std::string> keys;
    std::string current;
  };

  void meet(const std::string& key) {
    open_.back().current = key;
    if (open_.back().keys.insert(key).second) return;
    std::string path;
    for (const auto& object : open_) path += (path.empty() ? "" : ".") + object.current;
    throw Error::invalid(path, "stands there twice", "keep one of the two");
  }

  std::vector<Object> open_;
};

std::string position(std::string_view text, std::size_t byte) {
  const auto before = text.substr(0, std::min(byte > 0 ? byte - 1 : 0, text.size()));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const auto lineStart = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  return fmt::format("line {}, column {}", line, before.size() - lineStart + 1);
}

/// The library's message without its "[json.exception...] parse error at ...: " head.
std::string plainReason(std::string message) {
  if (const auto at = message.find("] "); at != std::string::npos) message.erase(0, at + 2);
  if (message.rfind("parse error", 0) == 0) {
    if (const auto at = message.find(": "); at != std::string::npos) message.erase(0, at + 2);
  }
  return message;
}

}  // namespace

nlohmann::json parseJsonText(std::string_view text, const std::string& source) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
    throw Error::invalid(source, "is empty", "write a JSON object into it, as docs/spec.md shows");
  DuplicateWatch watch;
  const auto look = [&](int depth, nlohmann::json::parse_event_t event, nlohmann::json& parsed) {
    if (depth > kMaxDepth) throw Error::invalid(source, fmt::format("is nested over {} levels deep", kMaxDepth));
    watch(event, parsed);
    return true;
  };
  try {
    return nlohmann::json::parse(text, look);
  } catch (const nlohmann::json::parse_error& error) {
    throw Error::invalid(
        source, fmt::format("is not valid JSON at {}: {}", position(text, error.byte), plainReason(error.what())),
        "correct it there");
  } catch (const nlohmann::json::exception& error) {
    throw Error::invalid(source, "is not valid JSON: " + plainReason(error.what()), "correct it");
  }
}

std::string readTextFile(const std::filesystem::path& file) {
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) throw Error(file.string(), "is a folder", "name a file in it");
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw Error::system("open the file", file.string(), errno, "check the name");
  std::string text;
  std::vector<char> block(64 << 10);
  while (stream.read(block.data(), static_cast<std::streamsize>(block.size())) || stream.gcount() > 0) {
    text.append(block.data(), static_cast<std::size_t>(stream.gcount()));
    if (text.size() > kMaxFileBytes) throw Error(file.string(), "is larger than 16 MB", "name a spec, not data");
  }
  if (stream.bad()) throw Error::system("read the file", file.string(), errno);
  return text;
}

std::string jsonText(const nlohmann::json& value, std::size_t limit) {
  auto text = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  if (limit > 0 && text.size() > limit) {
    while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xc0) == 0x80) --limit;
    text = text.substr(0, limit) + "…";
  }
  return text;
}

}  // namespace cairn::core
