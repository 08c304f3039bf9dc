#include "ui/compare/summary_page.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QTableView>
#include <algorithm>

#include "ui/catalog_client.h"
#include "ui/compare/summary_model.h"
#include "ui/compare/table_style.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {
constexpr int kNames = 220, kNarrowNames = 190;  ///< pixels of the first column
constexpr int kWidest = 300;                     ///< of a value's: wider, and the eye loses the row
}  // namespace

SummaryPage::SummaryPage(CatalogClient& client, QWidget* parent)
    : ComparePage(parent),
      client_(client),
      model_(new SummaryModel(this)),
      table_(new QTableView),
      all_(new QCheckBox(tr("&All settings"))),
      relation_(new QLabel) {
  table_->setModel(model_);
  table_->setObjectName(QStringLiteral("summaryTable"));
  table_->setAccessibleName(tr("Metrics and settings"));
  dressTable(*table_);
  fitColumnsWith(*table_, [this] { fitColumns(); });
  all_->setObjectName(QStringLiteral("allSettings"));
  relation_->setWordWrap(true);
  relation_->setObjectName(QStringLiteral("relation"));
  auto* top = new QWidget;
  auto* row = new QHBoxLayout(top);
  row->setContentsMargins(0, 0, 0, 0);
  row->addWidget(relation_, 1);
  row->addWidget(all_, 0, Qt::AlignTop);
  setContent(compareCard({}, {top, table_}));
  connect(all_, &QCheckBox::toggled, this, &SummaryPage::fill);
}

QByteArray SummaryPage::toCsv() const { return hasContent() ? model_->toCsv() : QByteArray(); }

void SummaryPage::fill() {
  if (items().size() < 2) return;
  model_->set(items(), all_->isChecked());
  relation_->setText(relationOf(items(), *client_.snapshot()));
  all_->setToolTip(tr("%n settings are the same for all", nullptr, model_->equalSettings()));
  table_->clearSpans();
  for (int row = 0; row < model_->rowCount(); ++row) {
    if (model_->rows()[static_cast<std::size_t>(row)].heading) table_->setSpan(row, 0, 1, model_->columnCount());
  }
  fitColumns();
  showContent();
}

void SummaryPage::fitColumns() {
  const int values = model_->columnCount() - 1;
  if (values < 1) return;
  const int room = table_->viewport()->width();
  const int names = room < 900 ? kNarrowNames : kNames;
  table_->setColumnWidth(0, names);
  for (int column = 1; column <= values; ++column) {
    table_->setColumnWidth(column, std::min(kWidest, (room - names) / values));
  }
}

}  // namespace cairn::ui
