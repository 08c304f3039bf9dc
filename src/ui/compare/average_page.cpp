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
#include "training/comparison.h"
#include "ui/catalog_client.h"
#include "ui/compare/csv_text.h"
#include "ui/compare/shared_comparison.h"
#include "ui/compare/table_style.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr int kWidest = 640;
constexpr int kRow = 25;

QLabel* wrapped(const char* role) {
  auto* label = new QLabel;
  label->setProperty("role", QString::fromLatin1(role));
  label->setWordWrap(true);
  return label;
}

QString listed(const ComparedItems& items) {
  QStringList letters;
  for (const auto& item : items) letters << item.letter;
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
      what_(wrapped("")),
      name_(new QLineEdit),
      make_(new QPushButton(tr("Make the average"))),
      form_(makeForm()),
      made_(wrapped("strong")),
      figures_(new QTableWidget),
      notes_(wrapped("muted")) {
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
  auto* label = wrapped("muted");
  label->setText(tr("Name"));
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
  auto* branch = new QPushButton(tr("Branch from it"));
  auto* show = new QPushButton(tr("Show it"));
  auto* another = new QPushButton(tr("Make another"));
  branch->setObjectName(QStringLiteral("branchFromAverage"));
  branch->setProperty("primary", true);
  show->setObjectName(QStringLiteral("showAverage"));
  another->setObjectName(QStringLiteral("anotherAverage"));
  connect(branch, &QPushButton::clicked, this, [this] { Q_EMIT branchRequested(checkpoint_); });
  connect(show, &QPushButton::clicked, this, [this] { Q_EMIT showRequested(run_, checkpoint_); });
  connect(another, &QPushButton::clicked, this, &AveragePage::begin);
  auto* result = new QWidget;
  auto* column = narrowColumn(result);
  auto* row = new QHBoxLayout;
  for (auto* button : {branch, show, another}) row->addWidget(button);
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
         "of BatchNorm "
         "are computed anew on the training data, then it is evaluated on the validation data. None of the compared "
         "runs is "
         "touched. The average of checkpoints that lie in one valley (see Path) is often better than each of them.")
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
  if (of == files()) show(averaged);  // else others are compared by now
}

void AveragePage::show(const training::Averaged& averaged) {
  run_ = averaged.run.id;
  checkpoint_ = averaged.checkpoint.id;
  made_->setText(tr("%1 is made, at step %2.").arg(text(averaged.run.name), count(averaged.checkpoint.step)));
  std::vector<std::pair<QString, const core::CheckpointRecord*>> columns;
  for (const auto& item : items()) columns.emplace_back(item.letter, &item.checkpoint);
  columns.emplace_back(tr("Average"), &averaged.checkpoint);
  figures_->clear();
  figures_->setColumnCount(static_cast<int>(columns.size()) + 1);
  figures_->setRowCount(0);
  QStringList head{QString()};
  for (const auto& [title, record] : columns) head << title;
  figures_->setHorizontalHeaderLabels(head);
  for (const std::string series : {"val/loss", "val/accuracy", "train/loss", "train/accuracy"}) {
    if (!averaged.checkpoint.metrics.contains(series)) continue;
    std::vector<double> values;
    for (const auto& [title, record] : columns) {
      const auto found = record->metrics.find(series);
      values.push_back(found == record->metrics.end() ? std::nan("") : found->second);
    }
    const int row = figures_->rowCount();
    figures_->insertRow(row);
    figures_->setItem(row, 0, new QTableWidgetItem(metricTitle(series)));
    const auto best = bestOf(series, values);
    for (std::size_t i = 0; i < values.size(); ++i) {
      auto* item = new QTableWidgetItem(std::isnan(values[i]) ? QStringLiteral("–") : metricValue(series, values[i]));
      item->setToolTip(std::isnan(values[i]) ? QString() : text(core::roundTrip(values[i])));
      if (std::find(best.begin(), best.end(), i) != best.end()) {
        item->setForeground(Theme::instance().colors().good);
        item->setIcon(Theme::instance().icon(QStringLiteral("star"), Theme::instance().colors().star));
      }
      figures_->setItem(row, static_cast<int>(i) + 1, item);
    }
  }
  figures_->setColumnWidth(0, 160);
  figures_->setFixedHeight((figures_->rowCount() + 1) * kRow + 6);
  figures_->setVisible(figures_->rowCount() > 0);
  QStringList notes;
  for (const auto& note : averaged.notes) notes << sentence(note);
  notes_->setText(notes.join(QLatin1Char('\n')));
  notes_->setVisible(!notes.isEmpty());
  form_->hide();
  result_->show();
  showContent();
  result_->findChild<QPushButton*>(QStringLiteral("branchFromAverage"))->setFocus();
}

bool AveragePage::hasTable() const { return hasContent() && !result_->isHidden() && figures_->rowCount() > 0; }

QByteArray AveragePage::toCsv() const {
  if (!hasTable()) return {};
  QStringList head{QStringLiteral("metric")};
  for (const auto& item : items()) head << QString(item.letter + QStringLiteral(": ") + titleOf(item));
  auto csv = csvLine(head << QStringLiteral("average"));
  for (int row = 0; row < figures_->rowCount(); ++row) {
    QStringList cells{figures_->item(row, 0)->text()};
    for (int column = 1; column < figures_->columnCount(); ++column) cells << figures_->item(row, column)->toolTip();
    csv += csvLine(cells);
  }
  return csv;
}

}  // namespace cairn::ui
