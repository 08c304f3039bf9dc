#include "engine/data/csv_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "core/error.h"
#include "engine/data/byte_source.h"

namespace cairn::engine {

namespace {

#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
constexpr std::size_t kFirstBuffer = 64;  // so that small inputs go through the refilling too
#else
constexpr std::size_t kFirstBuffer = std::size_t{1} << 22;
#endif

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

/// What happens to a column's cells.
struct Column {
  enum class Use { PassOver, Feature, Target, Class };
  std::string name;
  Use use = Use::PassOver;
  std::size_t slot = 0;  ///< of the row's features or targets
};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// A whole cell as a number: surrounding blanks and a plus sign are let pass, which from_chars does not.
std::optional<float> parseNumber(std::string_view cell) {
  cell = trimmed(cell);
  if (cell.starts_with('+') && !cell.starts_with("+-")) cell.remove_prefix(1);
  float value = 0;
  const char* end = cell.data() + cell.size();
  const auto [stop, error] = std::from_chars(cell.data(), end, value);
  if (stop != end || cell.empty()) return {};
  if (error != std::errc::result_out_of_range) return value;
  double wide = 0;  // too small for a float counts as 0, too large as infinite
  if (std::from_chars(cell.data(), end, wide).ec == std::errc::result_out_of_range)
    return cell.find("e-") != cell.npos || cell.find("E-") != cell.npos ? 0.0f : std::numeric_limits<float>::infinity();
  return static_cast<float>(wide);
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kShown = 40;
  return text.size() <= kShown ? fmt::format("\"{}\"", text) : fmt::format("\"{}…\"", text.substr(0, kShown));
}

std::string listed(const std::vector<Column>& columns) {
  std::string text;
  for (std::size_t i = 0; i < columns.size() && i < 12; ++i) text += (i ? ", " : "") + columns[i].name;
  return columns.size() > 12 ? text + ", …" : text;
}

class CsvReader {
 public:
  CsvReader(const CsvRequest& request, const core::Progress& progress)
      : request_(request), source_(request.path, progress), buffer_(kFirstBuffer) {}

  CsvContents read() {
    fill();
    skipByteOrderMark();
    readHeader();
    while (nextRow()) {
    }
    if (contents_.rows == 0) throw Error(request_.path, "has a header line but no rows", "give it at least one row");
    contents_.digest = source_.digest();
    return std::move(contents_);
  }

 private:
  // The buffer: [at_, end_) is not yet taken; a row is parsed again from its start when more of it has come.

  /// Moves what is left to the front and reads on. Grows the buffer if the row fills it.
  void fill() {
    const auto left = static_cast<std::size_t>(end_ - at_);
    if (left > buffer_.size() / 2) {
      std::vector<char> larger(buffer_.size() * 2);
      std::memcpy(larger.data(), at_, left);
      buffer_.swap(larger);
    } else if (left > 0) {
      std::memmove(buffer_.data(), at_, left);
    }
    const std::size_t got = source_.read(buffer_.data() + left, buffer_.size() - left);
    at_ = buffer_.data();
    end_ = at_ + left + got;
    atEnd_ = left + got < buffer_.size();
  }

  void skipByteOrderMark() {
    const std::string_view start(at_, static_cast<std::size_t>(end_ - at_));
    if (start.empty()) throw Error(request_.path, "is empty", "a CSV file needs a header line and rows");
    if (start.starts_with("\xff\xfe") || start.starts_with("\xfe\xff"))
      throw Error(request_.path, "is UTF-16 text", "save it as UTF-8");
    if (start.starts_with("\xef\xbb\xbf")) at_ += 3;
  }

  [[noreturn]] void fail(std::int64_t line, std::string why, std::string advice = {}) const {
    throw Error(fmt::format("{}, line {}", request_.path, line), std::move(why), std::move(advice));
  }
  [[noreturn]] void fail(std::int64_t line, const Column& column, std::string why, std::string advice = {}) const {
    throw Error(fmt::format("{}, line {}, column \"{}\"", request_.path, line, column.name), std::move(why),
                std::move(advice));
  }

