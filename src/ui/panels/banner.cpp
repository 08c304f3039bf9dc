#include "ui/panels/banner.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/panels/toast.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {
constexpr std::size_t kMostLines = 3;
constexpr int kIconSize = 18;
constexpr int kDoneMs = 12'000;

QPixmap mark(Notice::Tone tone) {
  const auto& theme = Theme::instance();
  const auto& colors = theme.colors();
  const auto pick = [&](const char* name, const QColor& color) {
    return theme.icon(QString::fromLatin1(name), color).pixmap(kIconSize, kIconSize);
  };
  switch (tone) {
    case Notice::Tone::Warning: return pick("warning", colors.warning);
    case Notice::Tone::Failure: return pick("error", colors.bad);
    case Notice::Tone::Done: return pick("check", colors.good);
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
  const auto key = notice.key;
  const bool goes = notice.tone == Notice::Tone::Done;
  ++told_[key];
  if (same != notices_.end()) {
    *same = std::move(notice);
  } else {
    notices_.push_back(std::move(notice));
  }
  rebuild();
  if (goes) forgetLater(key);
}

// Not while the pointer rests on it: who reads it, or is about to press its button, keeps it.
void Banner::forgetLater(const QString& key) {
  QTimer::singleShot(kDoneMs, this, [this, key, posted = told_[key]] {
    if (told_[key] != posted) return;
    if (toast_ && toast_->underMouse()) return forgetLater(key);
    remove(key);
  });
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
  std::size_t wanting = 0;
  for (const auto& notice : notices_) {
    if (notice.tone == Notice::Tone::Done || ++wanting > kMostLines) continue;
    layout_->addWidget(lineOf(notice));
  }
  if (wanting > kMostLines) {
    auto* more = new QLabel(tr("and %n more", nullptr, static_cast<int>(wanting - kMostLines)));
    more->setProperty("role", QStringLiteral("muted"));
    layout_->addWidget(more);
  }
  setVisible(wanting > 0);
  rebuildToast();
}

// The newest few: what went before is done with.
void Banner::rebuildToast() {
  QList<QWidget*> lines;
  for (auto notice = notices_.rbegin(); notice != notices_.rend() && lines.size() < static_cast<qsizetype>(kMostLines); ++notice) {
    if (notice->tone == Notice::Tone::Done) lines.prepend(lineOf(*notice));
  }
  if (!toast_ && lines.isEmpty()) return;
  if (!toast_) toast_ = new Toast(window());
  toast_->setLines(lines);
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
