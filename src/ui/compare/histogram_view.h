// Histograms of the same values in several checkpoints, laid over each other. GUI thread.
#pragma once

#include <QColor>
#include <QWidget>
#include <cstdint>
#include <vector>

namespace cairn::ui {

struct Histogram {
  QString letter;
  QColor color;
  std::vector<std::int64_t> counts;  ///< values a bin
};

class HistogramView : public QWidget {
  Q_OBJECT

 public:
  explicit HistogramView(QWidget* parent = nullptr);
  void set(double low, double high, std::vector<Histogram> histograms);  ///< as many bins each
  QSize sizeHint() const override { return {420, 260}; }
  QSize minimumSizeHint() const override { return {160, 90}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool event(QEvent* event) override;  ///< tool tips

 private:
  QRect area() const;
  std::size_t bins() const { return histograms_.empty() ? 0 : histograms_.front().counts.size(); }
  void paintBars(QPainter& painter, const Histogram& histogram, double scale) const;

  double low_ = 0, high_ = 0;
  std::vector<Histogram> histograms_;
};

}  // namespace cairn::ui
