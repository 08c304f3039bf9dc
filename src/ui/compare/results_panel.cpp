#include "ui/compare/results_panel.h"

#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QTableWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <bit>
#include <cmath>

#include "core/text.h"
#include "ui/compare/confusion_view.h"
#include "ui/compare/share_bar.h"
#include "ui/compare/table_style.h"
#include "ui/labels.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr int kRow = 25;
constexpr int kMatricesInRow = 2;

QTableWidgetItem* cell(const QString& words, const QString& exact, bool best) {
  auto* item = new QTableWidgetItem(words);
  const auto& theme = Theme::instance();
  item->setToolTip(exact);
  if (!best) return item;
  auto font = item->font();
  font.setBold(true);
  item->setFont(font);
  item->setForeground(theme.colors().good);
  item->setIcon(theme.icon(QStringLiteral("star"), theme.colors().star));
  return item;
}

std::vector<double> column(const core::PredictionComparison& comparison,
                           std::optional<double> core::EvaluationResult::*figure) {
  std::vector<double> values;
  for (const auto& result : comparison.results) values.push_back((result.*figure).value_or(std::nan("")));
  return values;
}

bool holds(const std::vector<std::size_t>& places, std::size_t place) {
  return std::find(places.begin(), places.end(), place) != places.end();
}

/// Those that could be evaluated, a bit each.
std::size_t ableOnes(const core::PredictionComparison& comparison) {
  std::size_t mask = 0;
  for (std::size_t i = 0; i < comparison.results.size(); ++i) {
    if (comparison.results[i].problem.empty()) mask |= std::size_t{1} << i;
  }
  return mask;
}

/// "only A", "only A and C", "all right", "none right"; of one alone "right" and "wrong"
QString nameOf(std::size_t mask, std::size_t all, const ComparedItems& items) {
  const bool alone = std::popcount(all) == 1;
  if (mask == 0) return alone ? ResultsPanel::tr("wrong") : ResultsPanel::tr("none right");
  if (mask == all && alone) return ResultsPanel::tr("right");
  if (mask == all) return std::popcount(all) == 2 ? ResultsPanel::tr("both right") : ResultsPanel::tr("all right");
  QStringList letters;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (mask >> i & 1) letters << items[i].letter;
  }
  return ResultsPanel::tr("only %1").arg(letters.join(ResultsPanel::tr(" and ")));
}

QColor colorOf(std::size_t mask, std::size_t all, const ComparedItems& items) {
  const auto& colors = Theme::instance().colors();
  if (mask == 0) return colors.bad;
  if (mask == all) return colors.good;
  return std::popcount(mask) == 1 ? items[static_cast<std::size_t>(std::countr_zero(mask))].color : colors.neutral;
}

}  // namespace

ResultsPanel::ResultsPanel(QWidget* parent)
    : QWidget(parent),
      data_(wrappedLabel("muted")),
      results_(new QTableWidget),
      agreement_(wrappedLabel("")),
      shares_(new ShareBar),
      shareWords_(wrappedLabel("muted")),
      matrixCaption_(wrappedLabel("muted")),
      matrices_(new QGridLayout),
      notes_(wrappedLabel("muted")) {
  results_->setObjectName(QStringLiteral("resultsTable"));
  results_->setAccessibleName(tr("Loss and accuracy"));
  dressTable(*results_);
  data_->setObjectName(QStringLiteral("evaluatedOn"));
  agreement_->setObjectName(QStringLiteral("agreement"));
  shares_->setObjectName(QStringLiteral("rightBy"));
  notes_->setObjectName(QStringLiteral("predictionNotes"));
  matrices_->setSpacing(Theme::kSpacing);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 6, 0);  // beside the scroll bar
  column->setSpacing(Theme::kSpacing);
  column->addWidget(data_);
  column->addWidget(results_);
  column->addWidget(agreement_);
  column->addWidget(shares_);
  column->addWidget(shareWords_);
  column->addWidget(matrixCaption_);
  column->addLayout(matrices_, 1);
  column->addWidget(notes_);
  column->addStretch();
}

void ResultsPanel::show(const core::PredictionComparison& comparison, const ComparedItems& items) {
  const auto& of = items[comparison.data.of];
  data_->setText(comparison.data.validation
                     ? tr("On the %1 validation samples of %2.").arg(count(comparison.data.samples), of.letter)
                     : tr("None has a validation split: on the %1 training samples of %2.")
                           .arg(count(comparison.data.samples), of.letter));
  showResults(comparison, items);
  showAgreement(comparison, items);
  showShares(comparison, items);
  showConfusion(comparison, items);
  QStringList notes;
  for (const auto& note : comparison.data.notes) notes << sentence(note);
  notes_->setText(notes.join(QLatin1Char('\n')));
  notes_->setVisible(!notes.isEmpty());
}

