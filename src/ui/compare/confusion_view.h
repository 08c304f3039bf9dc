// A confusion matrix as a map of colour: rows are what is true, columns what is predicted. GUI thread.
#pragma once

#include <QColor>
#include <QStringList>
#include <QWidget>
#include <cstdint>
#include <vector>

namespace cairn::ui {

class ConfusionView : public QWidget {
  Q_OBJECT

 public:
  explicit ConfusionView(QWidget* parent = nullptr);
  /// `counts`: classes x classes, row-major.
  void set(const QString& letter, const QColor& color, QStringList classes, std::vector<std::int64_t> counts);
  QSize sizeHint() const override { return {200, 216}; }
  QSize minimumSizeHint() const override { return {110, 126}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool event(QEvent* event) override;  ///< tool tips

 private:
  QRectF area() const;
  double cell() const { return area().width() / static_cast<double>(classes_.size()); }
  std::int64_t at(qsizetype row, qsizetype column) const {
    return counts_[static_cast<std::size_t>(row * classes_.size() + column)];
  }
  void paintNames(QPainter& painter, const QRectF& plot) const;

  QString letter_;
  QColor color_;
  QStringList classes_;
  std::vector<std::int64_t> counts_;
};

}  // namespace cairn::ui