  // Cells. `p` walks; it stops at the comma or line break after the cell, or at the end of the file.

  bool isRowEnd(const char* p) const { return p == end_ || *p == '\n' || (*p == '\r' && p + 1 < end_ && p[1] == '\n'); }

  /// Takes the cell at `p` into `cell`, which stays valid until the next call. False: more of the file is needed.
  bool takeCell(const char*& p, std::string_view& cell) {
    if (p < end_ && *p == '"') return takeQuoted(p, cell);
    const char* start = p;
    while (p < end_ && *p != ',' && *p != '\n') ++p;
    if (p == end_ && !atEnd_) return false;
    if (p > start && p[-1] == '\r' && (p == end_ || *p == '\n')) {
      if (p == end_) end_ = p - 1;  // a last line ends in CR alone
      --p;
    }
    cell = {start, static_cast<std::size_t>(p - start)};
    return true;
  }

  bool takeQuoted(const char*& p, std::string_view& cell) {
    const std::int64_t startLine = line_ + breaks_;
    unquoted_.clear();
    for (++p;; ++p) {
      const auto* quote = static_cast<const char*>(std::memchr(p, '"', static_cast<std::size_t>(end_ - p)));
      if (!quote) {
        if (!atEnd_) return false;
        fail(startLine, "a quote is opened and never closed", "close it, or double a quote that is part of the text");
      }
      breaks_ += std::count(p, quote, '\n');
      unquoted_.append(p, quote);
      p = quote + 1;
      if (p >= end_ - 1 && !atEnd_) return false;  // a second quote, or CR LF, may follow
      if (p == end_ || *p != '"') break;
      unquoted_ += '"';
    }
    if (p < end_ && *p == '\r' && p + 1 == end_) end_ = p;
    if (p < end_ && *p != ',' && !isRowEnd(p))
      fail(startLine, "text follows a closing quote", "double a quote that is part of the text");
    cell = unquoted_;
    return true;
  }

  // Header.

  void readHeader() {
    std::vector<std::string> names;
    while (!takeHeader(names)) fill();
    takeLineBreak();
    for (auto& name : names) columns_.push_back({std::move(name)});
    checkHeader();
    planColumns();
  }

  bool takeHeader(std::vector<std::string>& names) {
    names.clear();
    const char* p = walkRow([&](std::string_view cell) { names.emplace_back(cell); });
    if (!p) return false;
    at_ = p;
    return true;
  }

  /// Tells each cell of the row at `at_`. Returns the row's end, or null: more of the file is needed.
  const char* walkRow(const auto& tell) {
    breaks_ = 0;
    std::string_view cell;
    for (const char* p = at_;; ++p) {
      if (!takeCell(p, cell)) return nullptr;
      tell(cell);
      if (isRowEnd(p)) return lineBreakKnown(p) ? p : nullptr;
    }
  }

  bool lineBreakKnown(const char* p) const { return p < end_ || atEnd_; }

  void takeLineBreak() {
    if (at_ < end_ && *at_ == '\r') ++at_;
    if (at_ < end_ && *at_ == '\n') ++at_;
    line_ += 1 + breaks_;
    breaks_ = 0;
  }

  void checkHeader() const {
    std::unordered_map<std::string_view, std::size_t> seen;
    bool numbers = true;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const auto& name = columns_[i].name;
      if (name.empty()) fail(1, fmt::format("column {} has no name", i + 1), "name every column in the first line");
      if (const auto [first, added] = seen.emplace(name, i); !added)
        fail(1, columns_[i], fmt::format("columns {} and {} have the same name", first->second + 1, i + 1),
             "give each column a name of its own");
      numbers = numbers && parseNumber(name).has_value();
    }
    if (numbers) fail(1, "holds numbers where the columns' names should stand", "add a header line");
    if (const auto& only = columns_.front().name; columns_.size() == 1 && only.find_first_of(";\t") != only.npos)
      fail(1, "its cells are not separated by commas", "save it with commas");
  }

  Column* find(const std::string& name) {
    const auto found = std::find_if(columns_.begin(), columns_.end(), [&](const Column& c) { return c.name == name; });
    return found == columns_.end() ? nullptr : &*found;
  }

