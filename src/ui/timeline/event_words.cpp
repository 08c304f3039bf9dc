#include "ui/timeline/event_words.h"

#include <QCoreApplication>
#include <QPolygonF>
#include <nlohmann/json.hpp>

#include "core/event_kinds.h"
#include "core/run_history.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

using nlohmann::json;

constexpr double kRadius = 4.5;

QString tr(const char* words) { return QCoreApplication::translate("cairn::ui::timeline", words); }

json detailOf(const core::RunEvent& event) {
  auto detail = json::parse(event.detail, nullptr, false);
  return detail.is_object() ? detail : json::object();
}

QString textAt(const json& detail, const char* key) {
  const auto at = detail.find(key);
  return at != detail.end() && at->is_string() ? text(at->get<std::string>()) : QString();
}

QString lrWords(const json& detail) {
  if (!detail.contains("lr") || !detail["lr"].is_number()) return tr("learning rate set");
  const auto now = number(detail["lr"].get<double>());
  if (!detail.contains("from") || !detail["from"].is_number()) return tr("lr set to %1").arg(now);
  return tr("lr %1 → %2").arg(number(detail["from"].get<double>()), now);
}

QString limitWords(const json& limit) {
  for (const char* key : {"epochs", "steps"}) {
    const auto at = limit.find(key);
    if (at == limit.end() || !at->is_number_integer()) continue;
    const auto number = at->get<std::int64_t>();
    return key == std::string_view("epochs") ? epochs(number) : steps(number);
  }
  return {};
}

QString longerWords(const json& detail) {
  const auto now = limitWords(detail);
  const auto before = detail.contains("before") ? limitWords(detail["before"]) : QString();
  return before.isEmpty() ? tr("trained longer, to %1").arg(now) : tr("trained longer: %1 → %2").arg(before, now);
}

QString resumedWords(const core::RunEvent& event, const json& detail) {
  const auto from = detail.find("from_step");
  auto words = from != detail.end() && from->is_number_integer() ? tr("went on from step %1").arg(count(from->get<std::int64_t>()))
                                                                 : tr("went on");
  QStringList changes;
  for (const auto& change : core::changesOf(event)) changes << text(change);
  return changes.isEmpty() ? words : words + QStringLiteral("; ") + changes.join(QStringLiteral("; "));
}

}  // namespace

// How a run began is seen by the lines that lead to it.
bool isShown(const core::RunEvent& event) {
  return event.kind != core::kBranchedEvent && event.kind != core::kAveragedEvent;
}

EventSign signOf(const core::RunEvent& event) {
  if (event.kind == core::kFailedEvent) return EventSign::Failed;
  if (event.kind == core::kInterruptedEvent) return EventSign::Crashed;
  if (event.kind == core::kResumedEvent) return EventSign::Recovered;
  if (event.kind == core::kEarlyStoppingEvent) return EventSign::Ended;
  return EventSign::Change;
}

QString wordsOf(const core::RunEvent& event) {
  const auto detail = detailOf(event);
  if (event.kind == core::kLrEvent) return lrWords(detail);
  if (event.kind == core::kTrainLongerEvent) return longerWords(detail);
  if (event.kind == core::kResumedEvent) return resumedWords(event, detail);
  if (event.kind == core::kInterruptedEvent) return tr("stopped unexpectedly");
  if (event.kind == core::kFailedEvent) return tr("failed: %1").arg(textAt(detail, "message"));
  if (event.kind == core::kEarlyStoppingEvent) return textAt(detail, "reason");
  if (event.kind == core::kDataMovedEvent) return tr("%1 is now %2").arg(textAt(detail, "key"), textAt(detail, "to"));
  if (event.kind == core::kDataChangedEvent) return tr("went on with changed data");
  return text(event.kind).replace(QLatin1Char('_'), QLatin1Char(' '));
}

void paintEventSign(QPainter& painter, EventSign sign, QPointF center, const QColor& background) {
  const auto& colors = Theme::instance().colors();
  const auto at = [&](double x, double y) { return center + QPointF(x, y); };
  const auto outline = [&](const QColor& color) {
    painter.setPen(QPen(color, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
  };
  painter.setPen(Qt::NoPen);
  painter.setBrush(background);
  painter.drawEllipse(center, kRadius + 2, kRadius + 2);
  switch (sign) {
    case EventSign::Change:
      painter.setBrush(colors.mutedText);
      painter.drawPolygon(QPolygonF({at(0, -kRadius), at(kRadius, kRadius * 0.8), at(-kRadius, kRadius * 0.8)}));
      break;
    case EventSign::Ended:
      painter.setBrush(colors.mutedText);
      painter.drawRect(QRectF(at(-3.5, -3.5), QSizeF(7, 7)));
      break;
    case EventSign::Recovered:
      outline(colors.good);
      painter.drawArc(QRectF(at(-4, -4), QSizeF(8, 8)), 60 * 16, 270 * 16);
      painter.drawPolyline(QPolygonF({at(-0.5, -5.5), at(2.2, -3.3), at(-0.6, -1.4)}));
      break;
    case EventSign::Crashed:
      painter.setBrush(colors.warning);
      painter.drawPolygon(QPolygonF({at(1.5, -5.5), at(-3.5, 1), at(-0.3, 1), at(-1.5, 5.5), at(3.5, -1), at(0.3, -1)}));
      break;
    case EventSign::Failed:
      outline(colors.bad);
      painter.drawLine(at(-3.2, -3.2), at(3.2, 3.2));
      painter.drawLine(at(-3.2, 3.2), at(3.2, -3.2));
      break;
  }
}

}  // namespace cairn::ui
