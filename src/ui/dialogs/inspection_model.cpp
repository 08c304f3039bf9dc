#include "ui/dialogs/inspection_model.h"

#include <QSize>

#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr int kRowHeight = 22;  // pixels: rows that can be told apart, and still many of them

QString shapeText(const storage::InspectedTensor& tensor) {
  if (tensor.shape.empty()) return QStringLiteral("0-dim");
  QStringList extents;
  for (const auto extent : tensor.shape) extents << QString::number(extent);
  return extents.join(QStringLiteral(" × "));
}

QString typeText(const storage::InspectedNode& node) {
  auto type = text(node.type);
  if (node.tensor) return type + QLatin1Char(' ') + text(node.tensor->dtype);
  if (node.call) return type + QStringLiteral("(…)");
  const auto inside = node.children.size() + node.hidden;
  return inside > 0 ? QString(type + QStringLiteral(" (%1)").arg(count(static_cast<std::int64_t>(inside)))) : type;
}

QString valueText(const storage::InspectedNode& node) {
  if (!node.tensor) return text(node.value);
  const auto& shared = node.tensor->sharesWith;
  return shared.empty() ? shapeText(*node.tensor)
                        : QString(shapeText(*node.tensor) + QStringLiteral(", shares its bytes with ") + text(shared));
}

}  // namespace

void InspectionModel::setInspection(std::shared_ptr<const storage::Inspection> inspection) {
  beginResetModel();
  inspection_ = std::move(inspection);
  root_ = {};
  root_.node = inspection_ ? &inspection_->root : nullptr;
  if (root_.node) fill(root_);
  endResetModel();
}

void InspectionModel::fill(Item& item) {
  if (item.node->tensor && item.node->tensor->sharesWith.empty()) item.bytes = item.node->tensor->bytes;
  item.children.reserve(item.node->children.size());
  for (const auto& child : item.node->children) {
    auto& made = item.children.emplace_back(std::make_unique<Item>());
    made->node = &child;
    made->parent = &item;
    made->row = static_cast<int>(item.children.size()) - 1;
    fill(*made);
    item.bytes += made->bytes;
  }
}

const InspectionModel::Item& InspectionModel::itemOf(const QModelIndex& index) const {
  return index.isValid() ? *static_cast<const Item*>(index.internalPointer()) : root_;
}

QModelIndex InspectionModel::index(int row, int column, const QModelIndex& parent) const {
  const auto& item = itemOf(parent);
  if (row < 0 || column < 0 || column >= ColumnCount || parent.column() > 0) return {};
  if (static_cast<std::size_t>(row) >= item.children.size()) return {};
  return createIndex(row, column, item.children[static_cast<std::size_t>(row)].get());
}

QModelIndex InspectionModel::parent(const QModelIndex& child) const {
  if (!child.isValid()) return {};
  auto* parent = itemOf(child).parent;
  return parent == &root_ ? QModelIndex() : createIndex(parent->row, 0, parent);
}

int InspectionModel::rowCount(const QModelIndex& parent) const {
  return parent.column() > 0 ? 0 : static_cast<int>(itemOf(parent).children.size());
}

QString InspectionModel::textOf(const Item& item, int column) {
  switch (column) {
    case Name: return text(item.node->name);
    case Type: return typeText(*item.node);
    case Value: return valueText(*item.node);
    case Size: return item.bytes > 0 || item.node->tensor ? bytes(static_cast<std::int64_t>(item.bytes)) : QString();
    default: return {};
  }
}

QVariant InspectionModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const auto& item = itemOf(index);
  const auto warning = text(item.node->warning);
  switch (role) {
    case Qt::DisplayRole:
      return index.column() == Value && !warning.isEmpty()
                 ? QStringList{textOf(item, Value), warning}.join(QStringLiteral("  ")).trimmed()
                 : textOf(item, index.column());
    case Qt::ToolTipRole:
      // What a file says must not be taken for markup.
      return QStringLiteral("<qt>%1</qt>")
          .arg((warning.isEmpty() ? textOf(item, index.column())
                                  : QString(textOf(item, Name) + QLatin1Char(' ') + warning))
                   .toHtmlEscaped());
    case Qt::SizeHintRole: return index.column() == Name ? QVariant(QSize(0, kRowHeight)) : QVariant();
    case Qt::TextAlignmentRole:
      return index.column() == Size ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
    case Qt::ForegroundRole:
      if (!warning.isEmpty()) return Theme::instance().colors().bad;
      return index.column() == Type ? QVariant(Theme::instance().colors().mutedText) : QVariant();
    case SortRole:
      return index.column() == Size ? QVariant::fromValue(static_cast<qulonglong>(item.bytes))
                                    : textOf(item, index.column());
    case WarningRole: return warning;
    default: return {};
  }
}

QVariant InspectionModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole && section == Size) return QVariant(Qt::AlignRight | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case Name: return tr("Name");
    case Type: return tr("Type");
    case Value: return tr("Shape or value");
    case Size: return tr("Size");
    default: return {};
  }
}

InspectionFilter::InspectionFilter(QObject* parent) : QSortFilterProxyModel(parent) {
  setRecursiveFilteringEnabled(true);
  setAutoAcceptChildRows(true);
  setSortRole(InspectionModel::SortRole);
  setSortCaseSensitivity(Qt::CaseInsensitive);
}

void InspectionFilter::setFilter(const QString& text) {
  text_ = text.trimmed();
  invalidateFilter();
}

bool InspectionFilter::filterAcceptsRow(int row, const QModelIndex& parent) const {
  if (text_.isEmpty()) return true;
  for (const int column : {InspectionModel::Name, InspectionModel::Type}) {
    const auto shown = sourceModel()->index(row, column, parent).data().toString();
    if (shown.contains(text_, Qt::CaseInsensitive)) return true;
  }
  return false;
}

}  // namespace cairn::ui
