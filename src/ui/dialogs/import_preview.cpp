#include "ui/dialogs/import_preview.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QScrollArea>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/dialogs/import_rows_model.h"
#include "ui/labels.h"
#include "ui/panels/fact_table.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

using How = engine::ImportRow::How;

constexpr std::size_t kMostProblems = 5;  // on top; the tensors' own stand at their rows too
constexpr int kSideWidth = 300, kRowHeight = 24, kNameWidth = 190;

/// A tensor's name or a key stays as it is written.
QString sentence(const std::string& words) {
  auto line = text(words);
  const auto first = line.section(QLatin1Char(' '), 0, 0);
  const bool name =
      first.contains(QLatin1Char('.')) || first.contains(QLatin1Char('_')) || first.endsWith(QLatin1Char(':'));
  if (!line.isEmpty() && !name) line[0] = line[0].toUpper();
  return line + QLatin1Char('.');
}

QString bullets(const std::vector<std::string>& lines, std::size_t most) {
  QStringList list;
  for (std::size_t i = 0; i < std::min(most, lines.size()); ++i) list << QStringLiteral("• ") + sentence(lines[i]);
  if (lines.size() > most)
    list << ImportPreview::tr("• and %1 more").arg(count(static_cast<std::int64_t>(lines.size() - most)));
  return list.join(QLatin1Char('\n'));
}

QString matchText(const std::vector<engine::ImportRow>& rows) {
  const auto all = static_cast<std::int64_t>(rows.size());
  const auto byOrder = std::count_if(
      rows.begin(), rows.end(), [](const auto& row) { return row.how == How::Order && row.fileName != row.modelName; });
  if (byOrder == 0) return ImportPreview::tr("All %1 tensors fit, by name.").arg(count(all));
  if (byOrder == all)
    return ImportPreview::tr("All %1 tensors fit, by order and shape; the file's names are kept.").arg(count(all));
  return ImportPreview::tr("All %1 tensors fit: %2 by name, %3 by order and shape; the file's names are kept.")
      .arg(count(all), count(all - byOrder), count(byOrder));
}

QString stateText(const QString& what, bool fromFile, const QString& otherwise) {
  if (what.isEmpty()) return ImportPreview::tr("none");
  return fromFile ? ImportPreview::tr("%1, with the file's state").arg(what) : what + otherwise;
}

QList<Fact> factsOf(const engine::ImportPlan& plan) {
  QList<Fact> facts;
  const auto add = [&](const QString& name, const QString& value) {
    facts.append({.name = name, .value = value, .toolTip = {}, .star = false});
  };
  add(ImportPreview::tr("Goes on at"), ImportPreview::tr("epoch %1, step %2").arg(count(plan.epoch), count(plan.step)));
  add(ImportPreview::tr("lr"), number(plan.lr));
  if (plan.loss) add(ImportPreview::tr("Loss in the file"), number(*plan.loss));
  add(ImportPreview::tr("Optimizer"), stateText(text(core::optimizerType(plan.spec.optimizer)), plan.optimizerState,
                                                ImportPreview::tr(", starting afresh")));
  add(ImportPreview::tr("Schedule"), stateText(text(core::schedulerType(plan.spec.lrScheduler)), plan.schedulerState,
                                               ImportPreview::tr(", from its beginning")));
  add(ImportPreview::tr("Random state"), plan.randomState
                                             ? ImportPreview::tr("the file's")
                                             : ImportPreview::tr("from seed %1").arg(plan.spec.training.seed));
  return facts;
}

}  // namespace

ImportPreview::ImportPreview(QWidget* parent)
    : QWidget(parent),
      headline_(fileLabel("heading")),
      problems_(fileLabel("error")),
      body_(new QWidget),
      table_(new QTableView),
      rows_(new ImportRowsModel(this)),
      facts_(new FactTable),
      notes_(fileLabel("muted")) {
  table_->setModel(rows_);
  table_->setObjectName(QStringLiteral("importRows"));
  table_->setAccessibleName(tr("Tensors of the file and of the model"));
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setAlternatingRowColors(true);
  table_->setShowGrid(false);
  table_->setStyleSheet(QStringLiteral("QTableView::item { padding: 0 4px; }"));
  table_->setWordWrap(false);
  table_->verticalHeader()->hide();
  table_->verticalHeader()->setDefaultSectionSize(kRowHeight);
  table_->horizontalHeader()->setStretchLastSection(true);
  table_->horizontalHeader()->setHighlightSections(false);
  table_->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  auto* body = new QHBoxLayout(body_);
  body->setContentsMargins(0, 0, 0, 0);
  body->setSpacing(2 * Theme::kSpacing);
  body->addWidget(table_, 1);
  body->addWidget(makeSide());
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(Theme::kSpacing);
  headline_->setObjectName(QStringLiteral("importHeadline"));
  problems_->setObjectName(QStringLiteral("importProblems"));
  notes_->setObjectName(QStringLiteral("importNotes"));
  layout->addWidget(headline_);
  layout->addWidget(problems_);
  layout->addWidget(body_, 1);
  layout->addStretch();
  clear({});
}

QWidget* ImportPreview::makeSide() {
  auto* inside = new QWidget;
  auto* column = new QVBoxLayout(inside);
  column->setContentsMargins(0, 0, Theme::kSpacing, 0);
  column->setSpacing(Theme::kSpacing);
  facts_->setObjectName(QStringLiteral("importFacts"));
  column->addWidget(facts_);
  column->addWidget(notes_);
  column->addStretch();
  auto* side = new QScrollArea;
  side->setWidget(inside);
  side->setWidgetResizable(true);
  side->setFrameShape(QFrame::NoFrame);
  side->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  side->setFixedWidth(kSideWidth);
  return side;
}

void ImportPreview::clear(const QString& why, bool error) {
  rows_->setRows({});
  body_->hide();
  problems_->hide();
  setRole(*headline_, error ? "error" : "muted");
  headline_->setText(why);
}

void ImportPreview::showPlan(const engine::ImportPlan& plan) {
  rows_->setRows(plan.rows);
  setRole(*headline_, "heading");
  headline_->setText(plan.problems.empty()
                         ? matchText(plan.rows)
                         : tr("It does not fit these settings. Change them to what the file says, or choose others."));
  showProblems(plan.problems);
  facts_->setFacts(factsOf(plan));
  notes_->setText(bullets(plan.notes, plan.notes.size()));
  notes_->setVisible(!plan.notes.empty());
  body_->show();
  table_->resizeColumnsToContents();
  for (const int column : {ImportRowsModel::InFile, ImportRowsModel::InModel})
    table_->setColumnWidth(column, std::min(table_->columnWidth(column), kNameWidth));
  if (const int row = rows_->firstProblem(); row >= 0)
    table_->scrollTo(rows_->index(row, 0), QAbstractItemView::PositionAtCenter);
}

void ImportPreview::showProblems(const std::vector<std::string>& problems) {
  problems_->setText(bullets(problems, kMostProblems));
  problems_->setVisible(!problems.empty());
}

}  // namespace cairn::ui
