#include "ui/dialogs/trash_model.h"

#include <QDateTime>
#include <algorithm>

#include "ui/text.h"

namespace cairn::ui {

namespace {
constexpr qint64 kDay = 24 * 3600;

QVariant alignmentOf(int column) {
  const bool number = column == TrashModel::StepColumn || column == TrashModel::SizeColumn;
  return QVariant::fromValue(Qt::Alignment(number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
}

QString checkpointsText(std::int64_t number) {
  return number == 1 ? TrashModel::tr("1 checkpoint") : TrashModel::tr("%1 checkpoints").arg(count(number));
}

QString wholeText(const TrashRow& row) { return TrashModel::tr("whole run, %1").arg(checkpointsText(row.checkpoints)); }

bool same(const TrashRow& a, const TrashRow& b) {
  return a.entry.checkpoint == b.entry.checkpoint && a.runId == b.runId && a.entry.deletedAt == b.entry.deletedAt && a.run == b.run;
}
}  // namespace

QString leavesIn(const std::string& deletedAt) {
  const auto deleted = QDateTime::fromString(text(deletedAt), Qt::ISODateWithMs);
  const auto days = (deleted.secsTo(QDateTime::currentDateTimeUtc()) + kDay - 1) / kDay;
  const auto left = storage::kTrashDays - std::max<qint64>(0, days - 1);
  return left <= 1 ? TrashModel::tr("within a day") : TrashModel::tr("in %1 days").arg(left);
}

void TrashModel::setRows(std::vector<TrashRow> rows) {
  if (std::equal(rows.begin(), rows.end(), rows_.begin(), rows_.end(), same)) return;
  beginResetModel();
  rows_ = std::move(rows);
  endResetModel();
}

std::int64_t TrashModel::totalBytes() const {
  std::int64_t sum = 0;
  for (const auto& row : rows_) sum += row.entry.bytes;
  return sum;
}

QString TrashModel::whatItHolds() const {
  const auto runs = std::count_if(rows_.begin(), rows_.end(), [](const TrashRow& row) { return !row.runId.empty(); });
  const auto single = static_cast<std::int64_t>(rows_.size()) - runs;
  const auto runsText = runs == 1 ? tr("1 run") : tr("%1 runs").arg(count(runs));
  if (runs == 0) return checkpointsText(single);
  return single == 0 ? runsText : tr("%1 and %2").arg(runsText, checkpointsText(single));
}

int TrashModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(rows_.size()); }
int TrashModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant TrashModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const auto& row = at(index.row());
  if (role == Qt::TextAlignmentRole) return alignmentOf(index.column());
  if (role == Qt::ToolTipRole && row.runId.empty()) return text(row.entry.path.string());
  if (role != Qt::DisplayRole && role != SortRole) return {};
  const bool sorts = role == SortRole;
  switch (index.column()) {
    case RunColumn: return text(row.run);
    case StepColumn: return sorts ? QVariant(qint64{row.step}) : QVariant(row.runId.empty() ? count(row.step) : wholeText(row));
    case SizeColumn: return sorts ? QVariant(qint64{row.entry.bytes}) : QVariant(bytes(row.entry.bytes));
    case DeletedColumn: return sorts ? text(row.entry.deletedAt) : localTime(row.entry.deletedAt);
    case LeavesColumn: return sorts ? text(row.entry.deletedAt) : leavesIn(row.entry.deletedAt);
    default: return {};
  }
}

QVariant TrashModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole) return alignmentOf(section);
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case RunColumn: return tr("Run");
    case StepColumn: return tr("Step");
    case SizeColumn: return tr("Size");
    case DeletedColumn: return tr("Deleted");
    case LeavesColumn: return tr("Removed for good");
    default: return {};
  }
}

}  // namespace cairn::ui
