#include "ui/panels/fact_table.h"

#include <QFrame>

#include "ui/theme.h"

namespace cairn::ui {

FactTable::FactTable(QWidget* parent) : QWidget(parent), layout_(new QGridLayout(this)) {
  layout_->setContentsMargins(0, 0, 0, 0);
  layout_->setVerticalSpacing(3);
  layout_->setColumnStretch(2, 1);
  layout_->setHorizontalSpacing(6);
}

void FactTable::addRow() {
  const int at = static_cast<int>(rows_.size()) * 2;
  Row row{new QLabel, new QLabel, new QLabel, new QFrame};
  row.name->setAlignment(Qt::AlignLeft | Qt::AlignTop);
  row.name->setProperty("role", QStringLiteral("muted"));
  row.value->setAlignment(Qt::AlignRight | Qt::AlignTop);
  row.value->setWordWrap(true);
  row.value->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);  // a long word must not widen the panel
  row.value->setTextInteractionFlags(Qt::TextSelectableByMouse);
  row.line->setProperty("role", QStringLiteral("line"));
  layout_->addWidget(row.name, at, 0);
  layout_->addWidget(row.star, at, 1);
  layout_->addWidget(row.value, at, 2);
  layout_->addWidget(row.line, at + 1, 0, 1, 3);
  rows_.push_back(row);
}

void FactTable::setFacts(const QList<Fact>& facts) {
  const auto wanted = static_cast<std::size_t>(facts.size());
  while (rows_.size() < wanted) addRow();
  for (std::size_t at = 0; at < rows_.size(); ++at) {
    auto& row = rows_[at];
    const bool used = at < wanted;
    row.name->setVisible(used);
    row.value->setVisible(used);
    row.line->setVisible(used && at + 1 < wanted);
    const auto fact = used ? facts[static_cast<qsizetype>(at)] : Fact{};
    row.name->setText(fact.name);
    row.value->setText(fact.value);
    row.value->setToolTip(fact.toolTip.isEmpty() ? fact.value : fact.toolTip);
    row.star->setVisible(fact.star);
    if (!fact.star) continue;
    row.star->setPixmap(Theme::instance().icon(QStringLiteral("star"), Theme::instance().colors().star).pixmap(13, 13));
    row.star->setToolTip(tr("The best of its run"));
  }
}

}  // namespace cairn::ui
