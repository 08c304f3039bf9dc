#include "ui/compare/whole_picture.h"

#include <QAbstractScrollArea>
#include <QPainter>
#include <QPixmap>
#include <QScrollBar>
#include <QSplitter>
#include <algorithm>
#include <vector>

#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr int kTallest = 32'000;  // device pixels: the painter's coordinates end at 32,767
constexpr int kRounds = 4;        // of making room: a table that gets some may hand a part of it to its neighbours

/// Pixels that the rows of the neediest scroll area within lack.
int lackOf(const QWidget& widget) {
  int lack = 0;
  for (const auto* area : widget.findChildren<QAbstractScrollArea*>()) {
    const auto* bar = area->verticalScrollBar();
    if (area->isVisibleTo(&widget) && bar->maximum() > bar->minimum())
      lack = std::max(lack, bar->maximum() - bar->minimum());
  }
  return lack;
}

/// Gives the widget the height that its rows need, without scroll bars; all is as it was, with what was scrolled to, at
/// the end.
class Stretched {
 public:
  explicit Stretched(QWidget& widget) : widget_(widget), size_(widget.size()) {
    for (auto* area : widget.findChildren<QAbstractScrollArea*>()) {
      areas_.push_back({area, area->verticalScrollBarPolicy(), area->verticalScrollBar()->value()});
      area->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    }
    const int tallest = static_cast<int>(kTallest / widget.devicePixelRatioF());
    for (int round = 0; round < kRounds; ++round) {
      const int lack = lackOf(widget);
      if (lack == 0 || widget.height() >= tallest) break;
      widget.resize(widget.width(), std::min(tallest, widget.height() + lack));
    }
  }
  ~Stretched() {
    widget_.resize(size_);
    for (const auto& one : areas_) {
      one.area->setVerticalScrollBarPolicy(one.policy);
      one.area->verticalScrollBar()->setValue(one.scrolled);
    }
  }
  Stretched(const Stretched&) = delete;
  Stretched& operator=(const Stretched&) = delete;

 private:
  struct Area {
    QAbstractScrollArea* area;
    Qt::ScrollBarPolicy policy;
    int scrolled;
  };
  QWidget& widget_;
  QSize size_;
  std::vector<Area> areas_;
};

QPixmap stretchedPicture(QWidget& widget) {
  const Stretched stretched(widget);
  return widget.grab();
}

QImage besideEachOther(QSplitter& splitter) {
  std::vector<std::pair<int, QPixmap>> parts;  // where each begins
  double height = 0;
  for (int i = 0; i < splitter.count(); ++i) {
    auto* part = splitter.widget(i);
    if (!part->isVisibleTo(&splitter)) continue;
    parts.emplace_back(part->x(), stretchedPicture(*part));
    height = std::max(height, parts.back().second.deviceIndependentSize().height());
  }
  const double ratio = splitter.devicePixelRatioF();
  QImage picture((QSizeF(splitter.width(), height) * ratio).toSize(), QImage::Format_RGB32);
  picture.setDevicePixelRatio(ratio);
  picture.fill(Theme::instance().colors().window);
  QPainter painter(&picture);
  for (const auto& [x, part] : parts) painter.drawPixmap(x, 0, part);
  return picture;
}

}  // namespace

QImage wholePicture(QWidget& widget) {
  if (auto* splitter = qobject_cast<QSplitter*>(&widget)) return besideEachOther(*splitter);
  return stretchedPicture(widget).toImage();
}

}  // namespace cairn::ui