void ResultsPanel::showResults(const core::PredictionComparison& comparison, const ComparedItems& items) {
  const auto losses = column(comparison, &core::EvaluationResult::loss),
             accuracies = column(comparison, &core::EvaluationResult::accuracy);
  const auto bestLoss = bestOf("loss", losses), bestAccuracy = bestOf("accuracy", accuracies);
  const bool classifies =
      std::any_of(accuracies.begin(), accuracies.end(), [](double value) { return !std::isnan(value); });
  results_->clear();
  results_->clearSpans();
  results_->setColumnCount(classifies ? 3 : 2);
  results_->setRowCount(static_cast<int>(items.size()));
  results_->setHorizontalHeaderLabels(
      QStringList{QString(), tr("loss"), tr("accuracy")}.mid(0, results_->columnCount()));
  for (std::size_t i = 0; i < items.size(); ++i) {
    const int row = static_cast<int>(i);
    const auto& result = comparison.results[i];
    results_->setItem(row, 0,
                      cell(QStringLiteral("%1  %2").arg(items[i].letter, titleOf(items[i])), titleOf(items[i]), false));
    if (!result.problem.empty()) {
      results_->setItem(row, 1, cell(text(result.problem), text(result.problem), false));
      if (classifies) results_->setSpan(row, 1, 1, 2);
      continue;
    }
    const auto exact = [](double value) { return std::isnan(value) ? QString() : text(core::roundTrip(value)); };
    results_->setItem(
        row, 1, cell(result.loss ? number(losses[i]) : QStringLiteral("–"), exact(losses[i]), holds(bestLoss, i)));
    if (classifies)
      results_->setItem(row, 2,
                        cell(result.accuracy ? percent(accuracies[i]) : QStringLiteral("–"), exact(accuracies[i]),
                             holds(bestAccuracy, i)));
  }
  results_->horizontalHeader()->setStretchLastSection(false);
  results_->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  results_->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
  results_->setFixedHeight((results_->rowCount() + 1) * kRow + 6);
}

void ResultsPanel::showAgreement(const core::PredictionComparison& comparison, const ComparedItems& items) {
  QStringList pairs, shares;
  for (std::size_t i = 0; i < items.size(); ++i) {
    for (std::size_t j = i + 1; j < items.size() && i < comparison.agreement.size(); ++j) {
      if (const auto& share = comparison.agreement[i][j]) {
        shares << percent(*share);
        pairs << tr("%1 and %2 %3").arg(items[i].letter, items[j].letter, shares.back());
      }
    }
  }
  agreement_->setVisible(!pairs.isEmpty());
  if (pairs.size() == 1) {
    agreement_->setText(tr("They agree on %1.").arg(shares.front()));
  } else {
    if (comparison.allAgree && items.size() > 2) pairs << tr("all %1").arg(percent(*comparison.allAgree));
    agreement_->setText(tr("They agree: %1.").arg(pairs.join(QStringLiteral(" · "))));
  }
}

void ResultsPanel::showShares(const core::PredictionComparison& comparison, const ComparedItems& items) {
  QList<ShareBar::Part> parts;
  QStringList words;
  const auto all = ableOnes(comparison);
  for (std::size_t i = comparison.rightBy.size(); i-- > 0;) {
    if (comparison.rightBy[i] == 0) continue;
    parts.append({nameOf(i, all, items), colorOf(i, all, items), comparison.rightBy[i]});
    words << QStringLiteral("%1 %2").arg(parts.back().name, count(parts.back().count));
  }
  shares_->set(parts);
  shares_->setVisible(!parts.isEmpty());
  shareWords_->setVisible(!parts.isEmpty());
  shareWords_->setText(words.join(QStringLiteral(" · ")));
}

void ResultsPanel::showConfusion(const core::PredictionComparison& comparison, const ComparedItems& items) {
  for (auto* view : confusion_) delete view;
  confusion_.clear();
  QStringList classes;
  for (const auto& name : comparison.data.classes) classes << text(name);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto& counts = comparison.results[i].confusion;
    if (counts.empty()) continue;
    auto* view = new ConfusionView;
    view->setObjectName(QStringLiteral("confusion") + items[i].letter);
    view->set(items[i].letter, items[i].color, classes, counts);
    const int at = static_cast<int>(confusion_.size());
    matrices_->addWidget(view, at / kMatricesInRow, at % kMatricesInRow);
    confusion_.push_back(view);
  }
  matrixCaption_->setText(tr("Confusion matrix: true class ↓, predicted class →"));
  matrixCaption_->setVisible(!confusion_.empty());
}

}  // namespace cairn::ui
