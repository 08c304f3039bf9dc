// SQLite as the catalog uses it: a prepared query in use, and SQLite's errors as ours. For one thread, as its catalog.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace cairn::storage {

/// A cached statement while it runs: reset when this goes. Columns count from 0.
class Query {
 public:
  explicit Query(SQLite::Statement& statement) : statement_(statement) {}
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  /// Binds the parameters in order.
  template <typename... Values>
  Query& with(const Values&... values) {
    (bindNext(values), ...);
    return *this;
  }
  bool next() { return statement_.executeStep(); }
  int run() { return statement_.exec(); }  ///< rows changed

  std::string text(int column) const { return statement_.getColumn(column).getString(); }
  std::int64_t integer(int column) const { return statement_.getColumn(column).getInt64(); }
  bool isNull(int column) const { return statement_.isColumnNull(column); }
  std::optional<double> real(int column) const;  ///< 'nan' is NaN
  std::span<const std::byte> blob(int column) const;

 private:
  void bindNext(const std::string& value) { statement_.bind(++bound_, value); }
  void bindNext(std::string_view value) { statement_.bind(++bound_, std::string(value)); }
  void bindNext(const char* value) { statement_.bind(++bound_, value); }
  void bindNext(std::int64_t value) { statement_.bind(++bound_, value); }
  void bindNext(int value) { statement_.bind(++bound_, value); }
  void bindNext(bool value) { statement_.bind(++bound_, value ? 1 : 0); }
  void bindNext(const std::optional<int>& value) { value ? statement_.bind(++bound_, *value) : statement_.bind(++bound_); }
  void bindNext(double value);
  void bindNext(const std::optional<double>& value);
  void bindNext(std::span<const std::byte> blob);

  SQLite::Statement& statement_;
  int bound_ = 0;
};

/// What to do about a catalog that is damaged or gone.
extern const char* const kRebuildAdvice;
/// What SQLite cannot see: a row that makes no sense. With SQLite's code for damage.
Error damagedCatalog(const std::filesystem::path& catalog, const std::string& why);
/// What a person can do about it, with SQLite's extended code kept.
Error translated(const SQLite::Exception& error, const std::filesystem::path& catalog);

// Small lists in one column.
std::string joinText(const std::vector<std::string>& items, char separator);
std::vector<std::string> splitText(std::string_view text, char separator);

}  // namespace cairn::storage
