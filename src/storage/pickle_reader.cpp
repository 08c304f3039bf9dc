#include "storage/pickle_reader.h"

#include <bit>
#include <cstring>

#include <fmt/format.h>

#include "storage/utf8.h"

namespace cairn::storage {

using pickle::Op;

namespace {
constexpr std::uint64_t kMemoCost = 64;  // of an entry in the map, about
constexpr std::size_t kNewestProtocol = 5;
constexpr std::uint64_t kLongestNumber = 1u << 16;  // bytes: what no checkpoint counts to
}  // namespace

PickleReader::PickleReader(std::span<const std::byte> pickle, MemoryBudget& budget) : pickle_(pickle), budget_(budget) {}

void PickleReader::fail(const std::string& why) const {
  throw Error(budget_.file(), fmt::format("its data.pkl is not a sound pickle: {} (at byte {})", why, at_),
              "the file is damaged, or was made to do harm");
}

PickleValue* PickleReader::run() {
  while (true) {
    const auto op = static_cast<Op>(takeNumber<std::uint8_t>());
    if (op == Op::Stop) break;
    if (!(scalar(op) || textual(op) || sequence(op) || mapping(op) || object(op) || memory(op) || textScalar(op) ||
          textObject(op)))
      fail(fmt::format("unknown opcode 0x{:02x}", static_cast<unsigned>(op)));
  }
  auto* result = pop();
  if (!stack_.empty() || !marks_.empty()) fail("values are left over at its end");
  return result;
}

std::vector<const PickleValue*> PickleReader::globals() const {
  std::vector<const PickleValue*> found;
  for (const auto& value : values_)
    if (value.kind == Kind::Global) found.push_back(&value);
  return found;
}

// --- bytes

std::span<const std::byte> PickleReader::take(std::uint64_t size) {
  if (size > pickle_.size() - at_) fail("it ends in the middle of a value");
  const auto bytes = pickle_.subspan(at_, static_cast<std::size_t>(size));
  at_ += bytes.size();
  return bytes;
}

template <typename T>
T PickleReader::takeNumber() {
  T value;
  std::memcpy(&value, take(sizeof value).data(), sizeof value);
  return value;
}

std::string_view PickleReader::takeLineBytes() {
  const std::string_view rest(reinterpret_cast<const char*>(pickle_.data()) + at_, pickle_.size() - at_);
  const auto end = rest.find('\n');
  if (end == std::string_view::npos) fail("a name has no end");
  at_ += end + 1;
  return rest.substr(0, end);
}

std::string_view PickleReader::takeLine() {
  const auto line = takeLineBytes();
  if (!isUtf8(line)) fail("a name is not UTF-8");
  return line;
}

// --- values and the stack

PickleValue* PickleReader::make(Kind kind) {
  budget_.charge(sizeof(PickleValue));
  auto& value = values_.emplace_back();
  value.kind = kind;
  return &value;
}

PickleValue* PickleReader::makeText(Kind kind, std::uint64_t size) {
  const auto bytes = take(size);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (kind == Kind::Text && !isUtf8(text)) fail("a text is not UTF-8");
  auto* value = make(kind);
  value->text = text;
  return value;
}

void PickleReader::push(PickleValue* value) {
  budget_.charge(sizeof value);
  stack_.push_back(value);
}

PickleValue* PickleReader::top() {
  if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) fail("its stack is empty where a value is wanted");
  return stack_.back();
}

PickleValue* PickleReader::pop() {
  auto* value = top();
  stack_.pop_back();
  return value;
}

std::vector<PickleValue*> PickleReader::popToMark() {
  if (marks_.empty()) fail("a mark is missing on its stack");
  const auto start = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
  std::vector<PickleValue*> items(start, stack_.end());
  budget_.charge(items.size() * sizeof(PickleValue*));
  stack_.erase(start, stack_.end());
  marks_.pop_back();
  return items;
}

// --- groups of opcodes

void PickleReader::whole(std::int64_t number) {
  auto* value = make(Kind::Int);
  value->whole = number;
  push(value);
}

void PickleReader::longInteger(std::uint64_t size) {
  if (size > kLongestNumber) fail(fmt::format("a number is {} bytes long", size));
  auto* value = makeText(Kind::BigInt, size);
  auto text = value->text;
  const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
  // A last byte that only repeats the sign of the one before says nothing.
  while (text.size() > 1 && byte(text.size() - 1) == (byte(text.size() - 2) & 0x80 ? 0xff : 0)) text.remove_suffix(1);
  value->text = text;
  if (text.size() <= 8) {
    std::uint64_t bits = !text.empty() && byte(text.size() - 1) & 0x80 ? ~std::uint64_t{0} : 0;
    std::memcpy(&bits, text.data(), text.size());
    value->kind = Kind::Int;
    value->whole = static_cast<std::int64_t>(bits);
  }
  push(value);
}

