#include "ui/compare/weights_page.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QSplitter>
#include <QTableView>
#include <QTableWidget>
#include <QToolButton>
#include <algorithm>

#include "training/comparison.h"
#include "ui/compare/distance_delegate.h"
#include "ui/compare/shared_comparison.h"
#include "ui/compare/table_style.h"
#include "ui/compare/tensor_detail_panel.h"
#include "ui/compare/tensor_model.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr int kBins = 64;
constexpr int kOnlyInRows = 4;  ///< in sight without scrolling
constexpr int kRow = 25;
constexpr int kGap = 18;  ///< between columns of words

}  // namespace

WeightsPage::WeightsPage(QWidget* parent)
    : ComparePage(parent),
      model_(new TensorModel(this)),
      sorter_(new TensorSorter(this)),
      table_(new QTableView),
      others_(new QWidget),
      summary_(new QLabel),
      onlyInHeading_(new QLabel),
      onlyIn_(new QTableWidget),
      detail_(new TensorDetailPanel),
      closely_(this) {
  closely_.setObjectName(QStringLiteral("closely"));
  auto* sides = new QSplitter(Qt::Horizontal);
  sides->setHandleWidth(Theme::kSpacing);
  sides->setChildrenCollapsible(false);
  sides->addWidget(makeTable());
  auto* right = compareCard({}, {detail_});
  right->setMinimumWidth(260);
  sides->addWidget(right);
  sides->setSizes({560, 440});
  sides->setStretchFactor(0, 5);
  sides->setStretchFactor(1, 4);
  setContent(sides);
  connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &WeightsPage::selected);
  connect(&closely_, &LatestTask::failed, this,
          [this](const Error& error) { detail_->showNothing(text(error.what())); });
}

QWidget* WeightsPage::makeTable() {
  sorter_->setSourceModel(model_);
  table_->setModel(sorter_);
  table_->setObjectName(QStringLiteral("tensorTable"));
  table_->setAccessibleName(tr("Tensors"));
  dressTable(*table_);
  fitColumnsWith(*table_, [this] { fitColumns(); });
  table_->setItemDelegateForColumn(TensorModel::Distance, new DistanceDelegate(table_));
  table_->setSortingEnabled(true);
  table_->horizontalHeader()->setSortIndicatorShown(false);  // its arrow pushes the words: TensorSorter writes one
  table_->sortByColumn(TensorModel::Distance, Qt::DescendingOrder);
  auto* row = new QHBoxLayout(others_);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(4);
  row->addStretch(1);
  summary_->setObjectName(QStringLiteral("weightsSummary"));
  summary_->setProperty("role", QStringLiteral("muted"));
  summary_->setWordWrap(true);
  onlyInHeading_->setProperty("role", QStringLiteral("heading"));
  onlyInHeading_->setText(tr("NOT COMPARED: NOT IN ALL, OR OF OTHER SHAPES"));
  onlyIn_->setObjectName(QStringLiteral("onlyIn"));
  onlyIn_->setAccessibleName(onlyInHeading_->text());
  dressTable(*onlyIn_);
  auto* card = compareCard(tr("TENSORS, MOST MOVED FIRST"), {others_, table_, summary_, onlyInHeading_, onlyIn_});
  card->setMinimumWidth(380);
  auto* rows = static_cast<QVBoxLayout*>(card->layout());
  rows->setStretchFactor(table_, 1);
  rows->addStretch();  // where there is no table
  card->findChild<QLabel*>(QString(), Qt::FindDirectChildrenOnly)->setObjectName(QStringLiteral("tensorsHeading"));
  connect(table_->horizontalHeader(), &QHeaderView::sortIndicatorChanged, card,
          [card](int column, Qt::SortOrder order) {
            const bool usual = column == TensorModel::Distance && order == Qt::DescendingOrder;
            card->findChild<QLabel*>(QStringLiteral("tensorsHeading"))
                ->setText(usual ? tr("TENSORS, MOST MOVED FIRST") : tr("TENSORS"));
          });
  return card;
}

