#include "storage/zip_layout.h"

#include "core/error.h"
#include "storage/zip_format.h"

namespace cairn::storage {

using zip::put;

ZipLayout::ZipLayout(std::vector<std::pair<std::string, std::uint64_t>> namesAndSizes, std::uint64_t zip64From)
    : zip64From_(zip64From) {
  std::uint64_t offset = 0;
  for (auto& [name, size] : namesAndSizes) {
    if (name.size() > 0x8000) throw Error(name.substr(0, 80), "is too long a name for a zip entry");
    entries_.push_back({std::move(name), size, offset});
    offset += localHeader(entries_.size() - 1, 0).size() + size;
  }
  directoryOffset_ = offset;
  size_ = offset + directory(std::vector<std::uint32_t>(entries_.size())).size();
}

std::string ZipLayout::localHeader(std::size_t index, std::uint32_t crc) const {
  const auto& entry = entries_[index];
  const bool wide = needs64(entry.size);
  std::string extra;
  if (wide) {
    put<std::uint16_t>(extra, zip::kZip64Extra);
    put<std::uint16_t>(extra, 16);
    put<std::uint64_t>(extra, entry.size);
    put<std::uint64_t>(extra, entry.size);
  }
  const auto before = entry.headerOffset + zip::kLocalSize + entry.name.size() + extra.size() + 4;
  const auto padding = (zip::kAlignment - before % zip::kAlignment) % zip::kAlignment;
  extra += "FB";
  put<std::uint16_t>(extra, static_cast<std::uint16_t>(padding));
  extra.append(padding, 'Z');

  std::string header;
  put<std::uint32_t>(header, zip::kLocalSignature);
  put<std::uint16_t>(header, wide ? zip::kZip64Version : zip::kPlainVersion);
  put<std::uint16_t>(header, zip::kUtf8Flag);
  put<std::uint16_t>(header, 0);  // stored
  put<std::uint16_t>(header, 0);  // time
  put<std::uint16_t>(header, zip::kFirstDosDate);
  put<std::uint32_t>(header, crc);
  put<std::uint32_t>(header, wide ? zip::kIn64 : static_cast<std::uint32_t>(entry.size));
  put<std::uint32_t>(header, wide ? zip::kIn64 : static_cast<std::uint32_t>(entry.size));
  put<std::uint16_t>(header, static_cast<std::uint16_t>(entry.name.size()));
  put<std::uint16_t>(header, static_cast<std::uint16_t>(extra.size()));
  return header + entry.name + extra;
}

std::string ZipLayout::centralHeader(const Entry& entry, std::uint32_t crc) const {
  const bool wideSize = needs64(entry.size), wideOffset = needs64(entry.headerOffset);
  std::string extra;
  if (wideSize || wideOffset) {
    put<std::uint16_t>(extra, zip::kZip64Extra);
    put<std::uint16_t>(extra, static_cast<std::uint16_t>((wideSize ? 16 : 0) + (wideOffset ? 8 : 0)));
    if (wideSize) put<std::uint64_t>(extra, entry.size);
    if (wideSize) put<std::uint64_t>(extra, entry.size);
    if (wideOffset) put<std::uint64_t>(extra, entry.headerOffset);
  }
  const auto version = extra.empty() ? zip::kPlainVersion : zip::kZip64Version;
  std::string header;
  put<std::uint32_t>(header, zip::kCentralSignature);
  put<std::uint16_t>(header, version);  // made by
  put<std::uint16_t>(header, version);  // needed
  put<std::uint16_t>(header, zip::kUtf8Flag);
  put<std::uint16_t>(header, 0);  // stored
  put<std::uint16_t>(header, 0);  // time
  put<std::uint16_t>(header, zip::kFirstDosDate);
  put<std::uint32_t>(header, crc);
  put<std::uint32_t>(header, wideSize ? zip::kIn64 : static_cast<std::uint32_t>(entry.size));
  put<std::uint32_t>(header, wideSize ? zip::kIn64 : static_cast<std::uint32_t>(entry.size));
  put<std::uint16_t>(header, static_cast<std::uint16_t>(entry.name.size()));
  put<std::uint16_t>(header, static_cast<std::uint16_t>(extra.size()));
  put<std::uint16_t>(header, 0);  // comment
  put<std::uint16_t>(header, 0);  // disk
  put<std::uint16_t>(header, 0);  // internal attributes
  put<std::uint32_t>(header, 0);  // external attributes
  put<std::uint32_t>(header, wideOffset ? zip::kIn64 : static_cast<std::uint32_t>(entry.headerOffset));
  return header + entry.name + extra;
}

std::string ZipLayout::endRecords(std::uint64_t directorySize) const {
  const std::uint64_t count = entries_.size();
  const bool wideCount = count >= zip::kIn64Short, wideOffset = needs64(directoryOffset_);
  const bool wideSize = needs64(directorySize);
  std::string end;
  if (wideCount || wideOffset || wideSize) {
    put<std::uint32_t>(end, zip::kEnd64Signature);
    put<std::uint64_t>(end, zip::kEnd64Size - 12);
    put<std::uint16_t>(end, zip::kZip64Version);
    put<std::uint16_t>(end, zip::kZip64Version);
    put<std::uint32_t>(end, 0);  // disk
    put<std::uint32_t>(end, 0);  // disk of the directory
    put<std::uint64_t>(end, count);
    put<std::uint64_t>(end, count);
    put<std::uint64_t>(end, directorySize);
    put<std::uint64_t>(end, directoryOffset_);
    put<std::uint32_t>(end, zip::kEnd64LocatorSignature);
    put<std::uint32_t>(end, 0);
    put<std::uint64_t>(end, directoryOffset_ + directorySize);
    put<std::uint32_t>(end, 1);  // disks
  }
  put<std::uint32_t>(end, zip::kEndSignature);
  put<std::uint16_t>(end, 0);
  put<std::uint16_t>(end, 0);
  put<std::uint16_t>(end, wideCount ? zip::kIn64Short : static_cast<std::uint16_t>(count));
  put<std::uint16_t>(end, wideCount ? zip::kIn64Short : static_cast<std::uint16_t>(count));
  put<std::uint32_t>(end, wideSize ? zip::kIn64 : static_cast<std::uint32_t>(directorySize));
  put<std::uint32_t>(end, wideOffset ? zip::kIn64 : static_cast<std::uint32_t>(directoryOffset_));
  put<std::uint16_t>(end, 0);  // comment
  return end;
}

std::string ZipLayout::directory(const std::vector<std::uint32_t>& crcs) const {
  std::string text;
  for (std::size_t i = 0; i < entries_.size(); ++i) text += centralHeader(entries_[i], crcs[i]);
  return text + endRecords(text.size());
}

}  // namespace cairn::storage
