#include "ui/compare/summary_rows.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "core/text.h"
#include "ui/dialogs/json_text.h"
#include "ui/text.h"

namespace cairn::ui {

namespace {

using Row = SummaryModel::Row;

QString tr(const char* source) { return QCoreApplication::translate("cairn::ui::summary", source); }

const QString kNone = QStringLiteral("–");

Row metricRow(const ComparedItems& items, const std::string& series) {
  Row row{.name = metricTitle(series), .values = {}, .exact = {}, .best = {}};
  std::vector<double> values;
  for (const auto& item : items) {
    const auto found = item.checkpoint.metrics.find(series);
    const bool known = found != item.checkpoint.metrics.end();
    values.push_back(known ? found->second : std::numeric_limits<double>::quiet_NaN());
    row.values << (known ? metricValue(series, found->second) : kNone);
    row.exact << (known ? text(core::roundTrip(found->second)) : QString());
  }
  row.best = bestOf(series, values);
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

void flatten(const nlohmann::ordered_json& value, const std::string& path, std::vector<std::string>& order,
             std::map<std::string, std::string>& into) {
  if (value.is_object()) {
    for (const auto& [key, child] : value.items()) flatten(child, path.empty() ? key : path + "." + key, order, into);
    return;
  }
  if (std::find(order.begin(), order.end(), path) == order.end()) order.push_back(path);
  into[path] = value.dump();
}

}  // namespace

std::vector<Row> metricRows(const ComparedItems& items) {
  std::vector<std::string> order = {"val/loss", "val/accuracy", "train/loss", "train/accuracy", "lr", "grad_norm", "step_seconds"};
  for (const auto& item : items) {
    for (const auto& [series, value] : item.checkpoint.metrics) {
      if (std::find(order.begin(), order.end(), series) == order.end()) order.push_back(series);
    }
  }
  std::vector<Row> rows;
  for (const auto& series : order) {
    const bool any = std::any_of(items.begin(), items.end(),
                                 [&](const auto& item) { return item.checkpoint.metrics.contains(series); });
    if (any) rows.push_back(metricRow(items, series));
  }
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
  std::vector<std::string> order;
  std::vector<std::map<std::string, std::string>> specs;
  for (const auto& item : items) flatten(core::toJson(item.run.spec), "", order, specs.emplace_back());
  std::vector<Row> rows;
  for (const auto& key : order) {
    if (key == "name") continue;
    Row row{.name = text(key), .values = {}, .exact = {}, .best = {}};
    for (const auto& spec : specs) {
      const auto found = spec.find(key);
      const auto shown = found == spec.end() ? QString() : plainText(nlohmann::json::parse(found->second));
      row.values << (shown.isEmpty() ? kNone : shown);
      row.exact << shown;
    }
    row.differs = std::any_of(specs.begin(), specs.end(), [&](const auto& spec) {
      const auto found = spec.find(key), first = specs.front().find(key);
      return (found == spec.end()) != (first == specs.front().end()) || (found != spec.end() && found->second != first->second);
    });
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace cairn::ui
