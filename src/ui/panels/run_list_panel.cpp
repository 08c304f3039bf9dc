#include "ui/panels/run_list_panel.h"

#include <QAction>
#include <QLabel>
#include <QLineEdit>
#include <QSortFilterProxyModel>
#include <QTreeView>
#include <QVBoxLayout>
#include <map>
#include <set>

#include "ui/labels.h"
#include "ui/panels/run_list_delegate.h"
#include "ui/panels/run_list_model.h"
#include "ui/panels/sparklines.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

class RunFilterProxy : public QSortFilterProxyModel {
 public:
  explicit RunFilterProxy(RunListModel* model, QObject* parent) : QSortFilterProxyModel(parent), model_(model) {
    setRecursiveFilteringEnabled(true);
    setSourceModel(model);
  }
  void setFilter(FilteredHomePtr filter, bool hiddenShown) {
    filter_ = std::move(filter);
    hiddenShown_ = hiddenShown;
    invalidateFilter();
  }

 protected:
  bool filterAcceptsRow(int row, const QModelIndex& parent) const override {
    const auto* run = model_->record(model_->index(row, RunListModel::RunColumn, parent));
    return run && filter_->run(run->id) && (hiddenShown_ || !run->hidden);
  }

 private:
  RunListModel* model_;
  FilteredHomePtr filter_ = std::make_shared<FilteredHome>();
  bool hiddenShown_ = false;
};

namespace {
/// An average belongs to the runs that it is the mean of, and joins their families.
void joinByAverages(const HomeSnapshot& snapshot, std::map<std::string, std::string>& roots) {
  for (const auto& run : snapshot.runs) {
    const auto checkpoints = snapshot.checkpointsOf(run.id);
    if (checkpoints.empty()) continue;
    for (const auto& id : checkpoints.front().parents) {
      const auto* parent = snapshot.checkpoint(id);
      if (!parent || roots[parent->run] == roots[run.id]) continue;
      const auto joined = roots[parent->run], old = roots[run.id];
      for (auto& [one, root] : roots) {
        if (root == old) root = joined;
      }
    }
  }
}
}  // namespace

std::vector<std::string> familiesOf(const HomeSnapshot& snapshot, const std::vector<std::string>& runs) {
  std::map<std::string, std::string> roots;  // of every run; parents come before their branches
  for (const auto& run : snapshot.runs) {
    const auto above = roots.find(run.parentRun);
    roots[run.id] = above == roots.end() ? run.id : above->second;
  }
  joinByAverages(snapshot, roots);
  std::set<std::string> wanted;
  for (const auto& run : runs) wanted.insert(roots[run]);
  std::vector<std::string> family;
  for (const auto& run : snapshot.runs) {
    if (wanted.contains(roots[run.id])) family.push_back(run.id);
  }
  return family;
}

namespace {
std::vector<std::string> inOrder(const HomeSnapshot& snapshot, const std::vector<std::string>& runs) {
  const std::set<std::string> wanted(runs.begin(), runs.end());
  std::vector<std::string> ordered;
  for (const auto& run : snapshot.runs) {
    if (wanted.contains(run.id)) ordered.push_back(run.id);
  }
  return ordered;
}
}  // namespace

RunListPanel::RunListPanel(CatalogClient& client, Selection& selection, QWidget* parent)
    : QWidget(parent), client_(client), selection_(selection), model_(new RunListModel(this)),
      proxy_(new RunFilterProxy(model_, this)), sparklines_(new Sparklines(client, this)), filter_(new QLineEdit),
      tree_(new QTreeView), problem_(new QLabel), nothing_(new QLabel(tr("No run matches."))) {
  setProperty("side", QStringLiteral("left"));
  setAttribute(Qt::WA_StyledBackground);
  auto* heading = new QLabel(tr("RUNS"));
  heading->setProperty("role", QStringLiteral("heading"));
  filter_->setPlaceholderText(tr("Filter: name, tag, lr < 0.01"));
  filter_->setToolTip(tr("Words of a name, note, tag or state; tag:baseline, state:pruned; val/loss < 0.05, lr = 0.001, step >= 1000.\n"
                         "All must hold. Checkpoints that do not match are dimmed on the timeline."));
  filter_->setClearButtonEnabled(true);
  filter_->setObjectName(QStringLiteral("runFilter"));
  auto* searchMark = filter_->addAction(QIcon(), QLineEdit::LeadingPosition);
  problem_->setObjectName(QStringLiteral("filterProblem"));
  problem_->setWordWrap(true);
  problem_->hide();
  nothing_->setObjectName(QStringLiteral("noRunMatches"));
  nothing_->setProperty("role", QStringLiteral("muted"));
  nothing_->hide();

  tree_->setObjectName(QStringLiteral("runTree"));
  tree_->setAccessibleName(tr("Runs"));
  tree_->setModel(proxy_);
  tree_->setItemDelegate(new RunListDelegate(tree_));
  tree_->setHeaderHidden(true);
  tree_->setRootIsDecorated(false);
  tree_->setIndentation(16);
  tree_->setUniformRowHeights(true);
  tree_->setMouseTracking(true);
  tree_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  tree_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  tree_->setContextMenuPolicy(Qt::CustomContextMenu);
  tree_->setExpandsOnDoubleClick(false);
  tree_->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);

  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(10, 12, 10, 8);
  layout->setSpacing(Theme::kSpacing);
  layout->addWidget(heading);
  layout->addWidget(filter_);
  layout->addWidget(problem_);
  layout->addWidget(nothing_);
  layout->addWidget(tree_, 1);

  const auto dress = [searchMark] {
    searchMark->setIcon(Theme::instance().icon(QStringLiteral("search"), Theme::instance().colors().mutedText));
  };
  dress();
  connect(&Theme::instance(), &Theme::changed, this, dress);
  connect(filter_, &QLineEdit::textChanged, this, [this](const QString& words) {
    wanted_ = HomeFilter(words);
    showProblem();
    applyFilter();
  });
  connect(&client_, &CatalogClient::snapshotChanged, this, &RunListPanel::onSnapshot);
  connect(&selection_, &Selection::runChanged, this, &RunListPanel::followSelection);
  connect(sparklines_, &Sparklines::curveChanged, model_, &RunListModel::setCurve);
  connect(model_, &RunListModel::curveAsked, sparklines_, &Sparklines::want);
  connect(model_, &RunListModel::renameAsked, this, [this](const std::string& run, const std::string& name) {
    client_.command([run, name](storage::Catalog& catalog) { catalog.renameRun(run, name); });
  });
  connect(tree_->selectionModel(), &QItemSelectionModel::selectionChanged, this, &RunListPanel::onPersonSelected);
  connect(proxy_, &QAbstractItemModel::rowsInserted, this,
          [this](const QModelIndex& under) { tree_->expand(under); });
  connect(tree_, &QTreeView::customContextMenuRequested, this, [this](const QPoint& at) {
    const auto index = tree_->indexAt(at);
    if (!index.isValid()) return;
    Q_EMIT contextMenuRequested(index.data(RunListModel::IdRole).toString().toStdString(),
                                tree_->viewport()->mapToGlobal(at));
  });
}

