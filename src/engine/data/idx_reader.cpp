#include "engine/data/idx_reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "core/error.h"
#include "engine/data/byte_source.h"

namespace cairn::engine {

namespace {

constexpr std::uint8_t kUnsignedByte = 0x08;
constexpr std::int64_t kLargest = std::int64_t{1} << 40;  // no data set in memory is larger: a header that says so lies

const char* typeName(std::uint8_t type) {
  switch (type) {
    case 0x09: return "signed bytes";
    case 0x0B: return "16-bit integers";
    case 0x0C: return "32-bit integers";
    case 0x0D: return "32-bit floats";
    case 0x0E: return "64-bit floats";
    default: return nullptr;
  }
}

void checkMagic(const std::string& path, const std::array<std::uint8_t, 4>& magic, int dimensions) {
  if (magic[0] != 0 || magic[1] != 0 || (magic[2] != kUnsignedByte && !typeName(magic[2])))
    throw Error(path, fmt::format("is not an IDX file: it begins with {:02x}", fmt::join(magic, " ")),
                "name the images or labels file itself, as MNIST's are");
  if (magic[2] != kUnsignedByte)
    throw Error(path, std::string("holds ") + typeName(magic[2]), "convert it to unsigned bytes");
  if (magic[3] != dimensions)
    throw Error(path,
                fmt::format("has {} dimensions where {} has {}", int{magic[3]},
                            dimensions == 3 ? "an images file" : "a labels file", dimensions),
                magic[3] == 1 || magic[3] == 3 ? "are images and labels exchanged?" : "");
}

std::vector<std::int64_t> readShape(ByteSource& source, int dimensions) {
  std::vector<std::int64_t> shape;
  for (int i = 0; i < dimensions; ++i) {
    std::array<std::uint8_t, 4> size{};
    if (source.read(size.data(), size.size()) != size.size())
      throw Error(source.path(), "is cut short in its header", "fetch it again");
    shape.push_back(std::int64_t{size[0]} << 24 | size[1] << 16 | size[2] << 8 | size[3]);
  }
  return shape;
}

std::int64_t totalBytes(const std::string& path, const std::vector<std::int64_t>& shape) {
  std::int64_t total = 1;
  for (const auto size : shape) {
    if (size == 0)
      throw Error(path, fmt::format("is empty: its header says {}", fmt::join(shape, " x ")), "fetch it again");
    if (total > kLargest / size)
      throw Error(path, fmt::format("its header says {}, which cannot be", fmt::join(shape, " x ")), "fetch it again");
    total *= size;
  }
  return total;
}

/// Memory grows as bytes arrive, so that a header that promises too much costs nothing.
void readBody(ByteSource& source, std::int64_t total, std::vector<std::uint8_t>& bytes) {
  constexpr std::int64_t kPiece = std::int64_t{1} << 24;
  while (static_cast<std::int64_t>(bytes.size()) < total) {
    const auto at = bytes.size();
    const auto wanted = static_cast<std::size_t>(std::min<std::int64_t>(total - static_cast<std::int64_t>(at), kPiece));
    bytes.resize(at + wanted);
    const auto got = source.read(bytes.data() + at, wanted);
    if (got < wanted)
      throw Error(source.path(), fmt::format("is cut short: it has {} of {} values", at + got, total),
                  "fetch it again");
  }
  char more = 0;
  if (source.read(&more, 1) != 0)
    throw Error(source.path(), fmt::format("goes on after the {} values that its header promises", total),
                "fetch it again");
}

}  // namespace

IdxContents readIdx(const std::string& path, int dimensions, const core::Progress& progress) {
  ByteSource source(path, progress);
  std::array<std::uint8_t, 4> magic{};
  const auto got = source.read(magic.data(), magic.size());
  if (got == 0) throw Error(path, "is empty", "fetch it again");
  if (got < magic.size()) throw Error(path, "is cut short in its header", "fetch it again");
  checkMagic(path, magic, dimensions);
  IdxContents contents;
  contents.shape = readShape(source, dimensions);
  readBody(source, totalBytes(path, contents.shape), contents.bytes);
  contents.digest = source.digest();
  return contents;
}

}  // namespace cairn::engine