void WeightsPage::begin() {
  if (!filesAreThere()) return;
  compute(tr("Reading the checkpoints"),
          [this, files = files()](const core::Progress& progress) -> std::function<void()> {
            const auto comparison = files->get(progress);
            auto weights = std::make_shared<const core::WeightsComparison>(comparison->weights(progress));
            return [this, weights] { show(weights); };
          });
}

void WeightsPage::stop() { closely_.cancel(); }

void WeightsPage::leave() {
  weights_.reset();
  closeUp_.reset();
  model_->set(nullptr, {});
  tensor_.clear();
}

void WeightsPage::recordsChanged() {
  if (weights_ && hasContent()) showDetail();
}

void WeightsPage::show(std::shared_ptr<const core::WeightsComparison> weights) {
  weights_ = std::move(weights);
  model_->set(weights_, lettersOf(items()));
  showOthers();
  showOnlyIn();
  summary_->setText(summary());
  showContent();
  fitColumns();
  table_->setVisible(!weights_->tensors.empty());
  findChild<QLabel*>(QStringLiteral("tensorsHeading"))->setVisible(!weights_->tensors.empty());
  if (weights_->tensors.empty()) return detail_->showNothing(tr("NO TENSOR IS IN ALL OF THEM"));
  detail_->showNothing({});  // until the first one is computed
  table_->setCurrentIndex(sorter_->index(0, 0));
  selected();
}

void WeightsPage::showOthers() {
  for (auto* button : otherButtons_) delete button;
  otherButtons_.clear();
  others_->setVisible(items().size() > 2 && !weights_->tensors.empty());
  for (std::size_t other = 1; other < items().size(); ++other) {
    auto* button = new QToolButton;
    button->setText(tr("A → %1").arg(items()[other].letter));
    button->setToolTip(tr("How far %1 is from A").arg(titleOf(items()[other])));
    button->setObjectName(QStringLiteral("against") + items()[other].letter);
    button->setProperty("framed", true);
    button->setCheckable(true);
    button->setAutoExclusive(true);
    button->setChecked(other == 1);
    button->setFocusPolicy(Qt::TabFocus);
    connect(button, &QToolButton::clicked, this, [this, other] { setOther(other); });
    static_cast<QHBoxLayout*>(others_->layout())->insertWidget(static_cast<int>(other) - 1, button);
    otherButtons_.push_back(button);
  }
}

void WeightsPage::setOther(std::size_t other) {
  model_->setOther(other);
  sorter_->invalidate();
  summary_->setText(summary());
  showDetail();
}

void WeightsPage::showOnlyIn() {
  const auto& list = weights_->onlyIn;
  onlyInHeading_->setVisible(!list.empty());
  onlyIn_->setVisible(!list.empty());
  if (list.empty()) return;
  onlyIn_->setRowCount(static_cast<int>(list.size()));
  onlyIn_->setColumnCount(static_cast<int>(items().size()) + 1);
  onlyIn_->setHorizontalHeaderLabels(QStringList{tr("tensor")} + lettersOf(items()));
  for (int row = 0; row < onlyIn_->rowCount(); ++row) {
    const auto& one = list[static_cast<std::size_t>(row)];
    onlyIn_->setItem(row, 0, new QTableWidgetItem(text(one.name)));
    for (std::size_t i = 0; i < one.shapes.size(); ++i) {
      onlyIn_->setItem(row, static_cast<int>(i) + 1,
                       new QTableWidgetItem(one.shapes[i] ? shapeText(*one.shapes[i]) : QStringLiteral("–")));
    }
  }
  onlyIn_->resizeColumnsToContents();
  for (int column = 0; column < onlyIn_->columnCount(); ++column)
    onlyIn_->setColumnWidth(column, onlyIn_->columnWidth(column) + kGap);
  const int rows = weights_->tensors.empty() ? onlyIn_->rowCount() : std::min(kOnlyInRows, onlyIn_->rowCount());
  onlyIn_->setMinimumHeight(std::min(kOnlyInRows, rows) * kRow + kRow);
  onlyIn_->setMaximumHeight((rows + 1) * kRow + 8);
}

