#include "ui/panels/banner.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/theme.h"

namespace cairn::ui {

namespace {
constexpr std::size_t kMostLines = 3;
constexpr int kIconSize = 18;

QPixmap mark(Notice::Tone tone) {
  const auto& theme = Theme::instance();
  const auto& colors = theme.colors();
  const auto pick = [&](const char* name, const QColor& color) {
    return theme.icon(QString::fromLatin1(name), color).pixmap(kIconSize, kIconSize);
  };
  switch (tone) {
    case Notice::Tone::Warning: return pick("warning", colors.warning);
    case Notice::Tone::Failure: return pick("error", colors.bad);
    case Notice::Tone::Info: break;
  }
  return pick("info", colors.accent);
}
}  // namespace

Banner::Banner(QWidget* parent) : QWidget(parent), layout_(new QVBoxLayout(this)) {
  setObjectName(QStringLiteral("banner"));
  setProperty("role", QStringLiteral("banner"));
  setAttribute(Qt::WA_StyledBackground);
  layout_->setContentsMargins(14, 6, 10, 7);
  layout_->setSpacing(4);
  connect(&Theme::instance(), &Theme::changed, this, &Banner::rebuild);
  rebuild();
}

void Banner::post(Notice notice) {
  const auto same = std::find_if(notices_.begin(), notices_.end(), [&](const Notice& n) { return n.key == notice.key; });
  if (same != notices_.end()) {
    *same = std::move(notice);
  } else {
    notices_.push_back(std::move(notice));
  }
  rebuild();
}

void Banner::remove(const QString& key) {
  if (std::erase_if(notices_, [&](const Notice& notice) { return notice.key == key; }) > 0) rebuild();
}

bool Banner::shows(const QString& key) const {
  return std::any_of(notices_.begin(), notices_.end(), [&](const Notice& notice) { return notice.key == key; });
}

void Banner::dismiss(const QString& key) {
  const auto at = std::find_if(notices_.begin(), notices_.end(), [&](const Notice& n) { return n.key == key; });
  if (at == notices_.end()) return;
  const auto told = at->dismissed;
  remove(key);
  if (told) told();
}

// The first few in the order in which they came; the rest come up as these are answered.
void Banner::rebuild() {
  while (auto* item = layout_->takeAt(0)) {
    item->widget()->hide();
    item->widget()->deleteLater();
    delete item;
  }
  const auto shown = std::min(kMostLines, notices_.size());
  for (std::size_t at = 0; at < shown; ++at) layout_->addWidget(lineOf(notices_[at]));
  if (notices_.size() > shown) {
    auto* more = new QLabel(tr("and %n more", nullptr, static_cast<int>(notices_.size() - shown)));
    more->setProperty("role", QStringLiteral("muted"));
    layout_->addWidget(more);
  }
  setVisible(!notices_.empty());
}

QWidget* Banner::lineOf(const Notice& notice) {
  auto* line = new QWidget;
  auto* layout = new QHBoxLayout(line);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(Theme::kSpacing);
  auto* icon = new QLabel;
  icon->setPixmap(mark(notice.tone));
  auto* words = new QLabel(notice.title.isEmpty()
                               ? notice.text.toHtmlEscaped()
                               : QStringLiteral("<b>%1</b>&nbsp; %2").arg(notice.title.toHtmlEscaped(),
                                                                          notice.text.toHtmlEscaped()));
  words->setTextFormat(Qt::RichText);
  words->setWordWrap(true);
  words->setTextInteractionFlags(Qt::TextSelectableByMouse);
  words->setObjectName(QStringLiteral("bannerText"));
  layout->addWidget(icon);
  layout->addWidget(words, 1);
  for (const auto& action : notice.actions) {
    auto* button = new QPushButton(action.label);
    button->setProperty("primary", action.primary);
    button->setObjectName(QStringLiteral("banner") + QString(action.label).remove(QLatin1Char(' ')));
    connect(button, &QPushButton::clicked, this, [this, key = notice.key, act = action.act, closes = action.closes] {
      if (closes) remove(key);
      act();
    });
    layout->addWidget(button);
  }
  auto* dismissButton = new QPushButton(tr("Dismiss"));
  dismissButton->setObjectName(QStringLiteral("bannerDismiss"));
  connect(dismissButton, &QPushButton::clicked, this, [this, key = notice.key] { dismiss(key); });
  layout->addWidget(dismissButton);
  return line;
}

}  // namespace cairn::ui