bool PickleReader::scalar(Op op) {
  switch (op) {
    case Op::None: push(make(Kind::None)); return true;
    case Op::NewTrue:
    case Op::NewFalse: {
      auto* value = make(Kind::Bool);
      value->whole = op == Op::NewTrue;
      push(value);
      return true;
    }
    case Op::BinInt: whole(takeNumber<std::int32_t>()); return true;
    case Op::BinInt1: whole(takeNumber<std::uint8_t>()); return true;
    case Op::BinInt2: whole(takeNumber<std::uint16_t>()); return true;
    case Op::Long1: longInteger(takeNumber<std::uint8_t>()); return true;
    case Op::Long4: {
      const auto size = takeNumber<std::int32_t>();
      if (size < 0) fail("a number has a negative length");
      longInteger(static_cast<std::uint64_t>(size));
      return true;
    }
    case Op::BinFloat: {
      auto* value = make(Kind::Float);
      value->real = std::bit_cast<double>(__builtin_bswap64(takeNumber<std::uint64_t>()));  // big-endian in the file
      push(value);
      return true;
    }
    default: return false;
  }
}

bool PickleReader::textual(Op op) {
  switch (op) {
    case Op::BinString:
    case Op::BinUnicode: push(makeText(Kind::Text, takeNumber<std::uint32_t>())); return true;
    case Op::ShortBinString:
    case Op::ShortBinUnicode: push(makeText(Kind::Text, takeNumber<std::uint8_t>())); return true;
    case Op::BinUnicode8: push(makeText(Kind::Text, takeNumber<std::uint64_t>())); return true;
    case Op::BinBytes: push(makeText(Kind::Raw, takeNumber<std::uint32_t>())); return true;
    case Op::ShortBinBytes: push(makeText(Kind::Raw, takeNumber<std::uint8_t>())); return true;
    case Op::BinBytes8:
    case Op::ByteArray8: push(makeText(Kind::Raw, takeNumber<std::uint64_t>())); return true;
    default: return false;
  }
}

void PickleReader::container(Kind kind, std::vector<PickleValue*> items) {
  auto* value = make(kind);
  value->items = std::move(items);
  push(value);
}

void PickleReader::tuple(std::size_t count) {
  std::vector<PickleValue*> items(count);
  for (auto i = count; i-- > 0;) items[i] = pop();
  budget_.charge(count * sizeof(PickleValue*));
  container(Kind::Tuple, std::move(items));
}

bool PickleReader::sequence(Op op) {
  switch (op) {
    case Op::EmptyList: container(Kind::List, {}); return true;
    case Op::List: container(Kind::List, popToMark()); return true;
    case Op::EmptyTuple: container(Kind::Tuple, {}); return true;
    case Op::Tuple: container(Kind::Tuple, popToMark()); return true;
    case Op::Tuple1: tuple(1); return true;
    case Op::Tuple2: tuple(2); return true;
    case Op::Tuple3: tuple(3); return true;
    case Op::EmptySet: container(Kind::Set, {}); return true;
    case Op::FrozenSet: container(Kind::Set, popToMark()); return true;
    case Op::Append: {
      auto* item = pop();
      appendTo(top(), {item});
      return true;
    }
    case Op::Appends:
    case Op::AddItems: {
      auto items = popToMark();
      appendTo(top(), std::move(items));
      return true;
    }
    default: return false;
  }
}

void PickleReader::appendTo(PickleValue* target, std::vector<PickleValue*> items) {
  if (target->kind != Kind::List && target->kind != Kind::Set && target->kind != Kind::Call)
    fail("it appends to something that is no list");
  budget_.charge(2 * items.size() * sizeof(PickleValue*));  // a vector may hold twice what is in it
  target->items.insert(target->items.end(), items.begin(), items.end());
}

bool PickleReader::mapping(Op op) {
  switch (op) {
    case Op::EmptyDict: container(Kind::Dict, {}); return true;
    case Op::Dict: {
      auto items = popToMark();
      container(Kind::Dict, {});
      setItems(top(), std::move(items));
      return true;
    }
    case Op::SetItem: {
      auto* value = pop();
      auto* key = pop();
      setItems(top(), {key, value});
      return true;
    }
    case Op::SetItems: {
      auto items = popToMark();
      setItems(top(), std::move(items));
      return true;
    }
    default: return false;
  }
}