  void planColumns() {
    for (std::size_t i = 0; i < request_.targets.size(); ++i) {
      Column* column = find(request_.targets[i]);
      if (!column)
        throw Error::invalid("data.target",
                             fmt::format("{} is no column of {}", quoted(request_.targets[i]), request_.path),
                             "its columns are " + listed(columns_));
      column->use = request_.classes ? Column::Use::Class : Column::Use::Target;
      column->slot = i;
    }
    planFeatures();
    features_.resize(contents_.features.size());
    targets_.resize(request_.targets.size());
  }

  void planFeatures() {
    auto& names = contents_.features = request_.features;
    if (names.empty())
      for (const auto& column : columns_)
        if (column.use == Column::Use::PassOver) names.push_back(column.name);
    if (names.empty()) throw Error(request_.path, "has no column besides the target", "add columns to learn from");
    for (std::size_t i = 0; i < names.size(); ++i) {
      Column* column = find(names[i]);
      if (!column)
        throw Error(request_.path, fmt::format("has no column {}", quoted(names[i])),
                    "its columns are " + listed(columns_));
      column->use = Column::Use::Feature;
      column->slot = i;
    }
  }

  // Rows.

  bool nextRow() {
    for (;;) {
      if (at_ == end_) {
        if (atEnd_) return false;
        fill();
        continue;
      }
      if (isRowEnd(at_)) {
        skipEmptyLine();
        continue;
      }
      if (takeRow()) break;
      if (!atEnd_) fill();
    }
    keepRow();
    return true;
  }

  /// Empty lines may stand at the end alone.
  void skipEmptyLine() {
    if (emptyLine_ == 0) emptyLine_ = line_;
    breaks_ = 0;
    takeLineBreak();
  }

