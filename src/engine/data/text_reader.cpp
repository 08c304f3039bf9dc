#include "engine/data/text_reader.h"

#include <algorithm>

#include "core/error.h"
#include "engine/data/byte_source.h"

namespace cairn::engine {

std::string readText(const std::string& path, std::vector<std::uint8_t>& bytes, const core::Progress& progress) {
  ByteSource source(path, progress);
  const auto start = bytes.size();
  auto piece = static_cast<std::size_t>(std::clamp<std::int64_t>(source.fileSize() + 1, 4096, std::int64_t{1} << 24));
  for (std::size_t at = start;;) {
    bytes.resize(at + piece);
    const auto got = source.read(bytes.data() + at, piece);
    at += got;
    if (got == piece) continue;
    bytes.resize(at);
    break;
  }
  if (bytes.size() == start) throw Error(path, "is empty", "give it text to learn from");
  return source.digest();
}

}  // namespace cairn::engine
