#include "ui/dialogs/probability_bars.h"

#include <QPainter>
#include <algorithm>

#include "ui/theme.h"

namespace cairn::ui {

namespace {
constexpr int kHeadline = 34, kRow = 22, kName = 92, kPercent = 58, kBarHeight = 8;
}

ProbabilityBars::ProbabilityBars(QWidget* parent) : QWidget(parent) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Minimum);
  connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void ProbabilityBars::setNames(std::vector<std::string> classes, std::vector<std::string> targets) {
  classes_ = std::move(classes);
  targets_ = std::move(targets);
  setMinimumHeight(sizeHint().height());
}

void ProbabilityBars::setPrediction(const engine::Predictor::Prediction& prediction) {
  prediction_ = prediction;
  setAccessibleName(headline());
  update();
}

void ProbabilityBars::clear() { setPrediction({}); }

QString ProbabilityBars::headline() const {
  if (prediction_.outputs.empty()) return {};
  if (!prediction_.probabilities.empty()) {
    const auto best = *std::max_element(prediction_.probabilities.begin(), prediction_.probabilities.end());
    return QStringLiteral("%1, %2 %").arg(QString::fromStdString(prediction_.outputs.front())).arg(best * 100, 0, 'f', 1);
  }
  QStringList parts;
  for (std::size_t i = 0; i < prediction_.outputs.size(); ++i) {
    const auto value = QString::fromStdString(prediction_.outputs[i]);
    parts << (i < targets_.size() ? QString::fromStdString(targets_[i]) + QStringLiteral(" ") + value : value);
  }
  return parts.join(QStringLiteral(", "));
}

QSize ProbabilityBars::sizeHint() const { return {280, kHeadline + kRow * static_cast<int>(classes_.size())}; }

QRect ProbabilityBars::rowRect(std::size_t index) const {
  return {0, kHeadline + kRow * static_cast<int>(index), width(), kRow};
}

void ProbabilityBars::paintEvent(QPaintEvent*) {
  const auto& colors = Theme::instance().colors();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  auto large = font();
  large.setPointSizeF(large.pointSizeF() * 1.4);
  large.setBold(true);
  painter.setFont(large);
  painter.setPen(prediction_.outputs.empty() ? colors.mutedText : colors.text);
  painter.drawText(QRect(0, 0, width(), kHeadline), Qt::AlignLeft | Qt::AlignVCenter,
                   prediction_.outputs.empty() ? QStringLiteral("No prediction yet") : headline());
  painter.setFont(font());
  const auto& probabilities = prediction_.probabilities;
  const auto best = std::max_element(probabilities.begin(), probabilities.end()) - probabilities.begin();
  for (std::size_t i = 0; i < classes_.size(); ++i) {
    const auto row = rowRect(i);
    const double share = i < probabilities.size() ? probabilities[i] : 0;
    const bool likeliest = !probabilities.empty() && static_cast<std::ptrdiff_t>(i) == best;
    painter.setPen(likeliest ? colors.text : colors.mutedText);
    const auto name = fontMetrics().elidedText(QString::fromStdString(classes_[i]), Qt::ElideRight, kName - 8);
    painter.drawText(QRect(row.left(), row.top(), kName, kRow), Qt::AlignLeft | Qt::AlignVCenter, name);
    QRectF track(kName, row.top() + (kRow - kBarHeight) / 2.0, std::max(0, width() - kName - kPercent), kBarHeight);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colors.grid);
    painter.drawRoundedRect(track, kBarHeight / 2.0, kBarHeight / 2.0);
    if (probabilities.empty()) continue;
    track.setWidth(std::max<double>(kBarHeight * (share > 0.001 ? 1 : 0), track.width() * share));
    painter.setBrush(likeliest ? colors.accent : colors.neutral);
    painter.drawRoundedRect(track, kBarHeight / 2.0, kBarHeight / 2.0);
    painter.setPen(likeliest ? colors.text : colors.mutedText);
    painter.drawText(QRect(width() - kPercent, row.top(), kPercent, kRow), Qt::AlignRight | Qt::AlignVCenter,
                     QStringLiteral("%1 %").arg(share * 100, 0, 'f', 1));
  }
}

}  // namespace cairn::ui
