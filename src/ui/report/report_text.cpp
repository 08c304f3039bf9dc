#include "ui/report/report_text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QStringList>
#include <nlohmann/json.hpp>

#include "core/event_kinds.h"
#include "core/run_history.h"
#include "core/text.h"
#include "ui/text.h"

namespace cairn::ui {

namespace {

// Plain enough for QTextDocument, which prints it, and for a browser.
constexpr auto kStyle = R"css(
body { font-family: sans-serif; font-size: 10pt; color: #1d2026; }
h1 { font-size: 18pt; margin-bottom: 0; }
h2 { font-size: 12pt; margin-top: 1.6em; color: #2460c8; }
p.muted, td.muted { color: #666b78; }
table { border-collapse: collapse; margin: 0; }
td, th { white-space: nowrap; font-size: 9pt; padding: 3px 14px 3px 0; text-align: left; vertical-align: top; border-bottom: 1px solid #e4e6eb; }
th { color: #666b78; font-weight: normal; }
td.number, th.number { text-align: right; }
td.name { color: #666b78; }
td.text { white-space: normal; }
td.code { font-family: monospace; }
)css";

QString tr(const char* source) { return QCoreApplication::translate("cairn::ui::report", source); }
QString safe(const QString& words) { return words.toHtmlEscaped(); }
QString safe(const std::string& words) { return text(words).toHtmlEscaped(); }

QString joined(const std::vector<std::string>& words) {
  QStringList list;
  for (const auto& word : words) list << text(word);
  return list.join(QStringLiteral(", "));
}

QString heading(const QString& words) { return QStringLiteral("<h2>%1</h2>\n").arg(safe(words)); }

using Row = std::pair<QString, QString>;  ///< a name and what is HTML already

QString factTable(const QList<Row>& rows) {
  QString html = QStringLiteral("<table>\n");
  for (const auto& [name, value] : rows)
    html += QStringLiteral("<tr><td class=\"name\">%1</td><td class=\"text\">%2</td></tr>\n").arg(safe(name), value);
  return html + QStringLiteral("</table>\n");
}

QString stamp(const std::string& iso) {
  const auto time = QDateTime::fromString(text(iso), Qt::ISODateWithMs);
  return time.isValid() ? time.toUTC().toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")) + QStringLiteral(" UTC")
                        : text(iso);
}

QString summary(const RunReport& report) {
  const auto& run = report.run;
  QList<Row> rows{{tr("State"), safe(stateName(run.status))},
                  {tr("Run"), safe(run.id)},
                  {tr("Begun"), safe(stamp(run.createdAt))},
                  {tr("Newest on record"), safe(stamp(run.updatedAt))}};
  const auto steps = run.totalSteps > 0 ? tr("%1 of %2").arg(count(run.step), count(run.totalSteps)) : count(run.step);
  rows.append({tr("Steps"), safe(steps)});
  rows.append({tr("Epochs completed"), safe(count(run.epoch))});
  if (report.seconds > 0) rows.append({tr("Time of training"), safe(duration(report.seconds))});
  if (run.best)
    rows.append({tr("Best %1").arg(text(run.best->metric)),
                 safe(tr("%1 at step %2").arg(metricValue(run.best->metric, run.best->value), count(run.best->step)))});
  if (!report.parentName.empty())
    rows.append({tr("Branch of"), safe(tr("%1 at step %2").arg(text(report.parentName), count(run.parentStep)))});
  if (!report.meanOf.empty()) rows.append({tr("Mean of"), safe(joined(report.meanOf))});
  if (!run.failure.empty()) rows.append({tr("Failed since"), safe(run.failure)});
  if (!run.tags.empty()) rows.append({tr("Tags"), safe(joined(run.tags))});
  if (!run.note.empty()) rows.append({tr("Note"), safe(run.note).replace(QLatin1Char('\n'), QLatin1String("<br>"))});
  return factTable(rows);
}

/// Every key with its value, dotted, as cairnctl's --set takes it.
void flatten(const nlohmann::ordered_json& value, const std::string& key, QList<Row>& rows) {
  if (value.is_object() && !value.empty()) {
    for (const auto& [name, child] : value.items()) flatten(child, key.empty() ? name : key + '.' + name, rows);
    return;
  }
  rows.append({text(key), safe(value.is_string() ? value.get<std::string>() : value.dump())});
}

QString settings(const RunReport& report) {
  QList<Row> rows;
  flatten(core::toJson(report.run.spec), {}, rows);
  return heading(tr("Settings")) + factTable(rows);
}

QString pictures(const QList<ReportPicture>& list) {
  QString html;
  for (const auto& picture : list)
    html += heading(picture.title) + QStringLiteral("<p><img src=\"%1\" width=\"%2\" height=\"%3\" alt=\"%4\"></p>\n")
                                         .arg(picture.source)
                                         .arg(picture.size.width())
                                         .arg(picture.size.height())
                                         .arg(safe(picture.title));
  return html;
}

QString valueCell(const core::CheckpointRecord& checkpoint, const char* metric) {
  const auto found = checkpoint.metrics.find(metric);
  return found == checkpoint.metrics.end() ? QString() : safe(metricValue(metric, found->second));
}

QString rolesOf(const core::CheckpointRecord& checkpoint) {
  QStringList roles;
  for (const auto& role : checkpoint.roles) roles << text(role);
  if (roles.isEmpty()) roles << text(core::toText(checkpoint.kind));
  if (checkpoint.pinned) roles << tr("pinned");
  return roles.join(QStringLiteral(", "));
}

QString checkpoints(const RunReport& report) {
  if (report.checkpoints.empty()) return {};
  constexpr std::pair<const char*, const char*> kMetrics[] = {
      {"train/loss", "train loss"}, {"val/loss", "val loss"}, {"val/accuracy", "val accuracy"}};
  QString html = heading(tr("Checkpoints")) + QStringLiteral("<table>\n<tr>");
  for (const auto& [name, css] :
       {std::pair(tr("step"), "number"), std::pair(tr("epoch"), "number"), std::pair(tr("what it is"), "")})
    html += QStringLiteral("<th class=\"%1\">%2</th>").arg(QLatin1String(css), safe(name));
  for (const auto& [key, name] : kMetrics) html += QStringLiteral("<th class=\"number\">%1</th>").arg(safe(tr(name)));
  html += QStringLiteral(
              "<th "
              "class=\"number\">%1</th><th>%2</th><th>%3</th><th>%4</th></tr>\n")
              .arg(safe(tr("size")), safe(tr("file")), safe(tr("state hash")), safe(tr("note")));
  for (const auto& checkpoint : report.checkpoints) {
    html += QStringLiteral(
                "<tr><td class=\"number\">%1</td><td "
                "class=\"number\">%2</td><td>%3</td>")
                .arg(count(checkpoint.step), count(checkpoint.epoch), safe(rolesOf(checkpoint)));
    for (const auto& [key, name] : kMetrics)
      html += QStringLiteral("<td class=\"number\">%1</td>").arg(valueCell(checkpoint, key));
    html += QStringLiteral(
                "<td class=\"number\">%1</td><td>%2</td><td "
                "class=\"code\">%3</td><td class=\"text\">%4</td></tr>\n")
                .arg(safe(bytes(checkpoint.bytes)), safe(text(core::toText(checkpoint.state))),
                     safe(checkpoint.hash.substr(0, 16)), safe(checkpoint.note));
  }
  return html + QStringLiteral("</table>\n");
}

QString eventTitle(const std::string& kind) {
  if (kind == core::kLrEvent) return tr("learning rate set");
  if (kind == core::kTrainLongerEvent) return tr("limit raised");
  if (kind == core::kEarlyStoppingEvent) return tr("stopped early");
  if (kind == core::kAveragedEvent) return tr("began as the mean of others");
  return text(kind).replace(QLatin1Char('_'), QLatin1Char(' '));
}

/// "lr: 0.01, from_step: 120".
QString eventDetail(const core::RunEvent& event, const RunReport& report) {
  if (event.kind == core::kAveragedEvent) return joined(report.meanOf);  // it has ids
  const auto detail = nlohmann::ordered_json::parse(event.detail, nullptr, false);
  if (!detail.is_object()) return {};
  QStringList parts;
  for (const auto& [key, value] : detail.items()) {
    if ((value.is_array() && value.empty()) || value.is_null() || value == false) continue;
    parts << QStringLiteral("%1: %2").arg(text(key).replace(QLatin1Char('_'), QLatin1Char(' ')),
                                          text(value.is_string() ? value.get<std::string>() : value.dump()));
  }
  return parts.join(QStringLiteral("; "));
}

QString events(const RunReport& report) {
  if (report.events.empty()) return {};
  QString html = heading(tr("What happened")) + QStringLiteral("<table>\n");
  for (const auto& event : report.events)
    html += QStringLiteral(
                "<tr><td class=\"name\">%1</td><td>%2</td><td class=\"text\">%3</td><td "
                "class=\"muted\">%4</td></tr>\n")
                .arg(safe(tr("step %1").arg(count(event.step))), safe(eventTitle(event.kind)), safe(eventDetail(event, report)),
                     safe(stamp(event.createdAt)));
  return html + QStringLiteral("</table>\n");
}

/// Whether what was trained after a crash is what was trained before it.
QString resumeProof(const RunReport& report) {
  const auto& check = report.run.resumeCheck;
  if (!check || check->stepsRepeated == 0) return {};
  QString html = heading(tr("Exact resume"));
  html += QStringLiteral("<p>%1</p>\n")
              .arg(safe(tr("At the newest resume %1 of %2 repeated steps were "
                           "identical, bit for bit, to those on record.")
                            .arg(count(check->identical), count(check->stepsRepeated))));
  if (!check->firstDifference.empty())
    html += QStringLiteral("<p>%1</p>\n").arg(safe(tr("The first that was not: %1").arg(text(check->firstDifference))));
  for (const auto& change : core::changesSinceResume(report.events))
    html += QStringLiteral("<p>%1</p>\n").arg(safe(tr("Changed since the checkpoint: %1").arg(text(change))));
  return html;
}

QString environment(const RunReport& report) {
  QList<Row> rows;
  for (const auto& [name, value] : report.environment) rows.append({text(name), safe(value)});
  return rows.isEmpty() ? QString() : heading(tr("Environment")) + factTable(rows);
}

}  // namespace

QString reportHtml(const RunReport& report, const QList<ReportPicture>& list, const QString& style) {
  const auto made = tr("Report of a run, made by Cairn %1 on %2")
                        .arg(QCoreApplication::applicationVersion().isEmpty() ? QStringLiteral(CAIRN_VERSION)
                                                                              : QCoreApplication::applicationVersion(),
                             stamp(core::nowIso8601()));
  return QStringLiteral(
             "<!DOCTYPE html>\n<html><head><meta "
             "charset=\"utf-8\"><title>%1</title>\n<style>%2</style></head>\n"
             "<body>\n<h1>%1</h1>\n<p class=\"muted\">%3</p>\n")
             .arg(safe(report.run.name), QString::fromLatin1(kStyle) + style, safe(made)) +
         summary(report) + pictures(list) + resumeProof(report) + checkpoints(report) + events(report) +
         settings(report) + environment(report) + QStringLiteral("</body></html>\n");
}

}  // namespace cairn::ui
