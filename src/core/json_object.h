// A JSON object read with care: only known keys, the right types, values in range. Every error is of kind Invalid and
// names the dotted key and the value. For one thread; keeps the JSON by reference.
#pragma once

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/run_spec_names.h"

namespace cairn::core {

/// What a number may be.
struct Bounds {
  double min = -std::numeric_limits<double>::infinity(), max = std::numeric_limits<double>::infinity();
  bool aboveMin = false;  ///< min itself is not allowed
  bool belowMax = false;  ///< max itself is not allowed
};
inline constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();

class JsonObject {
 public:
  /// `path` is its dotted key ("" at the top), `what` whose keys these are ("SGD"). Unknown keys throw, with the
  /// nearest known one suggested.
  JsonObject(const nlohmann::json& object, std::string path, std::string what, std::vector<std::string_view> keys);

  bool has(std::string_view key) const;
  /// The value, null too. Requires has().
  const nlohmann::json& value(std::string_view key) const;
  std::string pathOf(std::string_view key) const;
  /// Throws if it is absent.
  void require(std::string_view key, const std::string& advice) const;
  [[noreturn]] void reject(std::string_view key, const std::string& why, const std::string& advice = {}) const;

  // Each leaves `into` as it is when the key is absent.
  void read(std::string_view key, std::string& into) const;
  void read(std::string_view key, bool& into) const;
  void read(std::string_view key, std::int64_t& into, std::int64_t min, std::int64_t max = kNoLimit) const;
  void read(std::string_view key, double& into, const Bounds& bounds) const;
  void read(std::string_view key, std::vector<std::int64_t>& into, std::int64_t min, std::int64_t max) const;
  template <typename E, std::size_t N>
  void read(std::string_view key, E& into, const NameTable<E, N>& names) const {
    if (!has(key)) return;
    const auto found =
        value(key).is_string() ? valueNamed(names, value(key).template get_ref<const std::string&>()) : std::nullopt;
    if (!found) rejectChoice(key, namesOf(names));
    into = *found;
  }

  /// Throws: the key's value is none of `choices`; suggests the nearest.
  [[noreturn]] void rejectChoice(std::string_view key, const std::vector<std::string_view>& choices) const;

 private:
  const nlohmann::json& object_;
  std::string path_;
};

/// The known word that is nearest to `word` as one mistypes it; "" if none is near.
std::string_view nearestWord(std::string_view word, const std::vector<std::string_view>& known);

}  // namespace cairn::core
