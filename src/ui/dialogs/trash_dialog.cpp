#include "ui/dialogs/trash_dialog.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QTreeView>
#include <QVBoxLayout>
#include <map>

#include "ui/catalog_client.h"
#include "ui/dialogs/dialog_footer.h"
#include "ui/dialogs/trash_model.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr QSize kSize{680, 420};
constexpr int kMargin = 2 * Theme::kSpacing;

std::vector<TrashRow> rowsOf(storage::Catalog& catalog) {
  std::vector<TrashRow> rows;
  std::map<std::string, std::string> whole;  // when, by run: their files are no rows of their own
  for (const auto& run : catalog.trashedRuns()) {
    whole[run.id] = run.deletedAt;
    rows.push_back({{{}, {}, run.bytes, run.deletedAt}, run.name, 0, run.id, run.checkpoints});
  }
  for (auto& entry : catalog.trash()) {
    const auto checkpoint = catalog.checkpoint(entry.checkpoint);
    const auto with = whole.find(checkpoint.run);
    if (with != whole.end() && with->second == entry.deletedAt) continue;
    const auto run = catalog.run(checkpoint.run).name;
    rows.push_back({std::move(entry), run, checkpoint.step});
  }
  return rows;
}

}  // namespace

TrashDialog::TrashDialog(CatalogClient& client, QWidget* parent)
    : QDialog(parent), client_(client), model_(new TrashModel(this)), sorted_(new QSortFilterProxyModel(this)),
      headline_(new QLabel), table_(new QTreeView), restore_(new QPushButton(tr("&Restore"))),
      empty_(new QPushButton(tr("&Empty trash…"))) {
  setWindowTitle(tr("Trash"));
  setObjectName(QStringLiteral("trashDialog"));
  resizeWithin(*this, kSize);
  headline_->setObjectName(QStringLiteral("trashHeadline"));
  headline_->setWordWrap(true);
  restore_->setObjectName(QStringLiteral("restoreFromTrash"));
  empty_->setObjectName(QStringLiteral("emptyTrash"));
  for (auto* button : {restore_, empty_}) button->setAutoDefault(false);
  buildTable();
  buildLayout();
  connect(restore_, &QPushButton::clicked, this, &TrashDialog::restoreSelected);
  connect(empty_, &QPushButton::clicked, this, &TrashDialog::askToEmpty);
  connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this, &TrashDialog::update);
  connect(table_, &QTreeView::activated, this, &TrashDialog::restoreSelected);
  connect(&client_, &CatalogClient::snapshotChanged, this, &TrashDialog::read);
  update();
  read();
}

void TrashDialog::buildTable() {
  sorted_->setSourceModel(model_);
  sorted_->setSortRole(TrashModel::SortRole);
  table_->setObjectName(QStringLiteral("trashTable"));
  table_->setAccessibleName(tr("Deleted checkpoints"));
  table_->setModel(sorted_);
  table_->setRootIsDecorated(false);
  table_->setUniformRowHeights(true);
  table_->setAllColumnsShowFocus(true);
  table_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  table_->setSortingEnabled(true);
  table_->sortByColumn(TrashModel::DeletedColumn, Qt::DescendingOrder);
  table_->header()->setStretchLastSection(false);
  table_->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
  table_->header()->setSectionResizeMode(TrashModel::RunColumn, QHeaderView::Stretch);
}

void TrashDialog::buildLayout() {
  auto* close = new QPushButton(tr("Close"));
  close->setDefault(true);
  connect(close, &QPushButton::clicked, this, &QDialog::accept);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(Theme::kSpacing);
  buttons->addWidget(restore_);
  buttons->addWidget(empty_);
  buttons->addStretch(1);
  buttons->addWidget(close);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
  layout->setSpacing(kMargin);
  layout->addWidget(headline_);
  layout->addWidget(table_, 1);
  layout->addStretch();
  layout->addLayout(buttons);
}

void TrashDialog::read() {
  client_.query<std::vector<TrashRow>>(this, rowsOf, [this](std::vector<TrashRow> rows) {
    const bool first = !read_;
    read_ = true;
    model_->setRows(std::move(rows));
    if (first && sorted_->rowCount() > 0) table_->setCurrentIndex(sorted_->index(0, 0));
    update();
  });
}

void TrashDialog::update() {
  const int number = model_->rowCount();
  table_->setVisible(number > 0);
  if (number > 0) {
    headline_->setText(tr("%1, %2 in all. A file stays here for %3 days, and is then removed for good.")
                           .arg(model_->whatItHolds(), bytes(model_->totalBytes()))
                           .arg(storage::kTrashDays));
  } else {
    headline_->setText(read_ ? tr("The trash is empty. A checkpoint or run that you delete stays here for %1 days.")
                                   .arg(storage::kTrashDays)
                             : tr("Looking…"));
  }
  const bool writes = !client_.readOnly();
  restore_->setEnabled(writes && table_->selectionModel()->hasSelection());
  empty_->setEnabled(writes && number > 0);
}

std::vector<TrashRow> TrashDialog::selected() const {
  std::vector<TrashRow> rows;
  for (const auto& index : table_->selectionModel()->selectedRows()) {
    rows.push_back(model_->at(sorted_->mapToSource(index).row()));
  }
  return rows;
}

void TrashDialog::restoreSelected() {
  if (client_.readOnly()) return;
  client_.command([rows = selected()](storage::Catalog& catalog) {
    for (const auto& row : rows) row.runId.empty() ? catalog.undeleteCheckpoint(row.entry.checkpoint) : catalog.undeleteRun(row.runId);
  });
}

void TrashDialog::askToEmpty() {
  auto* question = new QMessageBox(QMessageBox::Warning, tr("Empty the trash"),
                                   tr("Remove %1 for good?").arg(model_->whatItHolds()), QMessageBox::NoButton, this);
  question->setObjectName(QStringLiteral("emptyQuestion"));
  question->setAttribute(Qt::WA_DeleteOnClose);
  question->setInformativeText(tr("That frees %1 and cannot be undone. A checkpoint's metrics stay on record; a run's curves go with it.").arg(bytes(model_->totalBytes())));
  auto* remove = question->addButton(tr("Remove for good"), QMessageBox::DestructiveRole);
  remove->setObjectName(QStringLiteral("removeForGood"));
  auto* keep = question->addButton(tr("Keep them"), QMessageBox::RejectRole);
  question->setDefaultButton(keep);
  question->setEscapeButton(keep);
  connect(remove, &QPushButton::clicked, this, &TrashDialog::empty);
  question->open();
}

void TrashDialog::empty() {
  client_.command([](storage::Catalog& catalog) { catalog.emptyTrash(); });
}

}  // namespace cairn::ui
