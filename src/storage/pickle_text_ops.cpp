// The text opcodes of pickle's protocol 0: each is followed by a line.
#include <fmt/format.h>

#include <charconv>

#include "storage/pickle_reader.h"
#include "storage/utf8.h"

namespace cairn::storage {

using pickle::Op;

namespace {

template <typename T>
bool parseWhole(std::string_view text, T& value, int base = 10) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return error == std::errc{} && end == text.data() + text.size();
}

void appendUtf8(std::string& out, std::uint32_t point) {
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xC0 | point >> 6);
    out += static_cast<char>(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    out += static_cast<char>(0xE0 | point >> 12);
    out += static_cast<char>(0x80 | (point >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (point & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | point >> 18);
    out += static_cast<char>(0x80 | (point >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (point >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (point & 0x3F));
  }
}

/// The value of `digits` hex digits at `at`; nothing if they are not there.
std::uint32_t hexAt(std::string_view text, std::size_t at, std::size_t digits, bool& sound) {
  std::uint32_t value = 0;
  sound = sound && digits <= text.size() - at && parseWhole(text.substr(at, digits), value, 16);
  return value;
}

/// Python's escapes within quotes: \xHH, \n, \', ...; others stand for themselves.
std::string unescaped(std::string_view text, bool& sound) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\' || at + 1 == text.size()) {
      result += text[at];
      continue;
    }
    const char escape = text[++at];
    if (escape == 'x') {
      result += static_cast<char>(hexAt(text, at + 1, 2, sound));
      at += 2;
    } else {
      constexpr std::string_view kFrom = "ntr0ab", kTo("\n\t\r\0\a\b", 6);
      const auto known = kFrom.find(escape);
      result += known == std::string_view::npos ? escape : kTo[known];
    }
    if (!sound) break;
  }
  return result;
}

/// "raw-unicode-escape": Latin-1 with \uXXXX and \UXXXXXXXX.
std::string rawUnicode(std::string_view text, bool& sound) {
  std::string result;
  for (std::size_t at = 0; at < text.size() && sound; ++at) {
    const auto digits = text[at] == '\\' && at + 1 < text.size() ? (text[at + 1] == 'u'   ? 4u
                                                                    : text[at + 1] == 'U' ? 8u
                                                                                          : 0u)
                                                                 : 0u;
    if (digits == 0) {
      appendUtf8(result, static_cast<std::uint8_t>(text[at]));
      continue;
    }
    const auto point = hexAt(text, at + 2, digits, sound);
    sound = sound && point <= 0x10FFFF;
    if (sound) appendUtf8(result, point);
    at += 1 + digits;
  }
  return result;
}

}  // namespace

std::string_view PickleReader::keep(std::string decoded) {
  budget_.charge(sizeof(std::string) + decoded.capacity());
  return decoded_.emplace_back(std::move(decoded));
}

bool PickleReader::textScalar(Op op) {
  switch (op) {
    case Op::TextInt:
    case Op::TextLong: textInteger(); return true;
    case Op::TextFloat: textFloat(); return true;
    case Op::TextString: textString(); return true;
    case Op::TextUnicode: textUnicode(); return true;
    default: return false;
  }
}

bool PickleReader::textObject(Op op) {
  switch (op) {
    case Op::TextGet: get(static_cast<std::uint64_t>(lineNumber())); return true;
    case Op::TextPut: put(static_cast<std::uint64_t>(lineNumber())); return true;
    case Op::TextPersId: {
      auto* id = make(Kind::Text);
      id->text = takeLine();
      budget_.charge(sizeof(PickleValue*));
      container(Kind::Persistent, {id});
      return true;
    }
    case Op::Inst: instance(); return true;
    case Op::Obj: {
      auto items = popToMark();
      if (items.empty()) fail("a class is missing where one is made use of");
      auto* callable = items.front();
      items.erase(items.begin());
      container(Kind::Tuple, std::move(items));
      call(callable, pop());
      return true;
    }
    default: return false;
  }
}

/// INST: module and name as lines, the arguments down to the mark.
void PickleReader::instance() {
  container(Kind::Tuple, popToMark());
  auto* arguments = pop();
  global();
  call(pop(), arguments);
}

std::int64_t PickleReader::lineNumber() {
  std::int64_t value = 0;
  if (!parseWhole(takeLine(), value) || value < 0) fail("a memo's number is no number");
  return value;
}

/// INT and LONG: decimal, "00" and "01" for a bool, an L at the end of a LONG. Longer than 64 bits stays text.
void PickleReader::textInteger() {
  auto line = takeLine();
  if (line == "00" || line == "01") {
    auto* value = make(Kind::Bool);
    value->whole = line == "01";
    return push(value);
  }
  if (line.ends_with('L')) line.remove_suffix(1);
  std::int64_t number = 0;
  if (parseWhole(line, number)) return whole(number);
  const auto digits = line.substr(line.starts_with('-') ? 1 : 0);
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) fail("a number is none");
  auto* value = make(Kind::Text);
  value->text = line;
  push(value);
}

void PickleReader::textFloat() {
  const auto line = takeLine();
  auto* value = make(Kind::Float);
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value->real);
  if (error == std::errc::invalid_argument || end != line.data() + line.size()) fail("a number is none");
  push(value);
}

void PickleReader::textString() {
  const auto line = takeLineBytes();
  if (line.size() < 2 || line.front() != line.back() || (line.front() != '\'' && line.front() != '"'))
    fail("a text is not in quotes");
  bool sound = true;
  auto decoded = unescaped(line.substr(1, line.size() - 2), sound);
  if (!sound) fail("a text has a broken escape");
  auto* value = make(isUtf8(decoded) ? Kind::Text : Kind::Raw);
  value->text = keep(std::move(decoded));
  push(value);
}

void PickleReader::textUnicode() {
  bool sound = true;
  auto decoded = rawUnicode(takeLineBytes(), sound);
  if (!sound || !isUtf8(decoded)) fail("a text has a broken escape");
  auto* value = make(Kind::Text);
  value->text = keep(std::move(decoded));
  push(value);
}

}  // namespace cairn::storage
