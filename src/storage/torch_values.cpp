#include "storage/torch_values.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn::storage {

using Kind = PickleValue::Kind;

std::string globalName(const PickleValue& global) { return fmt::format("{}.{}", global.text, global.name); }

std::string hexOf(std::string_view text) {
  std::string bytes(text);
  const bool negative = !bytes.empty() && bytes.back() & 0x80;
  unsigned carry = 1;
  if (negative) {
    for (auto& byte : bytes) {
      const auto sum = (static_cast<std::uint8_t>(byte) ^ 0xffu) + carry;
      byte = static_cast<char>(sum);
      carry = sum >> 8;
    }
  }
  std::string digits;
  for (auto i = bytes.size(); i-- > 0;) digits += fmt::format("{:02x}", static_cast<std::uint8_t>(bytes[i]));
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  return (negative ? "-0x" : "0x") + digits;
}

std::optional<std::vector<std::int64_t>> wholesOf(const PickleValue& value) {
  const auto* list = &value;
  // torch.Size((2, 3)) is a call around the tuple.
  if (list->kind == Kind::Call && list->items[0]->kind == Kind::Global && globalName(*list->items[0]) == "torch.Size" &&
      list->items[1]->kind == Kind::Tuple && list->items[1]->items.size() == 1)
    list = list->items[1]->items[0];
  if (list->kind != Kind::Tuple && list->kind != Kind::List) return {};
  std::vector<std::int64_t> numbers;
  for (const auto* item : list->items) {
    if (item->kind != Kind::Int) return {};
    numbers.push_back(item->whole);
  }
  return numbers;
}

std::optional<StorageId> storageOf(const PickleValue& value) {
  if (value.kind != Kind::Persistent || value.items[0]->kind != Kind::Tuple) return {};
  const auto& id = value.items[0]->items;
  if (id.size() < 5 || id[0]->kind != Kind::Text || id[0]->text != "storage" || id[1]->kind != Kind::Global ||
      id[2]->kind != Kind::Text || id[4]->kind != Kind::Int)
    return {};
  const auto& module = id[1]->text;
  if (module != "torch" && module != "torch.cuda" && module != "torch.storage") return {};
  return StorageId{id[1]->name, id[2]->text, id[3]->kind == Kind::Text ? id[3]->text : "", id[4]->whole};
}

}  // namespace cairn::storage
