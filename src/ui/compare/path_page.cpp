#include "ui/compare/path_page.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QToolButton>

#include "core/text.h"
#include "training/comparison.h"
#include "ui/compare/csv_text.h"
#include "ui/compare/path_words.h"
#include "ui/compare/shared_comparison.h"
#include "ui/dialogs/busy_line.h"
#include "ui/labels.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr int kUsualPoints = 21, kMostPoints = 201;

QToolButton* choice(const QString& words, const QString& object) {
  auto* button = new QToolButton;
  button->setText(words);
  button->setObjectName(object);
  button->setProperty("framed", true);
  button->setCheckable(true);
  button->setAutoExclusive(true);
  button->setFocusPolicy(Qt::TabFocus);
  return button;
}

}  // namespace

PathPage::PathPage(QWidget* parent)
    : ComparePage(parent),
      from_(new QComboBox),
      to_(new QComboBox),
      points_(new QSpinBox),
      again_(new QPushButton(tr("Walk again"))),
      loss_(choice(tr("Loss"), QStringLiteral("pathLoss"))),
      accuracy_(choice(tr("Accuracy"), QStringLiteral("pathAccuracy"))),
      plot_(new PathPlot),
      busy_(new BusyLine(task())),
      verdict_(new QLabel),
      notes_(roleLabel("muted")) {
  plot_->setObjectName(QStringLiteral("pathPlot"));
  verdict_->setObjectName(QStringLiteral("pathVerdict"));
  verdict_->setWordWrap(true);
  notes_->setWordWrap(true);
  loss_->setChecked(true);
  setContent(compareCard({}, {makeHeader(), plot_, verdict_, notes_, busy_}));
  connect(loss_, &QToolButton::clicked, plot_, [this] { plot_->setAccuracy(false); });
  connect(accuracy_, &QToolButton::clicked, plot_, [this] { plot_->setAccuracy(true); });
  connect(from_, &QComboBox::activated, this, &PathPage::walk);
  connect(to_, &QComboBox::activated, this, &PathPage::walk);
  connect(again_, &QPushButton::clicked, this, &PathPage::walk);
  connect(&task(), &LatestTask::finished, this, [this] {
    again_->setEnabled(true);
    if (!done_ && hasContent()) say(tr("Stopped before the whole line was walked."));
  });
}

QWidget* PathPage::makeHeader() {
  from_->setObjectName(QStringLiteral("pathFrom"));
  to_->setObjectName(QStringLiteral("pathTo"));
  from_->setAccessibleName(tr("From"));
  to_->setAccessibleName(tr("To"));
  points_->setObjectName(QStringLiteral("pathPoints"));
  points_->setAccessibleName(tr("Number of points"));
  points_->setRange(2, kMostPoints);
  points_->setValue(kUsualPoints);
  again_->setObjectName(QStringLiteral("walkPath"));
  auto* header = new QWidget;
  header->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  auto* row = new QHBoxLayout(header);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(Theme::kSpacing);
  row->addWidget(roleLabel("muted", tr("From")));
  row->addWidget(from_);
  row->addWidget(roleLabel("muted", tr("to")));
  row->addWidget(to_);
  row->addWidget(roleLabel("muted", tr("in")));
  row->addWidget(points_);
  row->addWidget(roleLabel("muted", tr("points")));
  row->addWidget(again_);
  row->addStretch(1);
  row->addWidget(loss_);
  row->addWidget(accuracy_);
  return header;
}

QString PathPage::title() const { return items().size() == 2 ? tr("Path A → B") : tr("Path"); }

void PathPage::begin() {
  fillEnds();
  walk();
}

void PathPage::leave() {
  plot_->begin({}, {});
  ++walk_;
  done_ = false;
}

void PathPage::recordsChanged() {
  if (hasContent()) plot_->setEnds(endOf(*from_), endOf(*to_));
}

PathPlot::End PathPage::endOf(const QComboBox& combo) const {
  const auto& item = items()[static_cast<std::size_t>(combo.currentIndex())];
  return {item.letter, item.color};
}

void PathPage::fillEnds() {
  for (auto* combo : {from_, to_}) {
    const QSignalBlocker quiet(combo);
    combo->clear();
    for (const auto& item : items()) {
      combo->addItem(item.letter);
      combo->setItemData(combo->count() - 1, titleOf(item), Qt::ToolTipRole);
    }
    combo->setCurrentIndex(combo == from_ ? 0 : 1);
  }
}

// Points are drawn as they come, so this page shows its content with a line of progress rather than a bar alone.
void PathPage::walk() {
  if (!filesAreThere()) return;
  const auto from = static_cast<std::size_t>(from_->currentIndex()), to = static_cast<std::size_t>(to_->currentIndex());
  done_ = false;
  plot_->begin(endOf(*from_), endOf(*to_));
  say({});
  showContent();
  if (from == to) return say(tr("Choose two different ends."));
  again_->setEnabled(false);
  task().run([this, files = files(), from, to, points = points_->value(),
              walk = ++walk_](const core::Progress& progress) -> std::function<void()> {
    engine::PathOptions options{.from = from, .to = to, .points = points, .dataOf = {}, .onPoint = {}};
    options.onPoint = [this, walk](const core::PathPoint& point) {
      QMetaObject::invokeMethod(
          this,
          [this, point, walk] {
            if (walk == walk_) plot_->add(point);  // else it is of an older line
          },
          Qt::QueuedConnection);
    };
    auto path = std::make_shared<const core::LossPath>(files->get(progress)->path(options, progress));
    return [this, path] { show(*path); };
  });
}

void PathPage::show(const core::LossPath& path) {
  done_ = true;
  for (const auto& point : path.points) plot_->add(point);
  say(pathVerdict(path, from_->currentText(), to_->currentText()));
  QStringList notes{
      path.data.validation
          ? tr("On the %1 validation samples of %2.").arg(count(path.data.samples), items()[path.data.of].letter)
          : tr("On the %1 training samples of %2.").arg(count(path.data.samples), items()[path.data.of].letter)};
  if (path.statisticsAnew) notes << tr("BatchNorm statistics of the points between were computed anew.");
  for (const auto& note : path.data.notes) notes << sentence(note);
  notes_->setText(notes.join(QLatin1Char(' ')));
  accuracy_->setEnabled(path.points.front().accuracy.has_value());
  if (!accuracy_->isEnabled()) loss_->click();
  Q_EMIT contentChanged();
}

void PathPage::say(const QString& words) {
  verdict_->setText(words);
  if (words.isEmpty()) notes_->clear();
}

bool PathPage::hasTable() const { return hasContent() && done_; }

QByteArray PathPage::toCsv() const {
  if (!hasTable()) return {};
  auto csv = csvLine({QStringLiteral("t"), QStringLiteral("loss"), QStringLiteral("accuracy")});
  for (const auto& point : plot_->points()) {
    csv += csvLine({text(core::roundTrip(point.t)), text(core::roundTrip(point.loss)),
                    point.accuracy ? text(core::roundTrip(*point.accuracy)) : QString()});
  }
  return csv;
}

}  // namespace cairn::ui
