#include "ui/dialogs/clean_up_dialog.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "ui/dialogs/busy_line.h"
#include "ui/dialogs/dialog_footer.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr QSize kSize{700, 520};
constexpr int kMargin = 2 * Theme::kSpacing;
constexpr int kTypingMs = 150;  // after the last change of the policy
constexpr int kMostListed = 500;  // checkpoints of a run
enum Column { RunColumn, RemovedColumn, FreedColumn, KeptColumn, ColumnCount };

QString checkpointsText(int number) {
  return number == 1 ? CleanUpDialog::tr("1 checkpoint") : CleanUpDialog::tr("%1 checkpoints").arg(count(number));
}

QTreeWidgetItem* itemOf(const CleanUpOfRun& run) {
  const auto leaving = static_cast<int>(run.leaving.size());
  auto* item = new QTreeWidgetItem({text(run.name), run.trains ? CleanUpDialog::tr("it trains") : count(leaving),
                                    leaving == 0 ? QString() : bytes(run.leavingBytes), count(run.ready - leaving)});
  if (run.trains) item->setToolTip(RemovedColumn, CleanUpDialog::tr("Its own policy is at work while it trains."));
  for (int i = 0; i < std::min(leaving, kMostListed); ++i) {
    const auto& checkpoint = run.leaving[static_cast<std::size_t>(i)];
    auto* child = new QTreeWidgetItem(item, {CleanUpDialog::tr("step %1").arg(count(checkpoint.step)), {}, bytes(checkpoint.bytes), {}});
    child->setTextAlignment(FreedColumn, Qt::AlignRight | Qt::AlignVCenter);
  }
  if (leaving > kMostListed) new QTreeWidgetItem(item, {CleanUpDialog::tr("and %1 more").arg(count(leaving - kMostListed))});
  for (const int column : {RemovedColumn, FreedColumn, KeptColumn}) item->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
  return item;
}

QSpinBox* numberBox(const char* name, int least, int value) {
  auto* box = new QSpinBox;
  box->setObjectName(QString::fromLatin1(name));
  box->setRange(least, 9999);
  box->setValue(value);
  return box;
}

}  // namespace

CleanUpDialog::CleanUpDialog(const storage::Home& home, HomeSnapshotPtr snapshot, const std::string& run, QWidget* parent)
    : QDialog(parent), home_(home), snapshot_(std::move(snapshot)), scope_(new QComboBox), keepLast_(numberBox("keepLast", 1, 5)),
      keepBest_(numberBox("keepBest", 0, 1)), headline_(new QLabel), list_(new QTreeWidget), remove_(new QPushButton),
      close_(new QPushButton(tr("Close"))) {
  setWindowTitle(tr("Clean up checkpoints"));
  setObjectName(QStringLiteral("cleanUpDialog"));
  resizeWithin(*this, kSize);
  headline_->setObjectName(QStringLiteral("cleanUpHeadline"));
  headline_->setWordWrap(true);
  list_->setObjectName(QStringLiteral("cleanUpList"));
  list_->setAccessibleName(tr("What is removed"));
  list_->setColumnCount(ColumnCount);
  list_->setHeaderLabels({tr("Run"), tr("Removed"), tr("Frees"), tr("Kept")});
  list_->setUniformRowHeights(true);
  list_->header()->setStretchLastSection(false);
  list_->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
  list_->header()->setSectionResizeMode(RunColumn, QHeaderView::Stretch);
  for (const int column : {RemovedColumn, FreedColumn, KeptColumn})
    list_->headerItem()->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
  auto* rest = new QLabel(tr("Always kept: the newest of each run, what is pinned, a branch's parent, and what was not saved by "
                             "schedule (manual, final, imported, averaged, recreated). Metrics and settings stay on record, and a removed "
                             "checkpoint can be recreated by training."));
  rest->setProperty("role", QStringLiteral("muted"));
  rest->setWordWrap(true);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
  layout->setSpacing(kMargin);
  layout->addWidget(makePolicy());
  layout->addWidget(headline_);
  layout->addWidget(list_, 1);
  layout->addWidget(rest);
  layout->addWidget(makeButtons());
  fillScopes(run);
  soon_.setSingleShot(true);
  connect(&soon_, &QTimer::timeout, this, &CleanUpDialog::look);
  connect(scope_, &QComboBox::currentIndexChanged, this, &CleanUpDialog::look);
  for (auto* box : {keepLast_, keepBest_}) connect(box, &QSpinBox::valueChanged, this, [this] { soon_.start(kTypingMs); });
  connect(&task_, &LatestTask::failed, this, [this](const Error& error) {
    removing_ = false;
    headline_->setText(text(error.what()));
  });
  look();
}

