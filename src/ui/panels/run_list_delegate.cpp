#include "ui/panels/run_list_delegate.h"

#include <QPainter>

#include "ui/panels/run_list_model.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr int kPadding = 7, kDot = 9, kGap = 8, kLineGap = 3;
constexpr int kCurveWidth = 40;
constexpr int kProof = 15;
constexpr double kHiddenOpacity = 0.5;

QFont smaller(QFont font) {
  font.setPointSizeF(font.pointSizeF() * 0.88);
  return font;
}

/// Draws the pill at the right end of `line` and returns what is left of the line.
QRect drawPill(QPainter* painter, const QFont& font, QRect line, core::RunStatus status) {
  const auto [background, foreground] = Theme::instance().statePill(status);
  const auto word = stateName(status);
  const QFontMetrics metrics(font);
  QRect pill(0, 0, metrics.horizontalAdvance(word) + 16, metrics.height() + 3);
  pill.moveRight(line.right());
  pill.moveTop(line.center().y() - pill.height() / 2);
  painter->setPen(Qt::NoPen);
  painter->setBrush(background);
  painter->drawRoundedRect(pill, pill.height() / 2.0, pill.height() / 2.0);
  painter->setPen(foreground);
  painter->setFont(font);
  painter->drawText(pill, Qt::AlignCenter, word);
  line.setRight(pill.left() - kGap);
  return line;
}

/// Draws the badge of repeated steps at the right end of `line` and returns what is left of the line.
QRect drawProof(QPainter* painter, QRect line, bool same) {
  const auto& theme = Theme::instance();
  const auto icon = same ? theme.icon(QStringLiteral("proof"), theme.colors().good)
                         : theme.icon(QStringLiteral("warning"), theme.colors().warning);
  const QRect box(line.right() - kProof, line.center().y() - kProof / 2, kProof, kProof);
  icon.paint(painter, box);
  line.setRight(box.left() - kGap);
  return line;
}

void drawCurve(QPainter* painter, const QRectF& box, QPolygonF curve, QColor color) {
  for (auto& point : curve) point = {box.left() + point.x() * box.width(), box.top() + point.y() * box.height()};
  color.setAlphaF(0.75F);
  painter->setPen(QPen(color, 1.2));
  painter->setBrush(Qt::NoBrush);
  painter->drawPolyline(curve);
}

}  // namespace

void RunListDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  const auto& colors = Theme::instance().colors();
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  if (option.state & (QStyle::State_Selected | QStyle::State_MouseOver)) {
    auto background = colors.selection;
    if (!(option.state & QStyle::State_Selected)) background.setAlphaF(0.45F);
    painter->setPen(option.state & QStyle::State_HasFocus ? QPen(colors.accent) : QPen(Qt::NoPen));
    painter->setBrush(background);
    painter->drawRoundedRect(QRectF(option.rect).adjusted(0.5, 1.5, -0.5, -0.5), 5, 5);
  }
  if (index.data(RunListModel::HiddenRole).toBool()) painter->setOpacity(kHiddenOpacity);
  const auto inside = option.rect.adjusted(kPadding, kPadding, -kPadding, -kPadding);
  const QFontMetrics metrics(option.font);
  const auto small = smaller(option.font);
  QRect line(inside.left(), inside.top(), inside.width(), metrics.height());

  const auto color = index.data(RunListModel::ColorRole).value<QColor>();
  painter->setPen(Qt::NoPen);
  painter->setBrush(color);
  painter->drawEllipse(QRectF(line.left(), line.center().y() - kDot / 2.0 + 1, kDot, kDot));
  line.setLeft(line.left() + kDot + kGap);
  const int textLeft = line.left();

  line = drawPill(painter, smaller(small), line, static_cast<core::RunStatus>(index.data(RunListModel::StatusRole).toInt()));
  const auto curve = index.data(RunListModel::CurveRole).value<QPolygonF>();
  const auto name = index.data(Qt::DisplayRole).toString();
  if (curve.size() > 1 && line.width() >= metrics.horizontalAdvance(name) + kCurveWidth + kGap) {
    drawCurve(painter, QRectF(line.right() - kCurveWidth, line.top() + 2, kCurveWidth, line.height() - 4), curve, color);
    line.setRight(line.right() - kCurveWidth - kGap);
  }
  painter->setFont(option.font);
  painter->setPen(colors.text);
  painter->drawText(line, Qt::AlignVCenter | Qt::AlignLeft, metrics.elidedText(name, Qt::ElideMiddle, line.width()));

  QRect below(textLeft, inside.top() + metrics.height() + kLineGap, inside.right() - textLeft + 1,
                    QFontMetrics(small).height());
  if (const int proof = index.data(RunListModel::ProofRole).toInt()) below = drawProof(painter, below, proof > 0);
  painter->setFont(small);
  painter->setPen(colors.mutedText);
  painter->drawText(below, Qt::AlignVCenter | Qt::AlignLeft,
                    QFontMetrics(small).elidedText(index.data(RunListModel::DetailRole).toString(), Qt::ElideRight,
                                                   below.width()));
  painter->restore();
}

// A run that trains changes all the time: what is being typed stays.
void RunListDelegate::setEditorData(QWidget* editor, const QModelIndex& index) const {
  if (editor->property("begun").toBool()) return;
  editor->setProperty("begun", true);
  QStyledItemDelegate::setEditorData(editor, index);
}

void RunListDelegate::updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option, const QModelIndex&) const {
  const int left = option.rect.left() + kPadding + kDot;
  editor->setGeometry(left, option.rect.top() + 1, option.rect.right() - left - 1, editor->sizeHint().height());
}

QSize RunListDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const {
  const int lines = QFontMetrics(option.font).height() + kLineGap + QFontMetrics(smaller(option.font)).height();
  return {160, lines + 2 * kPadding};
}

}  // namespace cairn::ui
