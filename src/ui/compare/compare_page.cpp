#include "ui/compare/compare_page.h"

#include <QFrame>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedLayout>
#include <QVBoxLayout>

#include "storage/export_file.h"
#include "ui/app/verb_menu.h"
#include "ui/compare/shared_comparison.h"
#include "ui/compare/whole_picture.h"
#include "ui/progress_bar.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr int kBarWidth = 320;
constexpr int kMessageWidth = 560;

/// In the middle of a card.
QFrame* middle(std::initializer_list<QWidget*> contents) {
  auto* frame = new QFrame;
  frame->setProperty("card", true);
  auto* column = new QVBoxLayout(frame);
  column->setContentsMargins(24, 24, 24, 24);
  column->setSpacing(2 * Theme::kSpacing);
  column->addStretch(2);
  for (auto* content : contents) column->addWidget(content, 0, Qt::AlignHCenter);
  column->addStretch(3);
  return frame;
}

}  // namespace

ComparePage::ComparePage(QWidget* parent) : QWidget(parent), stack_(new QStackedLayout(this)) {
  buildBusy();
  buildMessage();
  connect(&task_, &LatestTask::progressed, this, [this](const QString& phase, qint64 done, qint64 total) {
    phase_->setText(phase.isEmpty() ? what_ : phase);
    showProgress(*bar_, done, total);
  });
  connect(&task_, &LatestTask::failed, this,
          [this](const Error& error) { showMessage(text(error.what()), tr("Try again"), [this] { begin(); }); });
}

void ComparePage::buildBusy() {
  phase_ = new QLabel;
  phase_->setProperty("role", QStringLiteral("muted"));
  bar_ = new QProgressBar;
  bar_->setTextVisible(false);
  bar_->setFixedWidth(kBarWidth);
  auto* cancel = new QPushButton(tr("Cancel"));
  cancel->setObjectName(QStringLiteral("cancelCompare"));
  connect(cancel, &QPushButton::clicked, this, [this] {
    task_.cancel();
    showMessage(tr("Stopped before it was done."), tr("Start again"), [this] { begin(); });
  });
  busy_ = middle({phase_, bar_, cancel});
  stack_->addWidget(busy_);
}

void ComparePage::buildMessage() {
  words_ = new QLabel;
  words_->setObjectName(QStringLiteral("compareMessage"));
  words_->setWordWrap(true);
  words_->setAlignment(Qt::AlignCenter);
  words_->setFixedWidth(kMessageWidth);
  words_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  verb_ = new QPushButton;
  verb_->setObjectName(QStringLiteral("compareVerb"));
  connect(verb_, &QPushButton::clicked, this, [this] {
    if (act_) act_();
  });
  message_ = middle({words_, verb_});
  stack_->addWidget(message_);
  stack_->setCurrentWidget(message_);
}

void ComparePage::setContent(QWidget* content) {
  content_ = content;
  stack_->addWidget(content);
}

void ComparePage::setItems(const ComparedItems& items, std::shared_ptr<SharedComparison> files) {
  const bool others = !sameCheckpoints(items, items_);
  items_ = items;
  files_ = std::move(files);
  const bool filesCame = waitsForFiles_ && lettersWithoutFile(items_).isEmpty();
  if (!others && !filesCame) {
    if (!stale_) recordsChanged();
    return;
  }
  task_.cancel();
  stop();
  waitsForFiles_ = false;
  stale_ = true;
  if (items_.empty()) leave();
  beginIfSeen();
}

void ComparePage::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  beginIfSeen();
}

void ComparePage::beginIfSeen() {
  if (!isVisible() || !stale_) return;
  stale_ = false;
  if (items_.empty()) return showMessage({});
  if (items_.size() == 1) {
    showMessage(tr("Tick two to four checkpoints on the timeline, by Ctrl-click or with Space, to compare them."));
    return;
  }
  begin();
}

void ComparePage::showContent() {
  stack_->setCurrentWidget(content_);
  Q_EMIT contentChanged();
}

void ComparePage::showMessage(const QString& words, const QString& verb, std::function<void()> act) {
  words_->setText(words);
  words_->ensurePolished();
  words_->setMinimumHeight(words_->heightForWidth(kMessageWidth));  // the layout asks for its own, larger width
  verb_->setText(verb);
  verb_->setVisible(!verb.isEmpty());
  act_ = std::move(act);
  stack_->setCurrentWidget(message_);
  Q_EMIT contentChanged();
}

void ComparePage::compute(const QString& what, LatestTask::Work work) {
  what_ = what;
  phase_->setText(what);
  bar_->setRange(0, 0);
  stack_->setCurrentWidget(busy_);
  Q_EMIT contentChanged();
  task_.run(std::move(work));
}

bool ComparePage::filesAreThere() { return files_->isRead() || filesAreOnDisk(); }

bool ComparePage::filesAreOnDisk() {
  if (lettersWithoutFile(items_).isEmpty()) return true;
  QStringList words;
  for (const auto& item : items_) {
    const auto why = whyNoFile(item.checkpoint);
    if (!why.isEmpty()) words << tr("The file of %1 cannot be read. %2").arg(item.letter, why);
  }
  words << tr("Summary and curves still compare them.");
  showMessage(words.join(QLatin1Char('\n')));
  waitsForFiles_ = true;
  return false;
}

bool ComparePage::hasContent() const { return content_ && stack_->currentWidget() == content_; }

QImage ComparePage::picture() { return hasContent() ? wholePicture(*content_) : QImage(); }

ComparePage::Write ComparePage::tableWriter() const {
  return [csv = toCsv()](const std::filesystem::path& file, const core::Progress&) {
    storage::exportText(storage::FileSystem::posix(), file, {csv.data(), static_cast<std::size_t>(csv.size())});
  };
}

QWidget* compareCard(const QString& heading, std::initializer_list<QWidget*> contents) {
  auto* frame = new QFrame;
  frame->setProperty("card", true);
  auto* column = new QVBoxLayout(frame);
  column->setContentsMargins(12, 10, 12, 10);
  column->setSpacing(Theme::kSpacing);
  if (!heading.isEmpty()) {
    auto* label = new QLabel(heading);
    label->setProperty("role", QStringLiteral("heading"));
    column->addWidget(label);
  }
  for (auto* content : contents) column->addWidget(content);
  return frame;
}

}  // namespace cairn::ui
