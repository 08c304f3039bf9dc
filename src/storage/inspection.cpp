#include "storage/inspection.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "core/error.h"
#include "storage/inspect_formats.h"
#include "storage/safetensors.h"

namespace cairn::storage {

namespace {

/// Length of the UTF-8 sequence at the start of `text`, and its code point; 1 and the byte itself where there is none.
std::size_t decodeOne(std::string_view text, std::uint32_t& point) {
  const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
  const auto lead = byte(0);
  const std::size_t length = lead < 0x80 ? 1 : lead >> 5 == 6 ? 2 : lead >> 4 == 14 ? 3 : lead >> 3 == 30 ? 4 : 1;
  point = lead;
  if (length == 1 || length > text.size()) return 1;
  point = lead & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) point = point << 6 | (byte(i) & 0x3F);
  return length;
}

/// Control characters, and those that turn the direction of writing or take no room.
bool mayDeceive(std::uint32_t point) {
  return point < 0x20 || (point >= 0x7F && point < 0xA0) || (point >= 0x200B && point <= 0x200F) ||
         (point >= 0x2028 && point <= 0x202E) || (point >= 0x2060 && point <= 0x206F) || point == 0xFEFF;
}

/// By content; a name that says so decides what error a file of neither format gives.
bool isSafetensors(const ByteSource& source) {
  const auto head = source.fetch(0, static_cast<std::size_t>(std::min<std::uint64_t>(source.size(), 9)));
  const bool zip = head.view.size() >= 2 && head.view[0] == std::byte{'P'} && head.view[1] == std::byte{'K'};
  return looksLikeSafetensors(head.view, source.size()) || (!zip && source.name().ends_with(".safetensors"));
}

}  // namespace

std::string printable(std::string_view text, std::size_t most) {
  std::string result;
  while (!text.empty()) {
    std::uint32_t point = 0;
    const auto length = decodeOne(text, point);
    auto piece = std::string(text.substr(0, length));
    if (point == '\n')
      piece = "\\n";
    else if (point == '\t')
      piece = "\\t";
    else if (mayDeceive(point))
      piece = fmt::format("\\u{:04x}", point);
    if (result.size() + piece.size() > most) return result + "…";
    result += piece;
    text.remove_prefix(length);
  }
  return result;
}

Inspection inspectSource(const ByteSource& source, const core::Progress& progress, const InspectionLimits& limits) {
  try {
    Inspection inspection;
    inspection.file = source.name();
    inspection.fileBytes = source.size();
    if (isSafetensors(source))
      inspectSafetensors(inspection, source, limits);
    else
      inspectTorch(inspection, source, progress, limits);
    return inspection;
  } catch (const std::bad_alloc&) {
    throw Error(source.name(), "does not fit into memory", "close other programs, or use a machine with more memory");
  }
}

Inspection inspectFile(FileSystem& files, const std::filesystem::path& path, const core::Progress& progress,
                       const InspectionLimits& limits) {
  const auto file = files.open(path);
  return inspectSource(FileSource(path.string(), *file), progress, limits);
}

}  // namespace cairn::storage
