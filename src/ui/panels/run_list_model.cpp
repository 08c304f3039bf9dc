#include "ui/panels/run_list_model.h"

#include <QColor>
#include <QStringList>
#include <algorithm>

#include "core/run_history.h"
#include "ui/recovery/proof_text.h"
#include "ui/run_colors.h"
#include "ui/text.h"

namespace cairn::ui {

namespace {
int proofOf(const core::RunRecord& run) {
  if (!hasProof(run)) return 0;
  return core::differs(*run.resumeCheck) ? -1 : 1;
}
}  // namespace

struct RunListModel::Node {
  std::string id;
  Node* parent = nullptr;
  std::vector<std::unique_ptr<Node>> children;

  int row() const {
    for (std::size_t row = 0; parent && row < parent->children.size(); ++row) {
      if (parent->children[row].get() == this) return static_cast<int>(row);
    }
    return 0;
  }
};

RunListModel::RunListModel(QObject* parent)
    : QAbstractItemModel(parent), snapshot_(std::make_shared<HomeSnapshot>()), root_(std::make_unique<Node>()) {}
RunListModel::~RunListModel() = default;

void RunListModel::setSnapshot(HomeSnapshotPtr snapshot) {
  const bool grows = onlyGrows(*snapshot);
  const auto before = std::exchange(snapshot_, std::move(snapshot));
  if (!grows) return rebuild();
  for (const auto& run : snapshot_->runs) {
    if (!nodes_.contains(run.id)) insert(run);
  }
  announceChanges(*before);
}

bool RunListModel::onlyGrows(const HomeSnapshot& next) const {
  const auto fits = [&](const core::RunRecord& run) {  // it stands already where it would be put
    return run.parentRun.empty() || !nodes_.contains(run.id) || nodes_.contains(run.parentRun) || !next.run(run.parentRun);
  };
  const auto stay = [&](const core::RunRecord& run) { return nodes_.contains(run.id); };
  return std::all_of(next.runs.begin(), next.runs.end(), fits) &&
         std::count_if(next.runs.begin(), next.runs.end(), stay) == static_cast<std::ptrdiff_t>(nodes_.size());
}

void RunListModel::rebuild() {
  beginResetModel();
  nodes_.clear();
  root_->children.clear();
  for (const auto& run : snapshot_->runs) put(run, *overOf(run));
  endResetModel();
}

RunListModel::Node* RunListModel::overOf(const core::RunRecord& run) const {
  const auto parent = nodes_.find(run.parentRun);
  return parent == nodes_.end() ? root_.get() : parent->second;
}

// The newest root comes first, a run's branches in the order in which they were made.
int RunListModel::newRow(const Node& under) const { return &under == root_.get() ? 0 : static_cast<int>(under.children.size()); }

void RunListModel::put(const core::RunRecord& run, Node& under) {
  auto node = std::make_unique<Node>();
  node->id = run.id;
  node->parent = &under;
  nodes_[run.id] = node.get();
  under.children.insert(under.children.begin() + newRow(under), std::move(node));
}

void RunListModel::insert(const core::RunRecord& run) {
  auto* under = overOf(run);
  const auto parentIndex = under == root_.get() ? QModelIndex() : createIndex(under->row(), RunColumn, under);
  beginInsertRows(parentIndex, newRow(*under), newRow(*under));
  put(run, *under);
  endInsertRows();
}

void RunListModel::announceChanges(const HomeSnapshot& before) {
  std::map<std::string, const core::RunRecord*> known;
  for (const auto& run : before.runs) known[run.id] = &run;
  for (const auto& run : snapshot_->runs) {
    const auto old = known.find(run.id);
    if (old == known.end()) continue;
    const bool same = old->second->updatedAt == run.updatedAt && old->second->status == run.status &&
                      old->second->name == run.name && old->second->step == run.step && old->second->tags == run.tags &&
                      old->second->note == run.note &&
                      old->second->color == run.color && old->second->hidden == run.hidden && proofOf(*old->second) == proofOf(run);
    if (same) continue;
    const auto at = indexOf(run.id);
    Q_EMIT dataChanged(at, at);
  }
}

void RunListModel::setCurve(const std::string& run, QPolygonF curve) {
  curves_[run] = std::move(curve);
  if (const auto at = indexOf(run); at.isValid()) Q_EMIT dataChanged(at, at, {CurveRole});
}

QModelIndex RunListModel::indexOf(const std::string& run) const {
  const auto node = nodes_.find(run);
  return node == nodes_.end() ? QModelIndex() : createIndex(node->second->row(), RunColumn, node->second);
}

const core::RunRecord* RunListModel::record(const QModelIndex& index) const {
  return index.isValid() ? snapshot_->run(nodeOf(index)->id) : nullptr;
}

RunListModel::Node* RunListModel::nodeOf(const QModelIndex& index) const {
  return index.isValid() ? static_cast<Node*>(index.internalPointer()) : root_.get();
}

QModelIndex RunListModel::index(int row, int column, const QModelIndex& parent) const {
  if (!hasIndex(row, column, parent)) return {};
  return createIndex(row, column, nodeOf(parent)->children[static_cast<std::size_t>(row)].get());
}

QModelIndex RunListModel::parent(const QModelIndex& index) const {
  auto* above = index.isValid() ? nodeOf(index)->parent : nullptr;
  return !above || above == root_.get() ? QModelIndex() : createIndex(above->row(), RunColumn, above);
}

int RunListModel::rowCount(const QModelIndex& parent) const {
  return parent.column() > 0 ? 0 : static_cast<int>(nodeOf(parent)->children.size());
}

int RunListModel::columnCount(const QModelIndex&) const { return ColumnCount; }

Qt::ItemFlags RunListModel::flags(const QModelIndex& index) const {
  const auto usual = QAbstractItemModel::flags(index);
  return index.isValid() && writable_ ? usual | Qt::ItemIsEditable : usual;
}

bool RunListModel::setData(const QModelIndex& index, const QVariant& value, int role) {
  const auto* run = record(index);
  const auto name = value.toString().trimmed().toStdString();
  if (!run || role != Qt::EditRole || name.empty() || name == run->name) return false;
  Q_EMIT renameAsked(run->id, name);
  return true;
}

QVariant RunListModel::data(const QModelIndex& index, int role) const {
  const auto* run = record(index);
  if (!run) return {};
  switch (role) {
    case Qt::EditRole:
    case Qt::DisplayRole: return text(run->name);
    case Qt::ToolTipRole: {
      auto words = tr("%1\n%2 · created %3").arg(text(run->name), text(run->id), localTime(run->createdAt));
      if (writable_) words += QLatin1Char('\n') + tr("Double-click or F2 renames it.");
      return hasProof(*run) ? QString(words + QLatin1Char('\n') + proofHeadline(*run->resumeCheck)) : words;
    }
    case Qt::AccessibleTextRole: {
      const auto words = tr("%1, %2, %3").arg(text(run->name), stateName(run->status), runDetail(*run));
      return hasProof(*run) ? QString(words + QStringLiteral(", ") + proofHeadline(*run->resumeCheck)) : words;
    }
    case ProofRole: return proofOf(*run);
    case IdRole: return text(run->id);
    case StatusRole: return static_cast<int>(run->status);
    case DetailRole: return runDetail(*run);
    case ColorRole: return colorOfRun(*snapshot_, run->id);
    case HiddenRole: return run->hidden;
    case CurveRole: {
      Q_EMIT curveAsked(run->id);
      const auto curve = curves_.find(run->id);
      return curve == curves_.end() ? QVariant() : QVariant::fromValue(curve->second);
    }
    default: return {};
  }
}

QString runDetail(const core::RunRecord& run) {
  const bool branch = !run.parentRun.empty();
  QStringList parts;
  if (run.hidden) parts << RunListModel::tr("hidden");
  if (branch) parts << RunListModel::tr("branch of step %1").arg(count(run.parentStep));
  if (run.best) {
    const bool validation = run.best->metric.starts_with("val/");
    const auto value = shortMetricValue(run.best->metric, run.best->value);
    parts << (branch ? RunListModel::tr("best %1").arg(value)
                     : RunListModel::tr("best %1%2 @ %3").arg(validation ? RunListModel::tr("val ") : QString(), value,
                                                              count(run.best->step)));
  }
  const bool underWay = run.totalSteps > 0 && run.step < run.totalSteps;
  if (run.status == core::RunStatus::Queued) {
    parts << RunListModel::tr("waits for its turn");
  } else if (underWay && (!branch || run.status == core::RunStatus::Running)) {
    parts << RunListModel::tr("%1 / %2").arg(count(run.step), count(run.totalSteps));
  } else if (run.step > 0 && !branch) {
    parts << steps(run.step);
  }
  return parts.join(QStringLiteral(" · "));
}

}  // namespace cairn::ui
