#include "ui/svg_icon.h"

#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QSvgRenderer>

namespace cairn::ui {

namespace {

class SvgEngine : public QIconEngine {
 public:
  explicit SvgEngine(QByteArray svg) : svg_(std::move(svg)) {}

  void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
    QSvgRenderer renderer(svg_);
    if (mode == QIcon::Disabled) painter->setOpacity(painter->opacity() * kDisabledOpacity);
    renderer.render(painter, rect);
  }

  QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
    QPixmap pixmap(size);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paint(&painter, QRect({0, 0}, size), mode, state);
    return pixmap;
  }

  QIconEngine* clone() const override { return new SvgEngine(svg_); }

 private:
  static constexpr double kDisabledOpacity = 0.35;
  QByteArray svg_;
};

}  // namespace

QIcon svgIcon(const QString& file, const QColor& color) {
  QFile source(file);
  if (!source.open(QIODevice::ReadOnly)) return {};
  auto svg = source.readAll();
  svg.replace("currentColor", color.name().toLatin1());
  return QIcon(new SvgEngine(std::move(svg)));
}

}  // namespace cairn::ui
