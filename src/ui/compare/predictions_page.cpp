#include "ui/compare/predictions_page.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSplitter>
#include <QTableView>
#include <algorithm>

#include "training/comparison.h"
#include "ui/compare/answer_delegate.h"
#include "ui/compare/results_panel.h"
#include "ui/compare/sample_model.h"
#include "ui/compare/shared_comparison.h"
#include "ui/compare/table_style.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {
constexpr std::int64_t kSamples = 200;
constexpr int kRowHeight = 30, kImageHeight = 52, kTextHeight = 66;
constexpr int kNumber = 56, kDifference = 86, kImage = 60, kLeastSample = 70, kLeastTruth = 56, kMostTruth = 120,
              kAnswer = 70;
constexpr int kWideAnswer = 140;  ///< more says no more, the values do
}  // namespace

PredictionsPage::PredictionsPage(QWidget* parent)
    : ComparePage(parent),
      data_(new QComboBox),
      results_(new ResultsPanel),
      heading_(new QLabel),
      model_(new SampleModel(this)),
      table_(new QTableView) {
  auto* sides = new QSplitter(Qt::Horizontal);
  sides->setHandleWidth(Theme::kSpacing);
  sides->setChildrenCollapsible(false);
  sides->addWidget(makeResults());
  sides->addWidget(makeSamples());
  sides->setSizes({430, 570});
  sides->setStretchFactor(0, 4);
  sides->setStretchFactor(1, 5);
  setContent(sides);
}

QWidget* PredictionsPage::makeResults() {
  data_->setObjectName(QStringLiteral("dataOf"));
  data_->setAccessibleName(tr("Whose validation data they are compared on"));
  connect(data_, &QComboBox::activated, this, [this](int at) { evaluate(static_cast<std::size_t>(at)); });
  auto* scroll = new QScrollArea;
  scroll->setWidget(results_);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setFocusPolicy(Qt::NoFocus);
  auto* card = compareCard({}, {data_, scroll});
  card->setMinimumWidth(300);
  return card;
}

QWidget* PredictionsPage::makeSamples() {
  heading_->setProperty("role", QStringLiteral("heading"));
  heading_->setObjectName(QStringLiteral("samplesHeading"));
  table_->setModel(model_);
  table_->setObjectName(QStringLiteral("sampleTable"));
  table_->setAccessibleName(tr("Samples on which they differ most"));
  dressTable(*table_);
  fitColumnsWith(*table_, [this] { fitColumns(); });
  auto* card = compareCard({}, {heading_, table_});
  card->setMinimumWidth(360);
  return card;
}

void PredictionsPage::begin() {
  leave();  // what is known is of other checkpoints
  fillData();
  evaluate({});
}

void PredictionsPage::leave() {
  comparison_.reset();
  model_->set(nullptr, {});
}

void PredictionsPage::recordsChanged() {
  if (!comparison_ || !hasContent()) return;
  fillData();
  results_->show(*comparison_, items());
}

void PredictionsPage::fillData() {
  const QSignalBlocker quiet(data_);
  const int wanted = static_cast<int>(items().size());
  while (data_->count() > wanted) data_->removeItem(wanted);
  for (int at = 0; at < wanted; ++at) {  // in place: the list may be open
    const auto& item = items()[static_cast<std::size_t>(at)];
    const auto words = tr("Validation data of %1  %2").arg(item.letter, titleOf(item));
    if (at < data_->count())
      data_->setItemText(at, words);
    else
      data_->addItem(words);
  }
  data_->setCurrentIndex(comparison_ ? static_cast<int>(comparison_->data.of) : 0);
}

void PredictionsPage::evaluate(std::optional<std::size_t> dataOf) {
  if (!filesAreThere()) return;
  compute(tr("Evaluating"), [this, files = files(), dataOf](const core::Progress& progress) -> std::function<void()> {
    engine::PredictionOptions options;
    options.dataOf = dataOf;
    options.samples = kSamples;
    const auto comparison = files->get(progress);
    auto found = std::make_shared<const core::PredictionComparison>(comparison->predictions(options, progress));
    return [this, found] { show(found); };
  });
}

