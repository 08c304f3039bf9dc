#include "storage/foreign_file.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "storage/safetensors.h"
#include "storage/torch_file.h"

namespace cairn::storage {

namespace {

using core::StateTree;

bool isDigit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

std::string_view takeNumber(std::string_view& text) {
  const auto digits = text.substr(0, std::find_if_not(text.begin(), text.end(), isDigit) - text.begin());
  text.remove_prefix(digits.size());
  return digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
}

/// "layers.2" before "layers.10".
bool naturalLess(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    if (isDigit(a.front()) && isDigit(b.front())) {
      const auto first = takeNumber(a), second = takeNumber(b);
      if (first.size() != second.size()) return first.size() < second.size();
      if (first != second) return first < second;
    } else {
      if (a.front() != b.front()) return a.front() < b.front();
      a.remove_prefix(1);
      b.remove_prefix(1);
    }
  }
  return a.size() < b.size();
}

/// The names that the writer left out since their tensors are tied to others: other -> first.
void addTied(StateTree& tensors, const std::map<std::string, std::string>& metadata) {
  for (const auto& [other, first] : metadata) {
    const auto* tensor = tensors.find(first);
    if (tensor && !tensors.find(other)) {
      auto tied = *tensor;
      tensors.set(other, std::move(tied));
    }
  }
}

ForeignFile ordered(SafetensorsFile file) {
  addTied(file.tensors, file.metadata);
  auto& items = file.tensors.as<StateTree::Dict>()->items;
  std::stable_sort(items.begin(), items.end(), [](const auto& a, const auto& b) {
    return naturalLess(std::get<std::string>(a.first), std::get<std::string>(b.first));
  });
  return {std::make_shared<const StateTree>(std::move(file.tensors)), false};
}

}  // namespace

ForeignFile readForeignFile(FileSystem& files, const std::filesystem::path& path, const core::Progress& progress) {
  std::array<std::byte, 16> head{};
  std::uint64_t size = 0;
  {
    const auto file = files.open(path);
    size = file->size();
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(size, head.size()));
    file->read(0, std::span(head).first(count));
    if (looksLikeSafetensors(std::span(head).first(count), size))
      return ordered(readSafetensorsSource(FileSource(path.string(), *file), progress));
  }
  return {readTorchFile(files, path, {}, progress), true};
}

}  // namespace cairn::storage
