#include "ui/text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QStringList>
#include <cmath>

#include "core/text.h"

namespace cairn::ui {

namespace {

QString tr(const char* source) { return QCoreApplication::translate("cairn::ui::text", source); }

QDateTime parsed(const std::string& iso) { return QDateTime::fromString(text(iso), Qt::ISODateWithMs).toLocalTime(); }

QString joined(const std::vector<std::int64_t>& sizes) {
  QStringList parts;
  for (const auto size : sizes) parts << QString::number(size);
  return parts.join(QStringLiteral(" · "));
}

}  // namespace

QString text(std::string_view utf8) { return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size())); }

QString withoutMnemonic(QString words) { return words.replace(QLatin1Char('&'), QStringLiteral("&&")); }

QString number(double value) {
  if (std::isnan(value)) return QStringLiteral("NaN");
  if (std::isinf(value)) return value > 0 ? QStringLiteral("∞") : QStringLiteral("−∞");
  return QString::number(value, 'g', 4);
}

QString count(std::int64_t value) { return text(core::withThousands(value)); }
QString epochs(std::int64_t number) { return number == 1 ? tr("1 epoch") : tr("%1 epochs").arg(count(number)); }
QString steps(std::int64_t number) { return number == 1 ? tr("1 step") : tr("%1 steps").arg(count(number)); }
QString duration(double seconds) { return text(core::humanDuration(seconds)); }
QString milliseconds(double seconds) {
  return seconds < 0.0005 ? tr("under 1 ms") : tr("%1 ms").arg(QString::number(seconds * 1000, 'f', 0));
}
QString bytes(std::int64_t value) { return text(core::humanBytes(value)); }
QString percent(double part) { return QString::number(part * 100, 'f', 1) + QStringLiteral(" %"); }

QString stateName(core::RunStatus status) {
  return status == core::RunStatus::Completed ? tr("done") : text(core::toText(status));
}

QString localTime(const std::string& iso) {
  const auto time = parsed(iso);
  if (!time.isValid()) return {};
  const bool today = time.date() == QDate::currentDate();
  return time.toString(today ? QStringLiteral("HH:mm:ss") : QStringLiteral("yyyy-MM-dd HH:mm"));
}

QString ago(const std::string& iso) {
  const auto time = parsed(iso);
  if (!time.isValid()) return {};
  const auto seconds = time.secsTo(QDateTime::currentDateTime());
  if (seconds < 60) return tr("just now");
  if (seconds < 3600) return tr("%1 min ago").arg(seconds / 60);
  if (seconds < 48 * 3600) return tr("%1 h ago").arg(seconds / 3600);
  return tr("%1 days ago").arg(seconds / 86400);
}

QString metricValue(std::string_view series, double value) {
  return series.ends_with("accuracy") ? percent(value) : number(value);
}

QString shortMetricValue(std::string_view series, double value) {
  if (series.ends_with("accuracy") || !std::isfinite(value)) return metricValue(series, value);
  return QString::number(value, 'g', std::abs(value) < 0.1 ? 2 : 3);
}

QString metricTitle(std::string_view series) {
  if (series == "train/loss") return tr("Train loss");
  if (series == "train/accuracy") return tr("Train accuracy");
  if (series == "val/loss") return tr("Validation loss");
  if (series == "val/accuracy") return tr("Validation accuracy");
  if (series == "lr") return tr("Learning rate");
  if (series == "grad_norm") return tr("Gradient norm");
  if (series == "step_seconds") return tr("Seconds a step");
  return text(series);
}

QString modelTitle(const core::ModelSpec& model) {
  const auto type = text(core::modelType(model));
  if (const auto* mlp = std::get_if<core::MlpModel>(&model)) {
    return mlp->hidden.empty() ? tr("Linear") : QString(type + QStringLiteral(" ") + joined(mlp->hidden));
  }
  if (const auto* cnn = std::get_if<core::CnnModel>(&model)) return type + QStringLiteral(" ") + joined(cnn->channels);
  const auto& transformer = std::get<core::TransformerModel>(model);
  return QStringLiteral("%1 %2 × %3").arg(type).arg(transformer.layers).arg(transformer.width);
}

}  // namespace cairn::ui
