#include "ui/compare/average_page.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "ui/catalog_client.h"
#include "ui/compare/csv_text.h"
#include "ui/compare/shared_comparison.h"
#include "ui/compare/table_style.h"
#include "ui/labels.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr int kWidest = 640;
constexpr int kRow = 25;

/// NaN where it was not.
double measured(const core::CheckpointRecord& checkpoint, const std::string& series) {
  const auto found = checkpoint.metrics.find(series);
  return found == checkpoint.metrics.end() ? std::nan("") : found->second;
}

QString exactly(double value) { return std::isnan(value) ? QString() : text(core::roundTrip(value)); }

QString listed(const ComparedItems& items) {
  auto letters = lettersOf(items);
  const auto last = letters.takeLast();
  return AveragePage::tr("%1 and %2").arg(letters.join(QStringLiteral(", ")), last);
}

/// The part of the page that is as wide as a person reads.
QVBoxLayout* narrowColumn(QWidget* part) {
  part->setMaximumWidth(kWidest);
  auto* column = new QVBoxLayout(part);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(Theme::kSpacing + 4);
  return column;
}

}  // namespace

AveragePage::AveragePage(CatalogClient& client, QWidget* parent)
    : ComparePage(parent),
      client_(client),
      what_(wrappedLabel("")),
      name_(new QLineEdit),
      make_(new QPushButton(tr("Make the average"))),
      form_(makeForm()),
      made_(wrappedLabel("strong")),
      figures_(new QTableWidget),
      notes_(wrappedLabel("muted")),
      branch_(new QPushButton(tr("Branch from it"))) {
  result_ = makeResult();
  auto* page = compareCard({}, {form_, result_});
  static_cast<QVBoxLayout*>(page->layout())->addStretch(1);
  page->layout()->setContentsMargins(24, 20, 24, 20);
  setContent(page);
}

QWidget* AveragePage::makeForm() {
  name_->setObjectName(QStringLiteral("averageName"));
  name_->setAccessibleName(tr("Name of the new run"));
  make_->setObjectName(QStringLiteral("makeAverage"));
  make_->setProperty("primary", true);
  what_->setObjectName(QStringLiteral("averageWhat"));
  auto* form = new QWidget;
  auto* column = narrowColumn(form);
  auto* label = wrappedLabel("muted", tr("Name"));
  label->setBuddy(name_);
  auto* row = new QHBoxLayout;
  row->addWidget(label);
  row->addWidget(name_, 1);
  row->addWidget(make_);
  column->addWidget(what_);
  column->addLayout(row);
  connect(make_, &QPushButton::clicked, this, &AveragePage::make);
  connect(name_, &QLineEdit::returnPressed, make_, &QPushButton::click);
  return form;
}

QWidget* AveragePage::makeResult() {
  made_->setObjectName(QStringLiteral("averageMade"));
  figures_->setObjectName(QStringLiteral("averageFigures"));
  figures_->setAccessibleName(tr("The average beside what it was made of"));
  dressTable(*figures_);
  figures_->setFocusPolicy(Qt::NoFocus);
  figures_->setSelectionMode(QAbstractItemView::NoSelection);
  auto* show = new QPushButton(tr("Show it"));
  auto* another = new QPushButton(tr("Make another"));
  branch_->setObjectName(QStringLiteral("branchFromAverage"));
  branch_->setProperty("primary", true);
  show->setObjectName(QStringLiteral("showAverage"));
  another->setObjectName(QStringLiteral("anotherAverage"));
  connect(branch_, &QPushButton::clicked, this, [this] { Q_EMIT branchRequested(checkpoint_); });
  connect(show, &QPushButton::clicked, this, [this] { Q_EMIT showRequested(run_, checkpoint_); });
  connect(another, &QPushButton::clicked, this, &AveragePage::ask);
  auto* result = new QWidget;
  auto* column = narrowColumn(result);
  auto* row = new QHBoxLayout;
  for (auto* button : {branch_, show, another}) row->addWidget(button);
  row->addStretch(1);
  column->addWidget(made_);
  column->addWidget(figures_);
  column->addWidget(notes_);
  column->addLayout(row);
  return result;
}

void AveragePage::begin() {
  if (!filesAreOnDisk()) return;
  if (client_.readOnly()) return showMessage(tr("This home can only be read: an average would be a new run in it."));
  const auto known = averages_.find(files()->checkpoints());
  const bool there = known != averages_.end() && client_.snapshot()->checkpoint(known->second.checkpoint.id);
  there ? show(known->second) : ask();
}

