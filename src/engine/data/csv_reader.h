// Reads a CSV file strictly and in one pass: a header line, then numbers, and class names in a target column.
// One thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/progress.h"

namespace cairn::engine {

/// What is wanted of a CSV file.
struct CsvRequest {
  std::string path;
  std::vector<std::string> targets;   ///< columns to predict; empty: none is read
  bool classes = false;               ///< the (one) target's cells are class names, not numbers
  std::vector<std::string> features;  ///< columns in this order, others are passed over; empty: all but the targets
  int previewRows = 0;                ///< so many rows' cells are also kept as text
};

struct CsvContents {
  std::vector<std::string> features;    ///< columns, in the order of `values`
  std::int64_t rows = 0;
  std::vector<float> values;            ///< rows x features
  std::vector<float> targets;           ///< rows x targets, if they are numbers
  std::vector<std::string> classNames;  ///< in the order of their first appearance
  std::vector<std::int64_t> classes;    ///< an index into classNames a row
  std::vector<std::vector<std::string>> preview;  ///< the first rows' cells: features, then targets
  std::string digest;                   ///< of the file's contents
};

/// RFC 4180: commas, quoted cells (with line breaks and doubled quotes), LF or CRLF; UTF-8, with or without a byte
/// order mark; plain or gzip. Every cell of a wanted column must be there, and a finite number unless it names a
/// class. Throws Error naming the file, the line and the column. Blocks.
CsvContents readCsv(const CsvRequest& request, const core::Progress& progress);

}  // namespace cairn::engine
