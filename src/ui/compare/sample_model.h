// The samples on which checkpoints differ most, a row each: the sample, the truth, and what each predicts. GUI thread.
#pragma once

#include <QAbstractTableModel>
#include <memory>
#include <vector>

#include "core/predictions.h"
#include "ui/compare/compared.h"

namespace cairn::ui {

class SampleModel final : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { Number, Sample, Truth, FirstAnswer };  ///< then one a checkpoint, and the difference last
  enum Role {
    RightRole = Qt::UserRole,  ///< of an answer: whether it is; invalid where nothing is right or wrong
    SureRole,                  ///< of an answer: the probability of what it says, 0 to 1; invalid without
  };

  using QAbstractTableModel::QAbstractTableModel;

  void set(std::shared_ptr<const core::PredictionComparison> comparison, QStringList letters);
  bool isText() const;
  bool isImages() const;      ///< each sample is a picture
  int differenceColumn() const { return columnCount() - 1; }
  QByteArray toCsv() const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  const core::SampleAnswer* answer(const QModelIndex& index) const;
  QString shown(const core::DifferingSample& sample, const QModelIndex& index) const;
  QString toolTip(const core::DifferingSample& sample, const QModelIndex& index) const;
  QString sampleText(const core::DifferingSample& sample) const;
  QVariant picture(const core::DifferingSample& sample) const;

  int edge_ = 0;        ///< of the picture that a table's row is; 0: none
  double brightest_ = 1;  ///< of its pixels

  std::shared_ptr<const core::PredictionComparison> comparison_;
  QStringList letters_;
};

}  // namespace cairn::ui
