// One tensor looked at closely: histograms, change by channel, and figures. GUI thread.
#pragma once

#include <QWidget>

#include "core/comparison.h"
#include "ui/compare/compared.h"

class QLabel;

namespace cairn::ui {

class ChannelBars;
class FactTable;
class HistogramView;

class TensorDetailPanel : public QWidget {
  Q_OBJECT

 public:
  explicit TensorDetailPanel(QWidget* parent = nullptr);
  /// `other`: which is compared with A, from 1.
  void show(const core::TensorRow& row, const core::TensorDetail& detail, const ComparedItems& items,
            std::size_t other);
  void showNothing(const QString& why);

 private:
  QLabel* heading_;
  HistogramView* histogram_;
  QLabel* channelHeading_;
  ChannelBars* channels_;
  FactTable* facts_;
};

}  // namespace cairn::ui
