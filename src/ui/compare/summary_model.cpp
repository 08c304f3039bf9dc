#include "ui/compare/summary_model.h"

#include <QFont>
#include <algorithm>

#include "ui/compare/csv_text.h"
#include "ui/compare/summary_rows.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {
SummaryModel::Row headingRow(const QString& words) {
  return {.name = words, .values = {}, .exact = {}, .best = {}, .heading = true};
}
}  // namespace

void SummaryModel::set(const ComparedItems& items, bool allSettings) {
  beginResetModel();
  items_ = items;
  rows_ = {headingRow(tr("METRICS"))};
  for (auto& row : metricRows(items)) rows_.push_back(std::move(row));
  rows_.push_back(headingRow(allSettings ? tr("SETTINGS") : tr("SETTINGS THAT DIFFER")));
  equalSettings_ = 0;
  bool any = false;
  for (auto& row : settingRows(items)) {
    if (!row.differs) ++equalSettings_;
    if (!row.differs && !allSettings) continue;
    any = true;
    rows_.push_back(std::move(row));
  }
  if (!any) rows_.back().name = tr("SETTINGS: ALL ARE THE SAME");
  endResetModel();
}

QByteArray SummaryModel::toCsv() const {
  QStringList head{QStringLiteral("name")};
  for (const auto& item : items_) head << item.letter + QStringLiteral(": ") + titleOf(item);
  QByteArray csv = csvLine(head);
  for (const auto& row : rows_) {
    if (!row.heading) csv += csvLine(QStringList{row.name} + row.exact);
  }
  return csv;
}

int SummaryModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int SummaryModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(items_.size()) + 1;
}

QVariant SummaryModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const auto& row = rows_[static_cast<std::size_t>(index.row())];
  const auto& theme = Theme::instance();
  const int at = index.column() - 1;
  if (row.heading || at < 0) {
    if (role == Qt::DisplayRole) return at < 0 ? row.name : QString();
    if (role == Qt::ForegroundRole) return theme.colors().mutedText;
    if (role == Qt::ToolTipRole && at < 0) return row.why.isEmpty() ? row.name : row.name + QLatin1Char('\n') + row.why;
    if (role != Qt::FontRole || !row.heading) return {};
    QFont bold;
    bold.setBold(true);
    return bold;
  }
  const bool best = std::find(row.best.begin(), row.best.end(), static_cast<std::size_t>(at)) != row.best.end();
  switch (role) {
    case Qt::DisplayRole: return row.values.value(at);
    case Qt::ToolTipRole:
      if (best) return tr("%1: the best of those compared").arg(row.exact.value(at));
      return row.why.isEmpty() ? row.exact.value(at) : QString(row.exact.value(at) + QLatin1Char('\n') + row.why);
    case Qt::ForegroundRole: return best ? theme.colors().good : theme.colors().text;
    case Qt::DecorationRole:
      return best ? QVariant(theme.icon(QStringLiteral("star"), theme.colors().star)) : QVariant();
    case Qt::FontRole: {
      QFont font;
      font.setBold(best);
      return font;
    }
    default: return {};
  }
}

QVariant SummaryModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  if (section == 0) return QString();
  return section <= static_cast<int>(items_.size()) ? items_[static_cast<std::size_t>(section - 1)].letter : QString();
}

Qt::ItemFlags SummaryModel::flags(const QModelIndex& index) const {
  const bool heading = index.isValid() && rows_[static_cast<std::size_t>(index.row())].heading;
  return heading ? Qt::ItemIsEnabled : QAbstractTableModel::flags(index);
}

}  // namespace cairn::ui
