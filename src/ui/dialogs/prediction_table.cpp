#include "ui/dialogs/prediction_table.h"

#include <algorithm>

#include "core/csv_field.h"
#include "core/text.h"

namespace cairn::ui {

void PredictionTable::set(std::vector<std::string> targets, std::vector<std::string> classes,
                          std::vector<engine::Predictor::Prediction> predictions) {
  beginResetModel();
  targets_ = targets.empty() ? std::vector<std::string>{"prediction"} : std::move(targets);
  classes_ = std::move(classes);
  predictions_ = std::move(predictions);
  endResetModel();
}

QByteArray PredictionTable::toCsv() const {
  const auto columns = static_cast<std::size_t>(columnCount());
  std::string out;
  for (std::size_t column = 0; column < columns; ++column)
    out += (column ? "," : "") + core::csvField(columnName(column));
  out += '\n';
  for (std::size_t row = 0; row < predictions_.size(); ++row) {
    for (std::size_t column = 0; column < columns; ++column)
      out += (column ? "," : "") + core::csvField(cell(row, column));
    out += '\n';
  }
  return QByteArray::fromStdString(out);
}

int PredictionTable::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(predictions_.size());
}

int PredictionTable::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(targets_.size() + classes_.size());
}

QVariant PredictionTable::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const auto row = static_cast<std::size_t>(index.row());
  const auto column = static_cast<std::size_t>(index.column());
  if (role == Qt::TextAlignmentRole && column >= targets_.size()) return QVariant(Qt::AlignRight | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  if (column < targets_.size()) return QString::fromStdString(cell(row, column));
  const auto& probabilities = predictions_[row].probabilities;
  const auto at = column - targets_.size();
  return at < probabilities.size() ? QString::number(probabilities[at], 'f', 4) : QString();
}

QVariant PredictionTable::headerData(int section, Qt::Orientation orientation, int role) const {
  if (role != Qt::DisplayRole) return {};
  if (orientation == Qt::Vertical) return section + 1;
  return QString::fromStdString(columnName(static_cast<std::size_t>(section)));
}

std::string PredictionTable::cell(std::size_t row, std::size_t column) const {
  const auto& prediction = predictions_[row];
  if (column < targets_.size()) return column < prediction.outputs.size() ? prediction.outputs[column] : std::string();
  const auto at = column - targets_.size();
  return at < prediction.probabilities.size() ? core::roundTrip(prediction.probabilities[at]) : std::string();
}

std::string PredictionTable::columnName(std::size_t column) const {
  return column < targets_.size() ? targets_[column] : "p(" + classes_[column - targets_.size()] + ")";
}

}  // namespace cairn::ui
