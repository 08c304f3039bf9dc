#include "ui/compare/compare_card.h"

#include <QGridLayout>
#include <QPainter>
#include <QToolButton>

#include "ui/compare/inline_text.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr int kDot = 10;
constexpr int kLeft = 28;  ///< where the words begin, behind the dot

QToolButton* flatButton() {
  auto* button = new QToolButton;
  button->setProperty("flat", true);
  button->setIconSize({14, 14});
  return button;
}

void name(QToolButton* button, const QString& object, const QString& words) {
  button->setObjectName(object);
  button->setAccessibleName(words);
  button->setToolTip(words);
}

QList<InlineText::Words> titleWords(const Compared& item) {
  using Tone = InlineText::Tone;
  QList<InlineText::Words> words{{item.letter + QStringLiteral("  "), Tone::Strong, false},
                                 {titleOf(item), Tone::Plain, false}};
  QString more = CompareCard::tr("   epoch %1").arg(count(item.checkpoint.epoch));
  if (item.checkpoint.state != core::CheckpointState::Ready)
    more += QStringLiteral(" · ") + text(core::toText(item.checkpoint.state));
  words.append({more, Tone::Muted, false});
  if (item.checkpoint.roles.contains("best")) words.append({CompareCard::tr(" · best"), Tone::Muted, true});
  words.append({QStringLiteral(" · ") + localTime(item.checkpoint.createdAt), Tone::Muted, false});
  return words;
}

QList<InlineText::Words> figureWords(const Compared& item, const std::set<std::string>& best) {
  using Tone = InlineText::Tone;
  QList<InlineText::Words> words;
  const std::string part = item.checkpoint.metrics.contains("val/loss") ? "val/" : "train/";
  for (const auto& series : {part + "loss", part + "accuracy"}) {
    const auto found = item.checkpoint.metrics.find(series);
    if (found == item.checkpoint.metrics.end()) continue;
    QString label = text(series).replace(QLatin1Char('/'), QLatin1Char(' ')) + QLatin1Char(' ');
    if (!words.isEmpty()) label.prepend(QStringLiteral(" · "));
    words.append({label, Tone::Muted, false});
    words.append({metricValue(series, found->second), best.contains(series) ? Tone::Good : Tone::Plain, false});
  }
  if (words.isEmpty()) words.append({CompareCard::tr("nothing measured yet"), Tone::Muted, false});
  return words;
}

}  // namespace

CompareCard::CompareCard(QWidget* parent)
    : QFrame(parent),
      title_(new InlineText),
      figures_(new InlineText),
      left_(flatButton()),
      right_(flatButton()),
      remove_(flatButton()) {
  setProperty("card", true);
  auto* grid = new QGridLayout(this);
  grid->setContentsMargins(kLeft, 7, 4, 8);
  grid->setHorizontalSpacing(0);
  grid->setVerticalSpacing(1);
  grid->setColumnStretch(0, 1);
  grid->addWidget(title_, 0, 0);
  grid->addWidget(left_, 0, 1);
  grid->addWidget(right_, 0, 2);
  grid->addWidget(remove_, 0, 3);
  grid->addWidget(figures_, 1, 0, 1, 4);
  connect(left_, &QToolButton::clicked, this, [this] { Q_EMIT moveRequested(checkpoint_, -1); });
  connect(right_, &QToolButton::clicked, this, [this] { Q_EMIT moveRequested(checkpoint_, 1); });
  connect(remove_, &QToolButton::clicked, this, [this] { Q_EMIT removeRequested(checkpoint_); });
  connect(&Theme::instance(), &Theme::changed, this, &CompareCard::dress);
  dress();
}

void CompareCard::show(const Compared& item, const std::set<std::string>& best, bool first, bool last) {
  checkpoint_ = item.checkpoint.id;
  color_ = item.color;
  title_->setWords(titleWords(item));
  figures_->setWords(figureWords(item, best));
  setObjectName(QStringLiteral("card") + item.letter);
  name(left_, QStringLiteral("left") + item.letter, tr("Move %1 to the left").arg(item.letter));
  name(right_, QStringLiteral("right") + item.letter, tr("Move %1 to the right").arg(item.letter));
  name(remove_, QStringLiteral("remove") + item.letter, tr("Take %1 out of the comparison").arg(item.letter));
  left_->setVisible(!first);
  right_->setVisible(!last);
  update();
}

void CompareCard::paintEvent(QPaintEvent* event) {
  QFrame::paintEvent(event);
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(color_);
  const double middle = title_->geometry().center().y() + 0.5;
  painter.drawEllipse(QPointF(kLeft / 2.0 + 1, middle), kDot / 2.0, kDot / 2.0);
}

void CompareCard::dress() {
  const auto& theme = Theme::instance();
  left_->setIcon(theme.icon(QStringLiteral("arrow-left"), theme.colors().mutedText));
  right_->setIcon(theme.icon(QStringLiteral("arrow-right"), theme.colors().mutedText));
  remove_->setIcon(theme.icon(QStringLiteral("close"), theme.colors().mutedText));
}

}  // namespace cairn::ui
