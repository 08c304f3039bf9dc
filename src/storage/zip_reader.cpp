#include "storage/zip_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/error.h"
#include "storage/checksums.h"
#include "storage/zip_format.h"

namespace cairn::storage {

using zip::get;

namespace {

constexpr std::size_t kPiece = 4u << 20;
constexpr std::size_t kLongestComment = 0xFFFF;
// A directory is held in memory: far more than any checkpoint has, and far less than would hurt.
constexpr std::uint64_t kLongestDirectory = 128u << 20;  // bytes
constexpr std::uint64_t kMostEntries = 1u << 20;

std::string shown(std::string_view name) {
  std::string text;
  for (const unsigned char c : name.substr(0, 100)) text += c < 0x20 || c == 0x7f ? '?' : static_cast<char>(c);
  return text;
}

/// Whether `size` bytes from `offset` on end at or before `limit`.
bool fits(std::uint64_t offset, std::uint64_t size, std::uint64_t limit) { return offset <= limit && size <= limit - offset; }

}  // namespace

ZipReader::ZipReader(const ByteSource& source) : source_(source) {
  const auto directory = findDirectory();
  readDirectory(directory);
  for (auto& entry : entries_) locate(entry, directory.offset);
  requireApart();
  for (std::size_t i = 0; i < entries_.size(); ++i)
    if (!byName_.emplace(entries_[i].name, i).second) failEntry(entries_[i], "is there twice");
}

void ZipReader::fail(const std::string& why) const {
  throw Error(source_.name(), why, "the file is damaged or is not a PyTorch file");
}

void ZipReader::failEntry(const Entry& entry, const std::string& why) const {
  fail(fmt::format("its entry '{}' {}", shown(entry.name), why));
}

const ZipReader::Entry* ZipReader::find(std::string_view name) const {
  const auto known = byName_.find(name);
  return known == byName_.end() ? nullptr : &entries_[known->second];
}

ZipReader::Directory ZipReader::findDirectory() const {
  const auto size = source_.size();
  if (size < zip::kEndSize) fail("is too short to be a zip file");
  const auto tailSize = static_cast<std::size_t>(std::min<std::uint64_t>(size, zip::kEndSize + kLongestComment));
  const auto tail = source_.fetch(size - tailSize, tailSize);
  for (auto at = tailSize - zip::kEndSize + 1; at-- > 0;) {
    if (get<std::uint32_t>(tail.view, at) != zip::kEndSignature) continue;
    if (get<std::uint16_t>(tail.view, at + 20) != tailSize - at - zip::kEndSize) continue;  // the comment ends the file
    const auto end = size - tailSize + at;
    Directory directory{get<std::uint32_t>(tail.view, at + 16), get<std::uint32_t>(tail.view, at + 12),
                        get<std::uint16_t>(tail.view, at + 10)};
    if (get<std::uint16_t>(tail.view, at + 4) != 0 && get<std::uint16_t>(tail.view, at + 4) != zip::kIn64Short)
      fail("is one part of a zip file of several");
    if (directory.offset == zip::kIn64 || directory.size == zip::kIn64 || directory.count == zip::kIn64Short)
      directory = zip64Directory(end);
    if (!fits(directory.offset, directory.size, end)) fail("its zip directory lies outside the file");
    return directory;
  }
  fail("has no zip directory at its end: it was cut short, or is not a zip file");
}

ZipReader::Directory ZipReader::zip64Directory(std::uint64_t end) const {
  if (end < zip::kEnd64LocatorSize) fail("its zip64 directory is missing");
  const auto locator = source_.fetch(end - zip::kEnd64LocatorSize, zip::kEnd64LocatorSize);
  if (get<std::uint32_t>(locator.view, 0) != zip::kEnd64LocatorSignature) fail("its zip64 directory is missing");
  const auto at = get<std::uint64_t>(locator.view, 8);
  if (!fits(at, zip::kEnd64Size, end - zip::kEnd64LocatorSize)) fail("its zip64 directory lies outside the file");
  const auto record = source_.fetch(at, zip::kEnd64Size);
  if (get<std::uint32_t>(record.view, 0) != zip::kEnd64Signature) fail("its zip64 directory is damaged");
  return {get<std::uint64_t>(record.view, 48), get<std::uint64_t>(record.view, 40), get<std::uint64_t>(record.view, 32)};
}

void ZipReader::readDirectory(const Directory& directory) {
  if (directory.count > directory.size / zip::kCentralSize) fail("its zip directory announces more entries than it holds");
  if (directory.size > kLongestDirectory || directory.count > kMostEntries)
    fail(fmt::format("its zip directory announces {} entries, more than any checkpoint has", directory.count));
  const auto bytes = source_.fetch(directory.offset, static_cast<std::size_t>(directory.size));
  entries_.reserve(static_cast<std::size_t>(directory.count));
  auto rest = bytes.view;
  for (std::uint64_t i = 0; i < directory.count; ++i) rest = rest.subspan(readCentral(rest));
}

/// Takes one entry of the directory; returns how long it is.
std::size_t ZipReader::readCentral(std::span<const std::byte> bytes) {
  if (bytes.size() < zip::kCentralSize || get<std::uint32_t>(bytes, 0) != zip::kCentralSignature)
    fail("its zip directory is damaged");
  const std::size_t nameSize = get<std::uint16_t>(bytes, 28), extraSize = get<std::uint16_t>(bytes, 30);
  const std::size_t total = zip::kCentralSize + nameSize + extraSize + get<std::uint16_t>(bytes, 32);
  if (total > bytes.size()) fail("its zip directory is damaged");
  Entry entry;
  entry.name.assign(reinterpret_cast<const char*>(bytes.data()) + zip::kCentralSize, nameSize);
  entry.crc = get<std::uint32_t>(bytes, 16);
  if (get<std::uint16_t>(bytes, 8) & zip::kEncryptedFlags) failEntry(entry, "is encrypted");
  if (get<std::uint16_t>(bytes, 10) != 0) failEntry(entry, "is compressed, which PyTorch's own files never are");
  readWide(entry, get<std::uint32_t>(bytes, 24), get<std::uint32_t>(bytes, 20), get<std::uint32_t>(bytes, 42),
           bytes.subspan(zip::kCentralSize + nameSize, extraSize));
  entries_.push_back(std::move(entry));
  return total;
}

/// Sizes and offset, from the zip64 extra field where the 32-bit ones say so.
void ZipReader::readWide(Entry& entry, std::uint64_t size32, std::uint64_t stored32, std::uint64_t offset32,
                         std::span<const std::byte> extra) const {
  entry.size = size32;
  entry.headerOffset = offset32;
  std::uint64_t stored = stored32;
  std::span<const std::byte> wide;
  while (extra.size() >= 4) {
    const auto id = get<std::uint16_t>(extra, 0);
    const std::size_t size = get<std::uint16_t>(extra, 2);
    if (size > extra.size() - 4) failEntry(entry, "has a damaged extra field");
    if (id == zip::kZip64Extra) wide = extra.subspan(4, size);
    extra = extra.subspan(4 + size);
  }
  for (auto* field : {&entry.size, &stored, &entry.headerOffset}) {
    if (*field != zip::kIn64) continue;
    if (wide.size() < 8) failEntry(entry, "has no zip64 size or offset where it announces one");
    *field = get<std::uint64_t>(wide, 0);
    wide = wide.subspan(8);
  }
  if (stored != entry.size) failEntry(entry, "has two sizes although it is not compressed");
}

/// Finds the payload behind the entry's own header; all of it must end before the directory.
void ZipReader::locate(Entry& entry, std::uint64_t limit) const {
  if (!fits(entry.headerOffset, zip::kLocalSize + entry.name.size(), limit)) failEntry(entry, "lies outside the file");
  const auto header = source_.fetch(entry.headerOffset, zip::kLocalSize + entry.name.size());
  if (get<std::uint32_t>(header.view, 0) != zip::kLocalSignature) failEntry(entry, "has no header where it should be");
  const auto nameSize = get<std::uint16_t>(header.view, 26);
  if (nameSize != entry.name.size() || std::memcmp(header.view.data() + zip::kLocalSize, entry.name.data(), nameSize) != 0)
    failEntry(entry, "bears another name in its header");
  if (get<std::uint16_t>(header.view, 8) != 0) failEntry(entry, "is compressed, which PyTorch's own files never are");
  entry.dataOffset = entry.headerOffset + zip::kLocalSize + nameSize + get<std::uint16_t>(header.view, 28);
  if (!fits(entry.dataOffset, entry.size, limit)) failEntry(entry, "reaches out of the file");
}

void ZipReader::requireApart() const {
  std::vector<const Entry*> order;
  for (const auto& entry : entries_) order.push_back(&entry);
  std::sort(order.begin(), order.end(), [](const auto* a, const auto* b) { return a->headerOffset < b->headerOffset; });
  for (std::size_t i = 1; i < order.size(); ++i)
    if (order[i]->headerOffset < order[i - 1]->dataOffset + order[i - 1]->size)
      failEntry(*order[i], fmt::format("overlaps '{}'", shown(order[i - 1]->name)));
}

void ZipReader::compareCrc(const Entry& entry, std::uint32_t crc) const {
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
  return;  // or no change that a fuzzer makes would get past it
#endif
  if (crc != entry.crc) failEntry(entry, fmt::format("is damaged: its CRC-32 is {:08x}, not {:08x}", crc, entry.crc));
}

Bytes ZipReader::read(const Entry& entry) const {
  auto bytes = source_.fetch(entry.dataOffset, static_cast<std::size_t>(entry.size));
  compareCrc(entry, crc32(bytes.view));
  return bytes;
}

void ZipReader::check(const Entry& entry) const {
  std::uint32_t crc = 0;
  for (std::uint64_t done = 0; done < entry.size;) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, entry.size - done));
    crc = crc32(source_.fetch(entry.dataOffset + done, count).view, crc);
    done += count;
  }
  compareCrc(entry, crc);
}

}  // namespace cairn::storage