void PredictionsPage::show(std::shared_ptr<const core::PredictionComparison> comparison) {
  comparison_ = std::move(comparison);
  fillData();
  results_->show(*comparison_, items());
  model_->set(comparison_, lettersOf(items()));
  delete table_->itemDelegateForColumn(SampleModel::FirstAnswer);
  auto* delegate = new AnswerDelegate(model_->isText(), table_);
  for (int column = 0; column < model_->columnCount(); ++column) {
    const bool wraps = model_->isText() && column != SampleModel::Number && column != model_->differenceColumn();
    const bool answers = column >= SampleModel::FirstAnswer && column != model_->differenceColumn();
    table_->setItemDelegateForColumn(column, answers || wraps ? delegate : nullptr);
  }
  table_->verticalHeader()->setDefaultSectionSize(model_->isText()     ? kTextHeight
                                                  : model_->isImages() ? kImageHeight
                                                                       : kRowHeight);
  table_->setIconSize({kImageHeight - 8, kImageHeight - 8});
  heading_->setText(heading());
  showContent();
  fitColumns();
  if (model_->rowCount() > 0) table_->setCurrentIndex(model_->index(0, SampleModel::Sample));
}

QString PredictionsPage::heading() const {
  const auto able = std::count_if(comparison_->results.begin(), comparison_->results.end(),
                                  [](const auto& one) { return one.problem.empty(); });
  const auto shown = static_cast<std::int64_t>(comparison_->samples.size());
  if (able < 2) return tr("NOTHING TO COMPARE: FEWER THAN TWO CAN PREDICT THESE SAMPLES");
  if (comparison_->differing == 0) return tr("THEY PREDICT THE SAME FOR EVERY SAMPLE");
  if (shown < comparison_->differing)
    return tr("THE %1 SAMPLES ON WHICH THEY DIFFER MOST, OF %2").arg(count(shown), count(comparison_->differing));
  if (shown == 1) return tr("ONE SAMPLE ON WHICH THEY DIFFER");
  return tr("%1 SAMPLES ON WHICH THEY DIFFER, MOST FIRST").arg(count(shown));
}

// The difference gives way first: the order tells it.
void PredictionsPage::fitColumns() {
  if (!comparison_) return;
  const int answers = model_->columnCount() - SampleModel::FirstAnswer - 1;
  const int whole = table_->viewport()->width() - kNumber;
  const bool difference = whole - kDifference >= kLeastSample + kLeastTruth + answers * kAnswer;
  const int room = whole - (difference ? kDifference : 0);
  const bool wide = model_->isText();
  const int fair = room / (answers + 2);
  const QAbstractItemView* rows = table_;  // QTableView hides what it offers
  const int spare = room - kLeastSample - answers * kWideAnswer;
  const int truth =
      wide ? fair : std::clamp(std::min(spare, rows->sizeHintForColumn(SampleModel::Truth)), kLeastTruth, kMostTruth);
  const int sample = model_->isImages() ? kImage
                     : wide             ? fair
                                        : std::max(kLeastSample, room - truth - answers * kWideAnswer);
  table_->setColumnHidden(model_->differenceColumn(), !difference);
  table_->setColumnWidth(model_->differenceColumn(), kDifference);  // the header stretches it, but does not shrink it
  table_->setColumnWidth(SampleModel::Number, kNumber);
  table_->setColumnWidth(SampleModel::Sample, sample);
  table_->setColumnWidth(SampleModel::Truth, truth);
  for (int i = 0; i < answers; ++i) {
    table_->setColumnWidth(SampleModel::FirstAnswer + i, std::max(kAnswer, (room - sample - truth) / answers));
  }
}

QByteArray PredictionsPage::toCsv() const { return hasContent() ? model_->toCsv() : QByteArray(); }

}  // namespace cairn::ui
