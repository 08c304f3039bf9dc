// The filter's language, read from what a person typed: words, and comparisons of settings and metrics. Pure functions.
#pragma once

#include <QString>
#include <optional>
#include <vector>

#include "ui/filter/filter_keys.h"

namespace cairn::ui {

enum class Relation { Less, LessOrEqual, Equal, NotEqual, GreaterOrEqual, Greater };

struct FilterTerm {
  QString key;    ///< "": a word, which anything that a person sees of a run or checkpoint may contain
  Relation relation = Relation::Equal;
  QString value;
  std::optional<double> number = {};  ///< the value's, if it is one; "98%" is 0.98
  KeyKind kind = KeyKind::Unknown;    ///< the key's: looked up once, as a term is asked of every checkpoint
};

struct FilterProblem {
  QString text;             ///< what is wrong and what to write instead
  bool unfinished = false;  ///< it may only not be typed to its end yet
};

struct ParsedFilter {
  std::vector<FilterTerm> terms;  ///< all must hold
  std::optional<FilterProblem> problem;
};

/// Terms stand apart by spaces. "a phrase" is one word. KEY, one of < <= = != >= >, and VALUE compare, with spaces
/// between or without; "tag:x" is short for "tag = x". KEY is checked by filter_keys.h. Of a filter with a problem, the
/// terms before it stand.
ParsedFilter parseFilter(const QString& text);

}  // namespace cairn::ui
