// Predictions of a file, a row each: what is predicted, and the probability of each class. GUI thread.
#pragma once

#include <QAbstractTableModel>
#include <string>
#include <vector>

#include "engine/face/engine.h"

namespace cairn::ui {

class PredictionTable final : public QAbstractTableModel {
  Q_OBJECT

 public:
  using QAbstractTableModel::QAbstractTableModel;

  void set(std::vector<std::string> targets, std::vector<std::string> classes,
           std::vector<engine::Predictor::Prediction> predictions);
  const std::vector<engine::Predictor::Prediction>& predictions() const { return predictions_; }
  QByteArray toCsv() const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  std::string cell(std::size_t row, std::size_t column) const;
  std::string columnName(std::size_t column) const;

  std::vector<std::string> targets_, classes_;
  std::vector<engine::Predictor::Prediction> predictions_;
};

}  // namespace cairn::ui