void RunListPanel::focusFilter() {
  filter_->setFocus();
  filter_->selectAll();
}

void RunListPanel::onSnapshot() {
  bool expand = model_->rowCount() == 0;
  model_->setWritable(!client_.readOnly());
  const auto reset = connect(model_, &QAbstractItemModel::modelReset, this, [&expand] { expand = true; });
  growing_ = true;  // Qt tells of a changed selection when a row is put above the selected one; nobody chose anything
  model_->setSnapshot(client_.snapshot());
  growing_ = false;
  disconnect(reset);
  if (!wanted_.empty()) applyFilter();
  if (expand) tree_->expandAll();
  followSelection();
  updateShown();
}

void RunListPanel::setHiddenShown(bool shown) {
  hiddenShown_ = shown;
  proxy_->setFilter(filtered_, hiddenShown_);
  tree_->expandAll();
  followSelection();
  updateShown();
}

void RunListPanel::setFamiliesShown(bool shown) {
  familiesShown_ = shown;
  updateShown();
}

// What is only not typed to its end is told quietly.
void RunListPanel::showProblem() {
  const auto& problem = wanted_.problem();
  problem_->setVisible(problem.has_value());
  if (!problem) return;
  problem_->setText(problem->text);
  setRole(*problem_, problem->unfinished ? "muted" : "error");
}

void RunListPanel::applyFilter() {
  auto filtered = wanted_.applied(*client_.snapshot());
  const bool same = filtered.all == filtered_->all && filtered.runs == filtered_->runs && filtered.checkpoints == filtered_->checkpoints;
  nothing_->setVisible(!filtered.all && filtered.runs.empty() && model_->rowCount() > 0);
  if (same) return;
  filtered_ = std::make_shared<const FilteredHome>(std::move(filtered));
  growing_ = true;  // rows that go take their selection along; nobody chose anything
  proxy_->setFilter(filtered_, hiddenShown_);
  growing_ = false;
  tree_->expandAll();
  followSelection();
  Q_EMIT filterChanged(filtered_);
}

bool RunListPanel::isInSight(const std::string& run) const {
  const auto home = client_.snapshot();
  const auto* record = home->run(run);
  return record && (hiddenShown_ || !record->hidden);
}

std::vector<std::string> RunListPanel::selectedRuns() const {
  std::vector<std::string> runs;
  for (const auto& index : tree_->selectionModel()->selectedIndexes()) {
    runs.push_back(index.data(RunListModel::IdRole).toString().toStdString());
  }
  return runs;
}

void RunListPanel::onPersonSelected() {
  if (growing_) return;
  const auto current = tree_->selectionModel()->currentIndex();
  const auto runs = selectedRuns();
  if (!runs.empty()) {
    const auto id = current.data(RunListModel::IdRole).toString().toStdString();
    const bool currentIsSelected = tree_->selectionModel()->isSelected(current);
    const bool keep = std::find(runs.begin(), runs.end(), selection_.run()) != runs.end();
    if (currentIsSelected) {
      selection_.selectRun(id);
    } else if (!keep) {
      selection_.selectRun(runs.front());
    }
  }
  updateShown();
}

void RunListPanel::followSelection() {
  const auto index = proxy_->mapFromSource(model_->indexOf(selection_.run()));
  if (!index.isValid() || tree_->selectionModel()->isSelected(index)) return;
  tree_->selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect);
  tree_->scrollTo(index);
}

void RunListPanel::updateShown() {
  auto selected = selectedRuns();
  if (selected.empty() && !selection_.run().empty()) selected.push_back(selection_.run());
  auto shown = familiesShown_ ? familiesOf(*client_.snapshot(), selected) : inOrder(*client_.snapshot(), selected);
  std::erase_if(shown, [this](const std::string& run) { return !isInSight(run); });
  if (shown == shown_) return;
  shown_ = std::move(shown);
  Q_EMIT shownRunsChanged();
}

}  // namespace cairn::ui
