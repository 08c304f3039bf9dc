#include "ui/dialogs/drawing_canvas.h"

#include <QMouseEvent>
#include <QPainter>
#include <algorithm>

#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr int kSide = 224;
constexpr int kPen = 18;
constexpr double kDigitShare = 20.0 / 28.0;

/// The smallest rectangle that holds every lit pixel.
QRect inkOf(const QImage& image) {
  QRect ink;
  for (int y = 0; y < image.height(); ++y) {
    const auto* line = image.constScanLine(y);
    for (int x = 0; x < image.width(); ++x)
      if (line[x] > 0) ink |= QRect(x, y, 1, 1);
  }
  return ink;
}

QPointF massCentre(const QImage& image) {
  double sum = 0, sumX = 0, sumY = 0;
  for (int y = 0; y < image.height(); ++y) {
    const auto* line = image.constScanLine(y);
    for (int x = 0; x < image.width(); ++x) {
      sum += line[x];
      sumX += line[x] * (x + 0.5);
      sumY += line[x] * (y + 0.5);
    }
  }
  return sum > 0 ? QPointF(sumX / sum, sumY / sum) : QPointF(image.width() / 2.0, image.height() / 2.0);
}

}  // namespace

DrawingCanvas::DrawingCanvas(QWidget* parent) : QWidget(parent), image_(kSide, kSide, QImage::Format_Grayscale8) {
  setFixedSize(kSide, kSide);
  setCursor(Qt::CrossCursor);
  setAccessibleName(QStringLiteral("Draw a digit with the mouse"));
  image_.fill(0);
}

void DrawingCanvas::clear() {
  image_.fill(0);
  empty_ = true;
  update();
}

std::vector<std::uint8_t> DrawingCanvas::pixels(int width, int height) const {
  QImage placed(width, height, QImage::Format_Grayscale8);
  placed.fill(0);
  const auto ink = inkOf(image_);
  if (!ink.isEmpty()) {
    const QSize box(static_cast<int>(width * kDigitShare), static_cast<int>(height * kDigitShare));
    const auto digit = image_.copy(ink)
                           .scaled(box, Qt::KeepAspectRatio, Qt::SmoothTransformation)
                           .convertToFormat(QImage::Format_Grayscale8);
    const auto centre = massCentre(digit);
    QPainter painter(&placed);
    painter.drawImage(QPoint(qRound(width / 2.0 - centre.x()), qRound(height / 2.0 - centre.y())), digit);
  }
  std::vector<std::uint8_t> pixels;
  pixels.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  for (int y = 0; y < height; ++y) pixels.insert(pixels.end(), placed.constScanLine(y), placed.constScanLine(y) + width);
  return pixels;
}

void DrawingCanvas::mousePressEvent(QMouseEvent* event) {
  last_ = event->position();
  strokeTo(last_);
}

void DrawingCanvas::mouseMoveEvent(QMouseEvent* event) {
  if (event->buttons() & Qt::LeftButton) strokeTo(event->position());
}

void DrawingCanvas::strokeTo(const QPointF& point) {
  QPainter painter(&image_);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(Qt::white, kPen, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  // A line of no length draws nothing; a click should leave a dot.
  painter.drawLine(last_, last_ == point ? point + QPointF(0.1, 0) : point);
  last_ = point;
  empty_ = false;
  update();
  Q_EMIT drawn();
}

void DrawingCanvas::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.drawImage(0, 0, image_);
  painter.setPen(Theme::instance().colors().border);
  painter.drawRect(rect().adjusted(0, 0, -1, -1));
  if (!empty_) return;
  painter.setPen(QColor(0x9a, 0xa0, 0xad));
  painter.drawText(rect(), Qt::AlignCenter, QStringLiteral("Draw here"));
}

}  // namespace cairn::ui