void AveragePage::ask() {
  describe();
  name_->clear();
  form_->show();
  result_->hide();
  showContent();
}

void AveragePage::recordsChanged() {
  if (!hasContent() || (!form_->isHidden() && !filesAreOnDisk())) return;
  describe();
}

void AveragePage::describe() {
  name_->setPlaceholderText(text(training::averageName({items().begin(), items().end()})));
  what_->setText(
      tr("The mean of the weights of %1 becomes the first checkpoint of a new run, which is paused there. Statistics "
         "of BatchNorm are computed anew on the training data, then it is evaluated on the validation data. None of the "
         "compared runs is touched. The average of checkpoints that lie in one valley (see Path) is often better than each of them.")
          .arg(listed(items())));
}

// Told past the task, which drops the answer of what was cancelled: a run that was made before the word came is there.
void AveragePage::make() {
  compute(tr("Averaging"),
          [this, files = files(),
           name = name_->text().trimmed().toStdString()](const core::Progress& progress) -> std::function<void()> {
            auto averaged = std::make_shared<const training::Averaged>(
                training::averageCheckpoints(files->home(), files->checkpoints(), name, progress));
            QMetaObject::invokeMethod(
                this, [this, files, averaged] { made(files, *averaged); }, Qt::QueuedConnection);
            return [] {};
          });
}

void AveragePage::made(const std::shared_ptr<SharedComparison>& of, const training::Averaged& averaged) {
  client_.refresh();
  averages_[of->checkpoints()] = averaged;
  if (of == files()) show(averaged);  // else others are compared by now
}

void AveragePage::show(const training::Averaged& averaged) {
  run_ = averaged.run.id;
  checkpoint_ = averaged.checkpoint.id;
  made_->setText(tr("%1 is made, at step %2.").arg(text(averaged.run.name), count(averaged.checkpoint.step)));
  rows_.clear();
  for (const std::string series : {"val/loss", "val/accuracy", "train/loss", "train/accuracy"}) {
    if (!averaged.checkpoint.metrics.contains(series)) continue;
    FigureRow row{series, {}};
    for (const auto& item : items()) row.values.push_back(measured(item.checkpoint, series));
    row.values.push_back(measured(averaged.checkpoint, series));
    rows_.push_back(std::move(row));
  }
  showFigures();
  QStringList notes;
  for (const auto& note : averaged.notes) notes << sentence(note);
  notes_->setText(notes.join(QLatin1Char('\n')));
  notes_->setVisible(!notes.isEmpty());
  form_->hide();
  result_->show();
  showContent();
  branch_->setFocus();
}

void AveragePage::showFigures() {
  const auto head = QStringList{QString()} + lettersOf(items()) + QStringList{tr("Average")};
  figures_->clear();
  figures_->setColumnCount(static_cast<int>(head.size()));
  figures_->setRowCount(static_cast<int>(rows_.size()));
  figures_->setHorizontalHeaderLabels(head);
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    const auto& [series, values] = rows_[row];
    figures_->setItem(static_cast<int>(row), 0, new QTableWidgetItem(metricTitle(series)));
    const auto best = bestOf(series, values);
    for (std::size_t i = 0; i < values.size(); ++i) {
      auto* item = new QTableWidgetItem(std::isnan(values[i]) ? QStringLiteral("–") : metricValue(series, values[i]));
      item->setToolTip(exactly(values[i]));
      if (std::find(best.begin(), best.end(), i) != best.end()) {
        item->setForeground(Theme::instance().colors().good);
        item->setIcon(Theme::instance().icon(QStringLiteral("star"), Theme::instance().colors().star));
      }
      figures_->setItem(static_cast<int>(row), static_cast<int>(i) + 1, item);
    }
  }
  figures_->setColumnWidth(0, 160);
  figures_->setFixedHeight((figures_->rowCount() + 1) * kRow + 6);
  figures_->setVisible(!rows_.empty());
}

bool AveragePage::hasTable() const { return hasContent() && !result_->isHidden() && !rows_.empty(); }

QByteArray AveragePage::toCsv() const {
  if (!hasTable()) return {};
  QStringList head{QStringLiteral("metric")};
  for (const auto& item : items()) head << QString(item.letter + QStringLiteral(": ") + titleOf(item));
  auto csv = csvLine(head << QStringLiteral("average"));
  for (const auto& row : rows_) {
    QStringList cells{metricTitle(row.series)};
    for (const double value : row.values) cells << exactly(value);
    csv += csvLine(cells);
  }
  return csv;
}

}  // namespace cairn::ui
