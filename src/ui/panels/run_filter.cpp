#include "ui/panels/run_filter.h"

#include <QRegularExpression>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "ui/text.h"

namespace cairn::ui {

namespace {

bool containsWord(const core::RunRecord& run, const QString& word) {
  const auto has = [&](std::string_view part) { return text(part).contains(word, Qt::CaseInsensitive); };
  return has(run.name) || has(run.note) || has(core::toText(run.status)) ||
         std::any_of(run.tags.begin(), run.tags.end(), has);
}

bool holds(const QString& relation, int order) {
  if (relation == QLatin1String("<")) return order < 0;
  if (relation == QLatin1String(">")) return order > 0;
  if (relation == QLatin1String("<=")) return order <= 0;
  if (relation == QLatin1String(">=")) return order >= 0;
  return order == 0;
}

int orderOf(double left, double right) { return left < right ? -1 : left > right ? 1 : 0; }

bool compares(const QString& actual, const QString& relation, const QString& wanted) {
  bool actualIsNumber = false, wantedIsNumber = false;
  const double left = actual.toDouble(&actualIsNumber);
  const double right = wanted.toDouble(&wantedIsNumber);
  if (actualIsNumber && wantedIsNumber) return holds(relation, orderOf(left, right));
  return holds(relation, actual.compare(wanted, Qt::CaseInsensitive));
}

/// Every value of the run that bears `key`.
QStringList valuesOf(const core::RunRecord& run, const QString& key) {
  QStringList values;
  if (key == QLatin1String("step")) values << QString::number(run.step);
  if (key == QLatin1String("epoch")) values << QString::number(run.epoch);
  if (key == QLatin1String("best") && run.best) values << QString::number(run.best->value, 'g', 17);
  const auto flat = nlohmann::json(core::toJson(run.spec)).flatten();
  const auto path = QString(QStringLiteral("/") + QString(key).replace(QLatin1Char('.'), QLatin1Char('/')));
  for (const auto& [pointer, value] : flat.items()) {
    if (!text(pointer).endsWith(path, Qt::CaseInsensitive)) continue;
    values << text(value.is_string() ? value.get<std::string>() : value.dump());
  }
  return values;
}

}  // namespace

RunFilter::RunFilter(const QString& filter) {
  static const QRegularExpression comparison(QStringLiteral("^([\\w.]+)(<=|>=|<|>|=)(.+)$"));
  for (const auto& word : filter.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
    if (const auto match = comparison.match(word); match.hasMatch()) {
      comparisons_.push_back({match.captured(1), match.captured(2), match.captured(3)});
    } else {
      words_ << word;
    }
  }
}

bool RunFilter::matches(const core::RunRecord& run) const {
  for (const auto& word : words_) {
    if (!containsWord(run, word)) return false;
  }
  return std::all_of(comparisons_.begin(), comparisons_.end(), [&](const Comparison& wanted) {
    const auto values = valuesOf(run, wanted.key);
    return std::any_of(values.begin(), values.end(),
                       [&](const QString& value) { return compares(value, wanted.relation, wanted.value); });
  });
}

}  // namespace cairn::ui
