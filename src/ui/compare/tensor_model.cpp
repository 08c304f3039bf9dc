#include "ui/compare/tensor_model.h"

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

QString shapeText(const std::vector<std::int64_t>& shape) {
  QStringList sizes;
  for (const auto size : shape) sizes << QString::number(size);
  return sizes.isEmpty() ? TensorModel::tr("scalar") : sizes.join(QStringLiteral("×"));
}

QString indexText(const std::vector<std::int64_t>& index) {
  QStringList places;
  for (const auto place : index) places << QString::number(place);
  return QStringLiteral("[%1]").arg(places.join(QStringLiteral(", ")));
}

QString shortNumber(std::optional<double> value) {
  if (!value) return QStringLiteral("–");
  return std::isfinite(*value) ? QString::number(*value, 'g', 3) : number(*value);
}

void TensorModel::set(std::shared_ptr<const core::WeightsComparison> weights, QStringList letters) {
  beginResetModel();
  weights_ = std::move(weights);
  letters_ = std::move(letters);
  other_ = 1;
  largest_ = 0;
  if (weights_) {
    for (const auto& row : weights_->tensors) {
      for (const auto& distance : row.distances) {
        if (distance.relativeL2 && std::isfinite(*distance.relativeL2))
          largest_ = std::max(largest_, *distance.relativeL2);
      }
    }
  }
  endResetModel();
}

void TensorModel::setOther(std::size_t other) {
  other_ = other;
  if (rowCount() == 0) return;
  Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
  Q_EMIT headerDataChanged(Qt::Horizontal, NormOther, NormOther);
}

const core::TensorRow* TensorModel::row(int at) const {
  return weights_ && at >= 0 && at < rowCount() ? &weights_->tensors[static_cast<std::size_t>(at)] : nullptr;
}

int TensorModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() || !weights_ ? 0 : static_cast<int>(weights_->tensors.size());
}

int TensorModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant TensorModel::sortValue(const core::TensorRow& row, int column) const {
  const auto& distance = row.distances[other_ - 1];
  const auto orNothing = [](std::optional<double> value) {
    return value && !std::isnan(*value) ? QVariant(*value) : QVariant();
  };
  switch (column) {
    case Name: return text(row.name);
    case Shape: return static_cast<double>(row.values);
    case NormA: return orNothing(row.stats.front().norm);
    case NormOther: return orNothing(row.stats[other_].norm);
    case Distance: return orNothing(distance.relativeL2);
    case Cosine: return orNothing(distance.cosine);
    case Largest: return orNothing(distance.maxAbs);
    default: return {};
  }
}

QString TensorModel::shown(const core::TensorRow& row, int column) const {
  const auto& distance = row.distances[other_ - 1];
  switch (column) {
    case Name: return text(row.name);
    case Shape: return shapeText(row.shape);
    case NormA: return shortNumber(row.stats.front().norm);
    case NormOther: return shortNumber(row.stats[other_].norm);
    case Distance: return shortNumber(distance.relativeL2);
    case Cosine: return distance.cosine ? QString::number(*distance.cosine, 'f', 3) : QStringLiteral("–");
    case Largest: return shortNumber(distance.maxAbs);
    default: return {};
  }
}

QString TensorModel::toolTip(const core::TensorRow& row, int column) const {
  const auto& distance = row.distances[other_ - 1];
  const auto exact = [](std::optional<double> value, const QString& why) {
    return value ? text(core::roundTrip(*value)) : why;
  };
  switch (column) {
    case Name: {
      auto words = text(row.name);
      if (!row.learnt) words += tr("\nA buffer: kept up by the model itself, not learnt.");
      for (const auto& other : row.tied) words += tr("\nThe same tensor as %1.").arg(text(other));
      if (distance.identical) words += tr("\nIdentical, bit for bit.");
      return words;
    }
    case Shape: return tr("%1 values, %2").arg(count(row.values), text(row.dtypes.front()));
    case Distance: return exact(distance.relativeL2, tr("None: the norm of A is zero, or a value is no number."));
    case Cosine: return exact(distance.cosine, tr("None: a norm is zero, or a value is no number."));
    case Largest:
      return tr("%1 at %2: %3 → %4")
          .arg(text(core::roundTrip(distance.maxAbs)), indexText(distance.maxIndex), number(distance.atA),
               number(distance.atOther));
    case NormA: return exact(row.stats.front().norm, {});
    case NormOther: return exact(row.stats[other_].norm, {});
    default: return {};
  }
}

QVariant TensorModel::data(const QModelIndex& index, int role) const {
  const auto* tensor = index.isValid() ? row(index.row()) : nullptr;
  if (!tensor) return {};
  switch (role) {
    case Qt::DisplayRole: return shown(*tensor, index.column());
    case Qt::ToolTipRole: return toolTip(*tensor, index.column());
    case SortRole: return sortValue(*tensor, index.column());
    case Qt::TextAlignmentRole:
      return QVariant(index.column() == Name ? Qt::AlignLeft | Qt::AlignVCenter : Qt::AlignRight | Qt::AlignVCenter);
    case Qt::ForegroundRole: {
      const auto& colors = Theme::instance().colors();
      return tensor->learnt ? colors.text : colors.mutedText;
    }
    case PartRole: {
      const auto part = tensor->distances[other_ - 1].relativeL2;
      return index.column() == Distance && part && largest_ > 0 ? QVariant(std::clamp(*part / largest_, 0.0, 1.0))
                                                                : QVariant();
    }
    default: return {};
  }
}

QVariant TensorModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole && section != Name) return QVariant(Qt::AlignRight | Qt::AlignVCenter);
  if (role == Qt::ToolTipRole) {
    switch (section) {
      case Distance: return tr("The length of the change, relative to the norm of A");
      case Cosine: return tr("Of the angle between both: 1 is the same direction");
      case Largest: return tr("The largest change of one value");
      default: return {};
    }
  }
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case Name: return tr("tensor");
    case Shape: return tr("shape");
    case NormA: return tr("norm A");
    case NormOther: return tr("norm %1").arg(letters_.value(static_cast<qsizetype>(other_)));
    case Distance: return tr("relative distance");
    case Cosine: return tr("cosine");
    case Largest: return tr("largest |Δ|");
    default: return {};
  }
}

QVariant TensorSorter::headerData(int section, Qt::Orientation orientation, int role) const {
  const auto words = QSortFilterProxyModel::headerData(section, orientation, role);
  if (role != Qt::DisplayRole || orientation != Qt::Horizontal || section != sortColumn()) return words;
  const auto arrow = sortOrder() == Qt::AscendingOrder ? QStringLiteral("↑") : QStringLiteral("↓");
  return QStringLiteral("%1 %2").arg(words.toString(), arrow);
}

bool TensorSorter::lessThan(const QModelIndex& left, const QModelIndex& right) const {
  const auto a = left.data(TensorModel::SortRole), b = right.data(TensorModel::SortRole);
  if (a.isValid() != b.isValid()) return a.isValid() == (sortOrder() == Qt::AscendingOrder);
  if (a.typeId() == QMetaType::QString) return a.toString() < b.toString();
  if (a.toDouble() != b.toDouble()) return a.toDouble() < b.toDouble();
  return (left.row() < right.row()) == (sortOrder() == Qt::AscendingOrder);
}

}  // namespace cairn::ui
