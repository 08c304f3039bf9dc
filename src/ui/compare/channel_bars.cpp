#include "ui/compare/channel_bars.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {
constexpr int kSide = 8;
constexpr int kNarrowest = 3;  ///< pixels of a bar with its gap
constexpr int kWidest = 24;
constexpr int kBarColor = 2;
}  // namespace

ChannelBars::ChannelBars(QWidget* parent) : QWidget(parent) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
}

void ChannelBars::set(std::vector<double> changes, std::optional<std::size_t> marked) {
  changes_ = std::move(changes);
  marked_ = marked;
  setAccessibleName(tr("Change of each of %1 channels").arg(changes_.size()));
  update();
}

std::size_t ChannelBars::perBar() const {
  const auto room = static_cast<std::size_t>(std::max(1, (width() - 2 * kSide) / kNarrowest));
  return (changes_.size() + room - 1) / room;
}

void ChannelBars::paintEvent(QPaintEvent*) {
  if (changes_.empty()) return;
  QPainter painter(this);
  const auto& theme = Theme::instance();
  const auto many = std::max<std::size_t>(1, perBar());
  const auto bars = (changes_.size() + many - 1) / many;
  const double step = std::min<double>(kWidest, (width() - 2.0 * kSide) / static_cast<double>(bars));
  double largest = 0;
  for (const double change : changes_) largest = std::isfinite(change) ? std::max(largest, change) : largest;
  painter.setPen(Qt::NoPen);
  for (std::size_t bar = 0; bar < bars; ++bar) {
    double change = 0;
    const auto end = std::min(changes_.size(), (bar + 1) * many);
    for (auto i = bar * many; i < end; ++i)
      change = std::isfinite(changes_[i]) ? std::max(change, changes_[i]) : change;
    const bool marked = marked_ && *marked_ >= bar * many && *marked_ < end;
    painter.setBrush(marked ? theme.colors().bad : theme.runColor(kBarColor));
    const double tall = largest > 0 ? std::max(1.0, change / largest * (height() - 4)) : 1.0;
    painter.drawRect(QRectF(kSide + static_cast<double>(bar) * step, height() - tall,
                            std::max(1.0, step - (step > 4 ? 2 : 1)), tall));
  }
}

bool ChannelBars::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const auto many = std::max<std::size_t>(1, perBar());
  const auto bars = (changes_.size() + many - 1) / many;
  const double step = bars ? std::min<double>(kWidest, (width() - 2.0 * kSide) / static_cast<double>(bars)) : 1;
  const auto bar = static_cast<std::size_t>(std::max(0.0, (help->pos().x() - kSide) / step));
  if (bar >= bars) {
    QToolTip::hideText();
    return true;
  }
  auto at = bar * many;
  for (auto i = at; i < std::min(changes_.size(), at + many); ++i) at = changes_[i] > changes_[at] ? i : at;
  const auto words = many > 1 ? tr("The largest of channels %1 to %2: %3 at %4")
                                    .arg(bar * many)
                                    .arg(std::min(changes_.size(), (bar + 1) * many) - 1)
                                    .arg(number(changes_[at]))
                                    .arg(at)
                              : tr("Channel %1: %2").arg(at).arg(number(changes_[at]));
  QToolTip::showText(help->globalPos(), words, this);
  return true;
}

}  // namespace cairn::ui
