#include "storage/safetensors_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/error.h"
#include "storage/safetensors.h"
#include "storage/zip_format.h"

namespace cairn::storage {

namespace {

constexpr std::uint64_t kLengthSize = 8;
constexpr std::uint64_t kLongestHeader = 100'000'000;  // the official reader's own limit
constexpr std::uint64_t kFixedMemory = 256u << 20;     // on top of the file's own size

class LayoutReader {
 public:
  explicit LayoutReader(const ByteSource& source) : source_(source) {}

  SafetensorsLayout read() {
    auto header = parse();
    for (const auto& tensor : header.tensors) requireSize(tensor);
    requireWhole(header.tensors);
    return {std::move(header.tensors), std::move(header.metadata), dataStart_};
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw Error(source_.name(), why, "the file is damaged or is not a safetensors file");
  }
  [[noreturn]] void fail(const DescribedTensor& tensor, const std::string& why) const {
    fail(fmt::format("its tensor '{}' {}", shownName(tensor.name), why));
  }

  SafetensorsHeader parse() {
    if (source_.size() < kLengthSize) fail("is too short to be a safetensors file");
    const auto length = zip::get<std::uint64_t>(source_.fetch(0, kLengthSize).view, 0);
    if (length > kLongestHeader) fail(fmt::format("announces a header of {} bytes, more than any has", length));
    if (length > source_.size() - kLengthSize) fail("is cut short: its header reaches out of the file");
    const auto bytes = source_.fetch(kLengthSize, static_cast<std::size_t>(length));
    const std::string_view text(reinterpret_cast<const char*>(bytes.view.data()), bytes.view.size());
    if (!text.starts_with('{')) fail("its header is not a JSON object");
    dataStart_ = kLengthSize + length;
    MemoryBudget budget(source_.name(), kFixedMemory + source_.size());
    return parseSafetensorsHeader(text, budget);
  }

  void requireSize(const DescribedTensor& tensor) const {
    const auto room = source_.size() - dataStart_;
    if (tensor.begin > tensor.end || tensor.end > room) fail(tensor, "reaches out of the file");
    std::uint64_t bits = tensor.type->bits;
    const bool empty = std::find(tensor.shape.begin(), tensor.shape.end(), 0) != tensor.shape.end();
    for (const auto extent : tensor.shape)
      if (!empty && __builtin_mul_overflow(bits, static_cast<std::uint64_t>(extent), &bits))
        fail(tensor, "has an impossible shape");
    if (empty) bits = 0;
    if (bits % 8 != 0 || bits / 8 != tensor.end - tensor.begin)
      fail(tensor, fmt::format("has {} bytes where its type and shape want {}", tensor.end - tensor.begin, bits / 8));
  }

  /// Puts the tensors in the order of their bytes, which must fill the file: no overlap, no hidden bytes.
  void requireWhole(std::vector<DescribedTensor>& tensors) const {
    std::stable_sort(tensors.begin(), tensors.end(), [](const DescribedTensor& a, const DescribedTensor& b) {
      return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
    });
    std::uint64_t at = 0;
    for (const auto& tensor : tensors) {
      if (tensor.begin < at) fail(tensor, "overlaps another");
      if (tensor.begin > at) fail(tensor, "has bytes before it that belong to no tensor");
      at = tensor.end;
    }
    if (at != source_.size() - dataStart_) fail("has bytes at its end that belong to no tensor");
  }

  const ByteSource& source_;
  std::uint64_t dataStart_ = 0;
};

}  // namespace

SafetensorsLayout readSafetensorsLayout(const ByteSource& source) { return LayoutReader(source).read(); }

bool looksLikeSafetensors(std::span<const std::byte> head, std::uint64_t fileSize) {
  if (head.size() <= kLengthSize || fileSize <= kLengthSize) return false;
  const auto length = zip::get<std::uint64_t>(head, 0);
  return head[kLengthSize] == std::byte{'{'} && length <= kLongestHeader && length <= fileSize - kLengthSize;
}

}  // namespace cairn::storage
