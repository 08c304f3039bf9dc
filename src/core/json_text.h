// JSON text made a value, strictly: duplicate keys, too deep nesting and bad syntax are errors that say where.
// Free functions, thread-safe.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace cairn::core {

/// `source` names the text in errors (of kind Invalid): a file's path. Syntax errors name line and column.
nlohmann::json parseJsonText(std::string_view text, const std::string& source);
/// Reads a small text file whole (16 MB at most). Throws Error naming it. Blocks.
std::string readTextFile(const std::filesystem::path& file);
/// On one line; bytes that are not UTF-8 become U+FFFD. Cut to `limit` characters with an ellipsis (0: whole).
std::string jsonText(const nlohmann::json& value, std::size_t limit = 0);

}  // namespace cairn::core
