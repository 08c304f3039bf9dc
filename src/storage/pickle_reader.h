// Runs a pickle without executing anything: calls and classes become inert values. The values lie in one arena, so that
// shared, deep and self-containing ones cost no recursion. Not thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "storage/memory_budget.h"
#include "storage/pickle_ops.h"

namespace cairn::storage {

struct PickleValue {
  enum class Kind : std::uint8_t {
    None, Bool, Int, Float, Text,
    BigInt,      ///< `text` is its two's complement, little-endian
    Raw,         ///< bytes: `text`
    List, Tuple, Set,
    Dict,        ///< `items`: key, value, key, value, ...
    Global,      ///< `text` is the module, `name` what is in it
    Call,        ///< `items`: what is called, its arguments, and what was appended to the result
    Persistent,  ///< `items`: the id, for a tensor's storage
  };

  Kind kind = Kind::None;
  bool ordered = false;    ///< of a Dict: an OrderedDict
  bool stateDict = false;  ///< of a Dict: it was given `_metadata`
  bool open = false;       ///< for who walks the values: it is being walked, so meeting it again is a cycle
  std::int64_t whole = 0;
  double real = 0;
  std::string_view text;  ///< into the pickle
  std::string_view name;
  std::vector<PickleValue*> items;
  PickleValue* state = nullptr;  ///< what BUILD gave a Call
};

class PickleReader {
 public:
  /// Keeps views into `pickle`.
  PickleReader(std::span<const std::byte> pickle, MemoryBudget& budget);

  /// Runs to STOP. Throws Error naming the file.
  PickleValue* run();
  /// Every class and function that was named so far, also where run() threw.
  std::vector<const PickleValue*> globals() const;

 private:
  using Kind = PickleValue::Kind;

  // Each takes the opcodes of its group and returns false for others.
  bool scalar(pickle::Op op);
  bool textual(pickle::Op op);
  bool sequence(pickle::Op op);
  bool mapping(pickle::Op op);
  bool object(pickle::Op op);
  bool memory(pickle::Op op);
  bool textScalar(pickle::Op op);
  bool textObject(pickle::Op op);

  PickleValue* make(Kind kind);
  PickleValue* makeText(Kind kind, std::uint64_t size);
  void push(PickleValue* value);
  PickleValue* pop();
  PickleValue* top();
  std::vector<PickleValue*> popToMark();
  void whole(std::int64_t value);
  void longInteger(std::uint64_t size);
  void container(Kind kind, std::vector<PickleValue*> items);
  void tuple(std::size_t count);
  void appendTo(PickleValue* target, std::vector<PickleValue*> items);
  void setItems(PickleValue* target, std::vector<PickleValue*> items);
  void call(PickleValue* callable, PickleValue* arguments);
  bool callKnown(const PickleValue& callable, const PickleValue& arguments);
  void build(PickleValue* target, PickleValue* state);
  void global();
  void instance();
  void textInteger();
  void textFloat();
  void textString();
  void textUnicode();
  std::int64_t lineNumber();
  std::string_view keep(std::string decoded);
  void stackGlobal();
  void put(std::uint64_t index);
  void get(std::uint64_t index);

  std::span<const std::byte> take(std::uint64_t size);
  std::string_view takeLineBytes();
  std::string_view takeLine();
  template <typename T>
  T takeNumber();
  [[noreturn]] void fail(const std::string& why) const;

  std::span<const std::byte> pickle_;
  std::size_t at_ = 0;
  MemoryBudget& budget_;
  std::deque<PickleValue> values_;
  std::deque<std::string> decoded_;  ///< texts that do not stand in the pickle as they are
  std::vector<PickleValue*> stack_;
  std::vector<std::size_t> marks_;  ///< heights of the stack: nothing below the last one may be popped
  std::unordered_map<std::uint64_t, PickleValue*> memo_;
};

}  // namespace cairn::storage
