#include "ui/panels/start_page.h"

#include <QFrame>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/labels.h"
#include "ui/panels/run_list_model.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {
constexpr int kPageWidth = 640, kIconSize = 26;
constexpr std::size_t kRecentRuns = 5;

/// An icon that follows the theme.
QLabel* iconLabel(const QString& name) {
  auto* mark = new QLabel;
  const auto dress = [mark, name] {
    const auto& theme = Theme::instance();
    mark->setPixmap(theme.icon(name, theme.colors().accent).pixmap(kIconSize, kIconSize));
  };
  dress();
  QObject::connect(&Theme::instance(), &Theme::changed, mark, dress);
  return mark;
}
}  // namespace

StartPage::StartPage(QWidget* parent) : QScrollArea(parent) {
  setObjectName(QStringLiteral("startPage"));
  setWidgetResizable(true);
  setFrameShape(QFrame::NoFrame);
  auto* column = new QWidget;
  column->setMaximumWidth(kPageWidth);
  auto* layout = new QVBoxLayout(column);
  layout->setContentsMargins(24, 40, 24, 24);
  layout->setSpacing(Theme::kSpacing);
  layout->addWidget(wrappedLabel("title", tr("Train something")));
  layout->addWidget(wrappedLabel(
      "muted", tr("Pick an example, and watch it learn. Every checkpoint stays on the timeline: go on from it, or branch "
                  "off. The files of older ones are pruned to save space, and can be made again.")));
  layout->addSpacing(2 * Theme::kSpacing);

  auto* cards = new QGridLayout;
  cards->setSpacing(12);
  int place = 0;
  for (const auto& example : builtInExamples()) {
    cards->addWidget(exampleCard(example), place / 2, place % 2);
    ++place;
  }
  cards->addWidget(ownDataCard(), place / 2, place % 2);
  layout->addLayout(cards);
  layout->addSpacing(2 * Theme::kSpacing);
  recentHeading_ = wrappedLabel("heading", tr("LATEST RUNS"));
  recentHeading_->hide();
  layout->addWidget(recentHeading_);
  recent_ = new QVBoxLayout;
  recent_->setSpacing(4);
  layout->addLayout(recent_);
  layout->addStretch(1);

  auto* page = new QWidget;
  auto* centred = new QHBoxLayout(page);
  centred->setContentsMargins(0, 0, 0, 0);
  centred->addStretch(1);
  centred->addWidget(column, 100);
  centred->addStretch(1);
  setWidget(page);
}

QWidget* StartPage::exampleCard(const BuiltInExample& example) {
  auto* start = new QPushButton(example.needsData ? tr("Set up…") : tr("Train"));
  start->setObjectName(QStringLiteral("example_") + example.name);
  start->setAccessibleName(tr("%1: %2").arg(start->text(), example.title));
  connect(start, &QPushButton::clicked, this, [this, name = example.name] { Q_EMIT exampleRequested(name); });
  return cardOf(example.icon, example.title, example.description, start);
}

QWidget* StartPage::ownDataCard() {
  auto* start = new QPushButton(tr("New run…"));
  start->setProperty("primary", true);
  start->setObjectName(QStringLiteral("startNewRun"));
  connect(start, &QPushButton::clicked, this, &StartPage::newRunRequested);
  return cardOf(QStringLiteral("new"), tr("Your own data"), tr("A CSV file, MNIST's image files, or any text."), start);
}

QWidget* StartPage::cardOf(const QString& icon, const QString& title, const QString& description, QPushButton* start) {
  auto* card = new QFrame;
  card->setProperty("card", true);
  starters_.append(start);
  auto* layout = new QGridLayout(card);
  layout->setContentsMargins(14, 14, 14, 14);
  layout->setHorizontalSpacing(12);
  layout->setVerticalSpacing(6);
  layout->setColumnStretch(1, 1);
  layout->setRowStretch(1, 1);
  layout->addWidget(iconLabel(icon), 0, 0, 2, 1, Qt::AlignTop);
  layout->addWidget(wrappedLabel("strong", title), 0, 1);
  auto* words = wrappedLabel("muted", description);
  words->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  layout->addWidget(words, 1, 1);
  layout->addWidget(start, 2, 1, Qt::AlignLeft);
  return card;
}

void StartPage::setReadOnly(bool readOnly) {
  for (auto* starter : starters_) {
    starter->setEnabled(!readOnly);
    starter->setToolTip(readOnly ? tr("This home can only be read.") : QString());
  }
}

void StartPage::setSnapshot(const HomeSnapshot& snapshot) {
  while (auto* item = recent_->takeAt(0)) {
    item->widget()->deleteLater();
    delete item;
  }
  recentHeading_->setVisible(!snapshot.runs.empty());
  const auto shown = std::min(kRecentRuns, snapshot.runs.size());
  for (std::size_t back = 0; back < shown; ++back) {
    const auto& run = snapshot.runs[snapshot.runs.size() - 1 - back];
    auto* entry = new QPushButton(tr("%1   %2   %3").arg(text(run.name), stateName(run.status), runDetail(run)));
    entry->setStyleSheet(QStringLiteral("text-align: left"));
    connect(entry, &QPushButton::clicked, this, [this, id = run.id] { Q_EMIT runRequested(id); });
    recent_->addWidget(entry);
  }
}

}  // namespace cairn::ui
