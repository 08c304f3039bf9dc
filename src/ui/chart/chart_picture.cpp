#include "ui/chart/chart_picture.h"

#include <QBuffer>
#include <QImage>
#include <QPageSize>
#include <QPdfWriter>
#include <QSvgGenerator>

#include "ui/chart/qcustomplot_face.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr int kPngScale = 2;
constexpr int kScreenDpi = 96;
constexpr double kPointsPerPixel = 72.0 / kScreenDpi;
constexpr int kMargin = 12, kLine = 18, kGap = 6, kBetween = 18;
constexpr auto kMaskLayer = "picture-mask";

/// Covers what curves draw beyond the axes, which an SVG does not cut off; on a
/// layer above the curves and below the labels.
class MarginMask : public QCPLayerable {
 public:
  explicit MarginMask(QCustomPlot& plot) : QCPLayerable(&plot, QString::fromLatin1(kMaskLayer)) {}

 protected:
  void applyDefaultAntialiasingHint(QCPPainter* painter) const override { painter->setAntialiasing(false); }
  void draw(QCPPainter* painter) override {
    const auto all = parentPlot()->viewport();
    const auto axes = parentPlot()->axisRect()->rect();
    const QBrush brush(Theme::instance().colors().panel);
    painter->fillRect(QRect(all.left(), all.top(), all.width(), axes.top() - all.top()), brush);
    painter->fillRect(QRect(all.left(), axes.bottom() + 1, all.width(), all.bottom() - axes.bottom()), brush);
    painter->fillRect(QRect(all.left(), all.top(), axes.left() - all.left(), all.height()), brush);
    painter->fillRect(QRect(axes.right() + 1, all.top(), all.right() - axes.right(), all.height()), brush);
  }
};

/// On the plot while it lives.
class Mask {
 public:
  explicit Mask(QCustomPlot& plot) : plot_(plot) {
    plot.addLayer(QString::fromLatin1(kMaskLayer), plot.layer(QStringLiteral("main")), QCustomPlot::limAbove);
    mask_ = new MarginMask(plot);
  }
  ~Mask() {
    delete mask_;
    plot_.removeLayer(plot_.layer(QString::fromLatin1(kMaskLayer)));
  }
  Mask(const Mask&) = delete;
  Mask& operator=(const Mask&) = delete;

 private:
  QCustomPlot& plot_;
  MarginMask* mask_;
};

/// The title and the curves' names, in as many rows as they need; only measured
/// without a painter.
int layLegend(QPainter* painter, const QFontMetrics& metrics, const ChartScene& scene, const QString& title,
              int width) {
  const auto& colors = Theme::instance().colors();
  const int row = metrics.height() + kGap;
  int x = kMargin, y = kMargin;
  const auto words = [&](const QString& text, const QColor& color) {
    if (painter) {
      painter->setPen(color);
      painter->drawText(x, y + metrics.ascent(), text);
    }
    x += metrics.horizontalAdvance(text) + kBetween;
  };
  words(title, colors.mutedText);
  for (const auto& curve : scene.curves) {
    if (curve.inherited || curve.curve->size() == 0) continue;
    const int wanted = kLine + kGap + metrics.horizontalAdvance(curve.name);
    if (x + wanted > width - kMargin && x > kMargin) {
      x = kMargin;
      y += row;
    }
    if (painter) {
      painter->setPen(QPen(curve.color, 2, curve.dashed ? Qt::DashLine : Qt::SolidLine, Qt::FlatCap));
      painter->drawLine(x, y + metrics.height() / 2, x + kLine, y + metrics.height() / 2);
    }
    x += kLine + kGap;
    words(curve.name, colors.text);
  }
  return y + row;
}

void paint(QPaintDevice& device, QCustomPlot& plot, const ChartScene& scene, const QString& title, QSize size,
           int legend, double scale) {
  QCPPainter painter(&device);
  painter.setModes(QCPPainter::pmVectorized | QCPPainter::pmNoCaching);
  painter.scale(scale, scale);
  painter.setFont(plot.font());
  painter.fillRect(QRect(QPoint(0, 0), QSize(size.width(), size.height() + legend)), Theme::instance().colors().panel);
  layLegend(&painter, QFontMetrics(plot.font()), scene, title, size.width());
  painter.translate(0, legend);
  const Mask mask(plot);
  plot.toPainter(&painter, size.width(), size.height());
}

}  // namespace

QByteArray chartPicture(QCustomPlot& plot, const ChartScene& scene, const QString& title, PictureFormat format) {
  const auto size = plot.size();
  const int legend = layLegend(nullptr, QFontMetrics(plot.font()), scene, title, size.width());
  const QSize whole(size.width(), size.height() + legend);
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  if (format == PictureFormat::Png) {
    QImage image(whole * kPngScale, QImage::Format_RGB32);
    paint(image, plot, scene, title, size, legend, kPngScale);
    image.save(&buffer, "PNG");
  } else if (format == PictureFormat::Svg) {
    QSvgGenerator svg;
    svg.setOutputDevice(&buffer);
    svg.setSize(whole);
    svg.setViewBox(QRect(QPoint(0, 0), whole));
    svg.setResolution(kScreenDpi);
    svg.setTitle(title);
    paint(svg, plot, scene, title, size, legend, 1);
  } else {
    QPdfWriter pdf(&buffer);
    pdf.setCreator(QStringLiteral("Cairn"));
    pdf.setTitle(title);
    pdf.setResolution(kScreenDpi);
    pdf.setPageSize(QPageSize(QSizeF(whole) * kPointsPerPixel, QPageSize::Point));
    pdf.setPageMargins(QMarginsF());
    paint(pdf, plot, scene, title, size, legend, 1);
  }
  return bytes;
}

}  // namespace cairn::ui
