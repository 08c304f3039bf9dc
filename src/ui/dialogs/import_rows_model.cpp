#include "ui/dialogs/import_rows_model.h"

#include <algorithm>

#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

using How = engine::ImportRow::How;

QString shapeText(const std::vector<std::int64_t>& shape) {
  QStringList extents;
  for (const auto extent : shape) extents << QString::number(extent);
  return extents.isEmpty() ? QStringLiteral("0-dim") : extents.join(QStringLiteral(" × "));
}

}  // namespace

void ImportRowsModel::setRows(std::vector<engine::ImportRow> rows) {
  beginResetModel();
  rows_ = std::move(rows);
  endResetModel();
}

int ImportRowsModel::firstProblem() const {
  const auto found = std::find_if(rows_.begin(), rows_.end(), [](const auto& row) { return !row.problem.empty(); });
  return found == rows_.end() ? -1 : static_cast<int>(found - rows_.begin());
}

int ImportRowsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int ImportRowsModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QString ImportRowsModel::textOf(const engine::ImportRow& row, int column) const {
  switch (column) {
    case InFile: return row.how == How::Missing ? QStringLiteral("–") : text(row.fileName);
    case Shape: return shapeText(row.how == How::Missing ? row.modelShape : row.fileShape);
    case Type: return text(row.dtype);
    case InModel: return row.modelName.empty() ? QStringLiteral("–") : text(row.modelName);
    default: break;
  }
  if (!row.problem.empty()) return text(row.problem);
  switch (row.how) {
    case How::Name: return tr("by name");
    case How::Order: return row.fileName == row.modelName ? tr("by name") : tr("by order and shape");
    case How::Tied: return tr("tied to it");
    case How::Missing: return tr("missing");
    case How::Unused: return tr("not used");
  }
  return {};
}

QVariant ImportRowsModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const auto& row = rows_[static_cast<std::size_t>(index.row())];
  switch (role) {
    case Qt::DisplayRole: return textOf(row, index.column());
    case Qt::ToolTipRole:
      // What a file says must not be taken for markup.
      return QStringLiteral("<qt>%1</qt>").arg(textOf(row, index.column()).toHtmlEscaped());
    case Qt::ForegroundRole:
      if (!row.problem.empty()) return Theme::instance().colors().bad;
      return index.column() == Type ? QVariant(Theme::instance().colors().mutedText) : QVariant();
    case Qt::DecorationRole:
      if (index.column() != Match) return {};
      return row.problem.empty() ? Theme::instance().icon(QStringLiteral("check"), Theme::instance().colors().good)
                                 : Theme::instance().icon(QStringLiteral("error"), Theme::instance().colors().bad);
    default: return {};
  }
}

QVariant ImportRowsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  switch (section) {
    case InFile: return tr("In the file");
    case Shape: return tr("Shape");
    case Type: return tr("Type");
    case InModel: return tr("In the model");
    case Match: return tr("Match");
    default: return {};
  }
}

}  // namespace cairn::ui
