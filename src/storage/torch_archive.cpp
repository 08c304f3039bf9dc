#include "storage/torch_archive.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "core/error.h"

namespace cairn::storage {

void requireZip(const ByteSource& source) {
  if (source.size() == 0) throw Error(source.name(), "is empty");
  const auto head = source.fetch(0, static_cast<std::size_t>(std::min<std::uint64_t>(source.size(), 16)));
  const auto starts = [&](std::string_view text) {
    return head.view.size() >= text.size() && std::memcmp(head.view.data(), text.data(), text.size()) == 0;
  };
  if (starts("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46"))  // the magic number of torch.save before 1.6
    throw Error(source.name(), "is in the format of PyTorch before 1.6",
                "load it in Python and save it again with a newer PyTorch");
  if (starts("\x80")) throw Error(source.name(), "is a bare pickle, not a file of torch.save");
  if (!starts("PK")) throw Error(source.name(), "is not a PyTorch file (no zip)");
}

std::string archiveOf(const ZipReader& zip) {
  const auto& file = zip.source().name();
  for (const auto& entry : zip.entries()) {
    const auto slash = entry.name.find('/');
    if (slash == std::string::npos) continue;
    const auto archive = entry.name.substr(0, slash);
    if (!zip.find(archive + "/data.pkl")) continue;
    if (zip.find(archive + "/constants.pkl"))
      throw Error(file, "is a TorchScript archive: a program with its weights, not a checkpoint",
                  "load it with torch.jit.load in Python, and torch.save its state_dict()");
    return archive;
  }
  throw Error(file, "is a zip file without a data.pkl", "it was not written by torch.save");
}

bool isBigEndian(const ZipReader& zip, const std::string& archive) {
  const auto* entry = zip.find(archive + "/byteorder");
  if (!entry || entry->size > 16) return false;
  const auto order = zip.read(*entry);
  return std::string_view(reinterpret_cast<const char*>(order.view.data()), order.view.size()).starts_with("big");
}

}  // namespace cairn::storage