void PickleReader::setItems(PickleValue* target, std::vector<PickleValue*> items) {
  if (items.size() % 2 != 0) fail("a key has no value");
  if (target->kind != Kind::Dict && target->kind != Kind::Call) fail("it sets a key of something that is no dict");
  budget_.charge(2 * items.size() * sizeof(PickleValue*));
  target->items.insert(target->items.end(), items.begin(), items.end());
}

bool PickleReader::object(Op op) {
  switch (op) {
    case Op::Global: global(); return true;
    case Op::StackGlobal: stackGlobal(); return true;
    case Op::Reduce:
    case Op::NewObj: {
      auto* arguments = pop();
      call(pop(), arguments);
      return true;
    }
    case Op::NewObjEx: {
      auto* named = pop();
      auto* arguments = pop();
      call(pop(), arguments);
      if (!named->items.empty()) build(top(), named);
      return true;
    }
    case Op::Build: {
      auto* state = pop();
      build(top(), state);
      return true;
    }
    case Op::BinPersId: {
      auto* id = pop();
      budget_.charge(sizeof(PickleValue*));
      container(Kind::Persistent, {id});
      return true;
    }
    default: return false;
  }
}

void PickleReader::global() {
  auto* value = make(Kind::Global);
  value->text = takeLine();
  value->name = takeLine();
  push(value);
}

void PickleReader::stackGlobal() {
  const auto* name = pop();
  const auto* module = pop();
  if (name->kind != Kind::Text || module->kind != Kind::Text) fail("a class is not named by text");
  auto* value = make(Kind::Global);
  value->text = module->text;
  value->name = name->text;
  push(value);
}

void PickleReader::call(PickleValue* callable, PickleValue* arguments) {
  if (callKnown(*callable, *arguments)) return;
  budget_.charge(2 * sizeof(PickleValue*));
  container(Kind::Call, {callable, arguments});
}

/// The dicts of the standard library, which later opcodes fill: OrderedDict() and defaultdict(factory).
bool PickleReader::callKnown(const PickleValue& callable, const PickleValue& arguments) {
  if (callable.kind != Kind::Global || callable.text != "collections" || arguments.kind != Kind::Tuple) return false;
  const bool ordered = callable.name == "OrderedDict" && arguments.items.empty();
  if (!ordered && !(callable.name == "defaultdict" && arguments.items.size() <= 1)) return false;
  container(Kind::Dict, {});
  top()->ordered = ordered;
  return true;
}

void PickleReader::build(PickleValue* target, PickleValue* state) {
  if (target->kind == Kind::Call) {
    target->state = state;
  } else if (target->kind == Kind::Dict && state->kind == Kind::Dict) {
    for (std::size_t i = 0; i + 1 < state->items.size(); i += 2)
      if (state->items[i]->kind == Kind::Text && state->items[i]->text == "_metadata") target->stateDict = target->ordered;
  } else {
    fail("it gives a state to something that takes none");
  }
}

bool PickleReader::memory(Op op) {
  switch (op) {
    case Op::Mark:
      budget_.charge(sizeof(std::size_t));
      marks_.push_back(stack_.size());
      return true;
    case Op::Pop:
      // Python's own reader lets POP take a mark too.
      if (!marks_.empty() && marks_.back() == stack_.size())
        marks_.pop_back();
      else
        pop();
      return true;
    case Op::PopMark: popToMark(); return true;
    case Op::Dup: push(top()); return true;
    case Op::BinGet: get(takeNumber<std::uint8_t>()); return true;
    case Op::LongBinGet: get(takeNumber<std::uint32_t>()); return true;
    case Op::BinPut: put(takeNumber<std::uint8_t>()); return true;
    case Op::LongBinPut: put(takeNumber<std::uint32_t>()); return true;
    case Op::Memoize: put(memo_.size()); return true;
    case Op::Frame: take(8); return true;  // a hint on how to read ahead
    case Op::Proto: {
      const auto protocol = takeNumber<std::uint8_t>();
      if (protocol > kNewestProtocol) fail(fmt::format("its protocol {} is newer than {}", protocol, kNewestProtocol));
      return true;
    }
    default: return false;
  }
}

void PickleReader::put(std::uint64_t index) {
  auto* value = top();
  const auto [entry, isNew] = memo_.insert_or_assign(index, value);
  if (isNew) budget_.charge(kMemoCost);
}

void PickleReader::get(std::uint64_t index) {
  const auto known = memo_.find(index);
  if (known == memo_.end()) fail(fmt::format("it recalls value {}, which it never kept", index));
  push(known->second);
}

}  // namespace cairn::storage