QString WeightsPage::summary() const {
  if (weights_->tensors.empty()) return tr("They have no tensor in common: no name and shape is in all of them.");
  const auto other = model_->other();
  std::int64_t identical = 0;
  for (const auto& row : weights_->tensors) identical += row.distances[other - 1].identical;
  const auto tensors = static_cast<std::int64_t>(weights_->tensors.size());
  QStringList parts{
      tr("%1 parameters in %2")
          .arg(count(weights_->parameters), tensors == 1 ? tr("1 tensor") : tr("%1 tensors").arg(count(tensors))),
      weights_->onlyIn.empty() ? tr("all shapes agree")
                               : tr("%n not compared", nullptr, static_cast<int>(weights_->onlyIn.size())),
      tr("%1 identical").arg(identical)};
  if (const auto whole = weights_->whole[other - 1].relativeL2)
    parts << tr("as a whole %1 from A").arg(shortNumber(whole));
  return parts.join(QStringLiteral(" · "));
}

void WeightsPage::selected() {
  const auto at = sorter_->mapToSource(table_->currentIndex());
  const auto* row = model_->row(at.row());
  if (!row || items().size() < 2) return;
  tensor_ = row->name;
  closeUp_.reset();
  closely_.run([this, files = files(), name = tensor_](const core::Progress& progress) -> std::function<void()> {
    auto detail = std::make_shared<const core::TensorDetail>(files->get(progress)->tensor(name, kBins));
    return [this, detail] {
      closeUp_ = detail;
      showDetail();
    };
  });
}

void WeightsPage::showDetail() {
  const auto row = std::find_if(weights_->tensors.begin(), weights_->tensors.end(),
                                [&](const auto& one) { return one.name == tensor_; });
  if (!closeUp_ || row == weights_->tensors.end() || model_->other() >= items().size()) return;
  detail_->show(*row, *closeUp_, items(), model_->other());
}

// The bar takes what the numbers leave; where that is too little, norms and then the cosine give way: the selected
// tensor's tell stands beside.
void WeightsPage::fitColumns() {
  constexpr int kWidths[] = {130, 96, 70, 70, 0, 62, 92};
  constexpr int kLeastBar = 138;
  const int room = table_->viewport()->width();
  const auto wanted = [&](bool norms, bool cosine) {
    return kWidths[0] + kWidths[1] + (norms ? kWidths[2] + kWidths[3] : 0) + (cosine ? kWidths[5] : 0) + kWidths[6];
  };
  const bool norms = wanted(true, true) + kLeastBar <= room;
  const bool cosine = wanted(false, true) + kLeastBar <= room;
  table_->setColumnHidden(TensorModel::NormA, !norms);
  table_->setColumnHidden(TensorModel::NormOther, !norms);
  table_->setColumnHidden(TensorModel::Cosine, !cosine);
  for (int column = 0; column < TensorModel::ColumnCount; ++column) {
    if (column != TensorModel::Distance) table_->setColumnWidth(column, kWidths[column]);
  }
  const int left = room - wanted(norms, cosine);
  const int extra = std::max(0, left - 260);  // a wider bar says no more
  table_->setColumnWidth(TensorModel::Name, kWidths[0] + extra);
  table_->setColumnWidth(TensorModel::Distance, std::max(kLeastBar, left - extra));
}

QByteArray WeightsPage::toCsv() const {
  if (!hasContent() || !weights_) return {};
  std::vector<std::string> labels;
  for (const auto& item : items()) labels.push_back(titleOf(item).toStdString());
  return QByteArray::fromStdString(training::weightsCsv(*weights_, labels));
}

}  // namespace cairn::ui
