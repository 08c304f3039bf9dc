#include "ui/compare/summary_rows.h"

#include <QCoreApplication>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/comparison_summary.h"
#include "core/text.h"
#include "ui/dialogs/json_text.h"
#include "ui/text.h"

namespace cairn::ui {

namespace {

using Row = SummaryModel::Row;

QString tr(const char* source) { return QCoreApplication::translate("cairn::ui::summary", source); }

const QString kNone = QStringLiteral("–");

Row metricRow(const core::MetricRow& metric) {
  Row row{.name = metric.name == "loss" ? tr("Last training loss") : metricTitle(metric.name),
          .values = {},
          .exact = {},
          .best = {}};
  for (std::size_t i = 0; i < metric.values.size(); ++i) {
    const auto& value = metric.values[i];
    row.values << (value ? metricValue(metric.name, *value) : kNone);
    row.exact << (value ? text(core::roundTrip(*value)) : QString());
    if (metric.best[i]) row.best.push_back(i);
  }
  row.why = text(metric.why);
  return row;
}

Row factRow(const ComparedItems& items, const QString& name, auto valueOf, auto exactOf) {
  Row row{.name = name, .values = {}, .exact = {}, .best = {}};
  for (const auto& item : items) {
    row.values << valueOf(item);
    row.exact << exactOf(item);
  }
  return row;
}

core::ComparisonSummary summaryOf(const ComparedItems& items) { return core::summarize({items.begin(), items.end()}); }

}  // namespace

std::vector<Row> metricRows(const ComparedItems& items) {
  std::vector<Row> rows;
  for (const auto& metric : summaryOf(items).metrics) rows.push_back(metricRow(metric));
  rows.push_back(factRow(
      items, tr("Step"), [](const auto& item) { return count(item.checkpoint.step); },
      [](const auto& item) { return QString::number(item.checkpoint.step); }));
  rows.push_back(factRow(
      items, tr("Epochs completed"), [](const auto& item) { return count(item.checkpoint.epoch); },
      [](const auto& item) { return QString::number(item.checkpoint.epoch); }));
  rows.push_back(factRow(
      items, tr("Model"), [](const auto& item) { return modelTitle(item.run.spec.model); },
      [](const auto& item) { return modelTitle(item.run.spec.model); }));
  rows.push_back(factRow(
      items, tr("Saved"), [](const auto& item) { return localTime(item.checkpoint.createdAt); },
      [](const auto& item) { return text(item.checkpoint.createdAt); }));
  rows.push_back(factRow(
      items, tr("File"), [](const auto& item) { return bytes(item.checkpoint.bytes); },
      [](const auto& item) { return QString::number(item.checkpoint.bytes); }));
  return rows;
}

std::vector<Row> settingRows(const ComparedItems& items) {
  std::vector<Row> rows;
  for (const auto& setting : summaryOf(items).settings) {
    Row row{.name = text(setting.key), .values = {}, .exact = {}, .best = {}};
    for (const auto& value : setting.values) {
      const auto shown = value.empty() ? QString() : plainText(nlohmann::json::parse(value));
      row.values << (shown.isEmpty() ? kNone : shown);
      row.exact << shown;
    }
    row.differs = setting.differs;
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace cairn::ui
