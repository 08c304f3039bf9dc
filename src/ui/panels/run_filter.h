// The run list's filter: words that a name, tag, note or state contains, and comparisons of settings ("lr<0.01").
// Pure functions; any thread.
#pragma once

#include <QString>
#include <QStringList>
#include <vector>

#include "core/records.h"

namespace cairn::ui {

class RunFilter {
 public:
  RunFilter() = default;
  /// Words and comparisons apart by spaces; all must hold. A comparison is KEY, one of < > <= >= = and a value; KEY is
  /// a dotted key of the spec, its last part ("lr"), or "best", "step", "epoch".
  explicit RunFilter(const QString& text);

  bool empty() const { return words_.isEmpty() && comparisons_.empty(); }
  bool matches(const core::RunRecord& run) const;

 private:
  struct Comparison {
    QString key, relation, value;
  };
  QStringList words_;
  std::vector<Comparison> comparisons_;
};

}  // namespace cairn::ui