QWidget* CleanUpDialog::makePolicy() {
  auto* policy = new QWidget;
  auto* row = new QHBoxLayout(policy);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(Theme::kSpacing);
  const auto add = [&](const QString& words, QWidget* editor) {
    auto* label = new QLabel(words);
    label->setBuddy(editor);
    row->addWidget(label);
    row->addWidget(editor);
  };
  scope_->setObjectName(QStringLiteral("cleanUpScope"));
  scope_->setAccessibleName(tr("Of which runs"));
  scope_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  scope_->setMinimumContentsLength(18);
  add(tr("&Of"), scope_);
  add(tr("keep the &last"), keepLast_);
  add(tr("and the &best"), keepBest_);
  row->addStretch(1);
  return policy;
}

void CleanUpDialog::fillScopes(const std::string& run) {
  scope_->addItem(tr("all runs"), QString());
  for (auto one = snapshot_->runs.rbegin(); one != snapshot_->runs.rend(); ++one) {
    scope_->addItem(text(one->name), text(one->id));
    if (one->id != run) continue;
    scope_->setCurrentIndex(scope_->count() - 1);
    keepLast_->setValue(static_cast<int>(std::max<std::int64_t>(1, one->spec.checkpoints.keepLast)));
    keepBest_->setValue(static_cast<int>(one->spec.checkpoints.keepBest));
  }
}

QWidget* CleanUpDialog::makeButtons() {
  remove_->setObjectName(QStringLiteral("removeCheckpoints"));
  remove_->setProperty("primary", true);
  remove_->setAutoDefault(false);
  close_->setDefault(true);
  connect(remove_, &QPushButton::clicked, this, &CleanUpDialog::remove);
  connect(close_, &QPushButton::clicked, this, &CleanUpDialog::reject);
  return dialogFooter(new BusyLine(task_), {close_, remove_});
}

void CleanUpDialog::look() {
  soon_.stop();
  if (removing_) return;
  remove_->setEnabled(false);
  const auto run = scope_->currentData().toString().toStdString();
  task_.run([this, home = home_, run, last = keepLast_->value(),
             best = keepBest_->value()](const core::Progress& progress) -> std::function<void()> {
    auto plan = planCleanUp(home, run, last, best, progress);
    return [this, plan = std::move(plan)]() mutable { show(std::move(plan)); };
  });
}

void CleanUpDialog::show(CleanUpPlan plan) {
  plan_ = std::move(plan);
  showRuns();
  remove_->setEnabled(plan_.leaving > 0);
  remove_->setText(plan_.leaving > 0 ? tr("&Remove %1").arg(checkpointsText(plan_.leaving)) : tr("&Remove"));
  if (plan_.ready == 0) {
    headline_->setText(tr("There are no checkpoint files here."));
  } else if (plan_.leaving == 0) {
    headline_->setText(tr("Nothing would be removed: all of %1 (%2) are kept.").arg(checkpointsText(plan_.ready), bytes(plan_.readyBytes)));
  } else {
    headline_->setText(tr("<b>%1</b> of %2 would be removed, which frees <b>%3</b> of %4.")
                           .arg(count(plan_.leaving), checkpointsText(plan_.ready), bytes(plan_.leavingBytes), bytes(plan_.readyBytes)));
  }
}

/// What frees most comes first.
void CleanUpDialog::showRuns() {
  list_->clear();
  std::vector<const CleanUpOfRun*> runs;
  for (const auto& run : plan_.runs) runs.push_back(&run);
  std::stable_sort(runs.begin(), runs.end(), [](const auto* a, const auto* b) { return a->leavingBytes > b->leavingBytes; });
  QList<QTreeWidgetItem*> items;
  for (const auto* run : runs) items << itemOf(*run);
  list_->addTopLevelItems(items);
  if (items.size() == 1) items.front()->setExpanded(true);
}

void CleanUpDialog::remove() {
  removing_ = true;
  remove_->setEnabled(false);
  close_->setText(tr("Stop"));
  task_.run([this, home = home_, plan = plan_](const core::Progress& progress) -> std::function<void()> {
    bool whole = true;
    const auto freed = cleanUp(home, plan, [&](std::string_view phase, std::int64_t at, std::int64_t total) {
      return whole = progress(phase, at, total);
    });
    return [this, freed, whole] { done(freed, whole); };
  });
}

void CleanUpDialog::done(std::int64_t freed, bool whole) {
  removing_ = false;
  close_->setText(tr("Close"));
  list_->clear();
  headline_->setText(whole ? tr("Done: %1 are free again.").arg(bytes(freed)) : tr("Stopped: %1 are free again.").arg(bytes(freed)));
  Q_EMIT cleanedUp();
}

void CleanUpDialog::reject() {
  if (!removing_) return QDialog::reject();
  removing_ = false;
  task_.cancel();
  close_->setText(tr("Close"));
  headline_->setText(tr("Stopped. What was removed until then stays removed."));
  Q_EMIT cleanedUp();
}

}  // namespace cairn::ui