  bool takeRow() {
    if (emptyLine_ != 0) fail(emptyLine_, "is empty", "remove the line");
    const char* p = at_;
    breaks_ = 0;
    previewCells_.clear();
    const bool preview = contents_.rows < request_.previewRows;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0) {
        if (isRowEnd(p)) failCellCount(i);
        ++p;
      }
      if (!(preview ? takePreviewed(p, columns_[i]) : takeValue(p, columns_[i]))) return false;
    }
    if (!lineBreakKnown(p)) return false;
    if (!isRowEnd(p)) failCellCount(cellsInRow());
    at_ = p;
    return true;
  }

  [[noreturn]] void failCellCount(std::size_t cells) const {
    fail(line_, fmt::format("has {} {}, the header has {}", cells, cells == 1 ? "cell" : "cells", columns_.size()),
         cells < columns_.size() ? "complete the row" : "quote text that holds a comma");
  }

  /// Reads on until the whole row is there, so pointers into the buffer end.
  std::size_t cellsInRow() {
    for (;; fill()) {
      std::size_t cells = 0;
      if (walkRow([&](std::string_view) { ++cells; })) return cells;
    }
  }

  /// A missing or added comma moves the cells behind it into other columns, where they are of the wrong type: the row's
  /// length is the mistake then, not the cell. It is only counted here, so good rows cost nothing.
  [[noreturn]] void failCell(std::int64_t line, const Column& column, std::string why, std::string advice) {
    if (const auto cells = cellsInRow(); cells != columns_.size()) failCellCount(cells);
    fail(line, column, std::move(why), std::move(advice));
  }

  /// The common case is a number right before a comma or line break: it is taken without finding the cell's end first.
  bool takeValue(const char*& p, const Column& column) {
    if (column.use == Column::Use::Feature || column.use == Column::Use::Target) {
      float value = 0;
      if (takeWhole(p, value) || takeReal(p, value)) {
        (column.use == Column::Use::Feature ? features_ : targets_)[column.slot] = value;
        return true;
      }
    }
    const std::int64_t line = line_ + breaks_;
    std::string_view cell;
    if (!takeCell(p, cell)) return false;
    use(cell, column, line);
    return true;
  }

  bool endsCell(const char* p) const { return p < end_ && (*p == ',' || isRowEnd(p)); }

  /// Up to 7 digits, which a float holds exactly: images and counts are made of them, and from_chars costs more.
  bool takeWhole(const char*& p, float& value) const {
    constexpr std::ptrdiff_t kExactDigits = 7;
    std::uint32_t number = 0;
    const char* q = p;
    for (unsigned digit = 0; q < end_ && (digit = static_cast<unsigned char>(*q) - unsigned{'0'}) < 10; ++q)
      number = number * 10 + digit;
    if (q == p || q - p > kExactDigits || !endsCell(q)) return false;
    value = static_cast<float>(number);
    p = q;
    return true;
  }

  bool takeReal(const char*& p, float& value) const {
    const auto [stop, error] = std::from_chars(p, end_, value);
    if (error != std::errc{} || !endsCell(stop) || !std::isfinite(value)) return false;
    p = stop;
    return true;
  }

  bool takePreviewed(const char*& p, const Column& column) {
    const std::int64_t line = line_ + breaks_;
    std::string_view cell;
    if (!takeCell(p, cell)) return false;
    if (column.use == Column::Use::PassOver) return true;
    previewCells_.resize(features_.size() + targets_.size());
    previewCells_[column.use == Column::Use::Feature ? column.slot : features_.size() + column.slot] = cell;
    use(cell, column, line);
    return true;
  }

  void use(std::string_view cell, const Column& column, std::int64_t line) {
    switch (column.use) {
      case Column::Use::PassOver: return;
      case Column::Use::Feature: features_[column.slot] = number(cell, column, line); return;
      case Column::Use::Target: targets_[column.slot] = number(cell, column, line); return;
      case Column::Use::Class:
        if (trimmed(cell).empty()) failMissing(column, line);
        className_ = cell;
        return;
    }
  }

  [[noreturn]] void failMissing(const Column& column, std::int64_t line) {
    failCell(line, column, "the cell is empty", "fill it in, or remove the row");
  }

  float number(std::string_view cell, const Column& column, std::int64_t line) {
    if (trimmed(cell).empty()) failMissing(column, line);
    const auto value = parseNumber(cell);
    if (!value)
      failCell(line, column, quoted(cell) + " is not a number",
               column.use == Column::Use::Target ? "use task \"classification\" for classes, or correct the cell"
                                                 : "only numbers can be learnt from: encode or remove the column");
    if (!std::isfinite(*value))
      failCell(line, column, quoted(cell) + " is not a finite 32-bit number", "fill it in, or remove the row");
    return *value;
  }

  void keepRow() {
    contents_.values.insert(contents_.values.end(), features_.begin(), features_.end());
    if (request_.classes && !request_.targets.empty())
      contents_.classes.push_back(classNumber());
    else
      contents_.targets.insert(contents_.targets.end(), targets_.begin(), targets_.end());
    if (contents_.rows < request_.previewRows) contents_.preview.push_back(previewCells_);
    ++contents_.rows;
    takeLineBreak();
  }

  std::int64_t classNumber() {
    if (const auto known = classNumbers_.find(std::string_view(className_)); known != classNumbers_.end())
      return known->second;
    const auto number = static_cast<std::int64_t>(contents_.classNames.size());
    contents_.classNames.push_back(className_);
    classNumbers_.emplace(className_, number);
    return number;
  }

  const CsvRequest& request_;
  ByteSource source_;
  std::vector<char> buffer_;
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  bool atEnd_ = false;          // the file ends at end_
  std::int64_t line_ = 1;       // where the row begins
  std::int64_t breaks_ = 0;     // line breaks in the row's quoted cells so far
  std::int64_t emptyLine_ = 0;  // the first one since the last row
  std::string unquoted_;
  std::vector<Column> columns_;
  std::vector<float> features_, targets_;  // of the row
  std::string className_;
  std::vector<std::string> previewCells_;
  std::unordered_map<std::string, std::int64_t, TextHash, std::equal_to<>> classNumbers_;
  CsvContents contents_;
};

}  // namespace

CsvContents readCsv(const CsvRequest& request, const core::Progress& progress) {
  return CsvReader(request, progress).read();
}

}  // namespace cairn::engine
