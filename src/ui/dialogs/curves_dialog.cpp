#include "ui/dialogs/curves_dialog.h"

#include <QLabel>
#include <QStringList>
#include <QVBoxLayout>

#include "storage/export_file.h"
#include "ui/chart/chart_panel.h"
#include "ui/chart/chart_picture.h"
#include "ui/chart/scene_builder.h"
#include "ui/report/curves_csv.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

enum Format : std::size_t { Csv, Png, Pdf, Svg };
constexpr qsizetype kMostNames = 6;

std::vector<SaveFormat> formats() {
  return {
      {"formatCsv", ".csv", CurvesDialog::tr("&CSV"), CurvesDialog::tr("the values, every point as it was measured")},
      {"formatPng", ".png", CurvesDialog::tr("&PNG"),
       CurvesDialog::tr("the chart as it is shown, in twice its pixels")},
      {"formatPdf", ".pdf", CurvesDialog::tr("P&DF"), CurvesDialog::tr("the chart as lines, for print")},
      {"formatSvg", ".svg", CurvesDialog::tr("&SVG"),
       CurvesDialog::tr("the chart as lines, for the web or a drawing program")}};
}

}  // namespace

CurvesDialog::CurvesDialog(const storage::Home& home, ChartPanel& chart, const QString& name, QWidget* parent)
    : SaveDialog(tr("Export curves"), formats(), fileNameOf(name), parent), home_(home), chart_(chart) {
  QStringList names;
  for (const auto& curve : chart.scene().curves)
    if (!curve.inherited && curve.curve->size() > 0 && !names.contains(curve.name)) names << curve.name;
  const auto more = names.size() - kMostNames;
  names = names.mid(0, kMostNames);
  if (more > 0) names << tr("and %1 more").arg(more);
  auto* what = new QLabel(tr("Curves in sight: %1").arg(names.join(QStringLiteral(", "))));
  what->setObjectName(QStringLiteral("curvesInSight"));
  what->setProperty("role", "muted");
  what->setWordWrap(true);
  what->setTextFormat(Qt::PlainText);
  middle().addWidget(what);
}

SaveDialog::Write CurvesDialog::writeTo(const std::filesystem::path& target) {
  const auto& group = chart_.group();
  if (format() == Csv)
    return [home = home_, runs = chart_.shownRuns(), series = group.series, target](const core::Progress& progress) {
      writeCurvesCsv(home, runs, series, target, progress);
    };
  constexpr PictureFormat kPictures[] = {PictureFormat::Png, PictureFormat::Png, PictureFormat::Pdf,
                                         PictureFormat::Svg};
  const auto bytes = chartPicture(chart_.plot(), chart_.scene(), QString::fromUtf8(group.title), kPictures[format()]);
  return [bytes, target](const core::Progress&) {
    storage::exportText(storage::FileSystem::posix(), target, {bytes.data(), static_cast<std::size_t>(bytes.size())});
  };
}

}  // namespace cairn::ui
