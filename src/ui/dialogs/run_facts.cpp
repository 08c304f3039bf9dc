#include "ui/dialogs/run_facts.h"

#include <QStringList>

#include "ui/text.h"

namespace cairn::ui {

namespace {

QString line(const QString& label, const QString& text) {
  return QStringLiteral("<tr><td style='padding-right:10px'>%1</td><td>%2</td></tr>").arg(label, text);
}

QString dataLine(const core::RunSpec& spec, const engine::DataPreview& data) {
  const auto format = spec.data.format();
  const auto unit = format == "csv" ? QStringLiteral("rows") : format == "idx" ? QStringLiteral("images") : QStringLiteral("blocks");
  QString text = count(data.samples) + QLatin1Char(' ') + unit;
  if (data.validationSamples > 0) text += QStringLiteral(", ") + count(data.validationSamples) + QStringLiteral(" to validate");
  return text;
}

QString endsLine(const core::RunSpec& spec, const engine::DataPreview& data) {
  const auto outputs = spec.task() == core::Task::Classification ? QStringLiteral("classes") : QStringLiteral("targets");
  return count(data.inputs) + QStringLiteral(" inputs, ") + count(data.outputs) + QLatin1Char(' ') + outputs;
}

QString modelLine(const core::RunSpec& spec, const engine::ModelSummary& model) {
  const auto type = core::modelType(spec.model);
  return QString::fromUtf8(type.data(), static_cast<qsizetype>(type.size())) + QStringLiteral(", ") + count(model.parameters) +
         QStringLiteral(" parameters");
}

QString stepsLine(const core::RunSpec& spec, const engine::DataPreview& data) {
  const auto batch = spec.training.batchSize;
  const auto perEpoch = (data.samples - data.validationSamples + batch - 1) / batch;
  if (perEpoch == 0) return {};
  const auto total = spec.training.steps ? *spec.training.steps : spec.training.epochs.value_or(1) * perEpoch;
  return count(total) + QStringLiteral(" steps, ") + count(perEpoch) + QStringLiteral(" an epoch");
}

}  // namespace

QString factsText(const std::optional<core::RunSpec>& spec, const engine::DataPreview* data,
                  const engine::ModelSummary* model) {
  if (!spec || !data) return QStringLiteral("Nothing to sum up yet.");
  QStringList lines;
  lines << line("Data", dataLine(*spec, *data)) << line({}, endsLine(*spec, *data));
  if (model) {
    lines << line("Model", modelLine(*spec, *model));
    lines << line("Checkpoint", QStringLiteral("about ") + bytes(model->checkpointBytes) +
                                    QStringLiteral(" each"));
  }
  lines << line("Training", stepsLine(*spec, *data));
  return QStringLiteral("<table cellspacing='0' cellpadding='1'>") + lines.join(QString()) + QStringLiteral("</table>");
}

}  // namespace cairn::ui
