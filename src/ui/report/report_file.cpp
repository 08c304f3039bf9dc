#include "ui/report/report_file.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QImage>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSvgGenerator>
#include <QTextDocument>
#include <QUrl>

#include "ui/report/report_chart.h"
#include "ui/report/report_text.h"
#include "ui/text.h"

namespace cairn::ui {

namespace {

using core::Series;

constexpr QSize kChart{680, 240};
constexpr QSize kPdfChart{660, 233};  // what an A4 page between its margins has room for
constexpr int kDpi = 96;
constexpr int kPdfScale = 3;        // of the charts, which are pictures there
constexpr double kPageMargin = 16;  // mm

struct Chart {
  QString title;
  std::vector<ReportCurve> curves;
};

QString tr(const char* source) { return QCoreApplication::translate("cairn::ui::report", source); }

void addCurve(Chart& chart, const RunReport& report, Series series, const QString& name, QColor color, bool dashed) {
  const auto found = report.series.find(series);
  if (found == report.series.end()) return;
  chart.curves.push_back({name, color, dashed, found->second.step, found->second.value});
}

std::vector<Chart> chartsOf(const RunReport& report) {
  const QColor train(0x2460c8), validation(0xd1661b);
  std::vector<Chart> charts{{tr("Loss"), {}}, {tr("Accuracy"), {}}, {tr("Learning rate"), {}}};
  addCurve(charts[0], report, Series::TrainLoss, tr("train"), train, false);
  addCurve(charts[0], report, Series::ValLoss, tr("validation"), validation, true);
  addCurve(charts[1], report, Series::TrainAccuracy, tr("train"), train, false);
  addCurve(charts[1], report, Series::ValAccuracy, tr("validation"), validation, true);
  addCurve(charts[2], report, Series::Lr, tr("lr"), train, false);
  std::erase_if(charts, [](const Chart& chart) { return chart.curves.empty(); });
  return charts;
}

QString svgSource(const Chart& chart) {
  QBuffer buffer;
  buffer.open(QIODevice::WriteOnly);
  QSvgGenerator svg;
  svg.setOutputDevice(&buffer);
  svg.setSize(kChart);
  svg.setViewBox(QRect(QPoint(0, 0), kChart));
  svg.setResolution(kDpi);
  svg.setTitle(chart.title);
  QPainter painter(&svg);
  paintReportChart(painter, QRectF(QPointF(0, 0), kChart), chart.curves);
  painter.end();
  return QStringLiteral("data:image/svg+xml;base64,") + QString::fromLatin1(buffer.data().toBase64());
}

QImage picture(const Chart& chart) {
  QImage image(kChart * kPdfScale, QImage::Format_RGB32);
  image.fill(Qt::white);
  QPainter painter(&image);
  painter.scale(kPdfScale, kPdfScale);
  paintReportChart(painter, QRectF(QPointF(0, 0), kChart), chart.curves);
  return image;
}

}  // namespace

QByteArray reportAsHtml(const RunReport& report) {
  QList<ReportPicture> pictures;
  for (const auto& chart : chartsOf(report)) pictures.append({chart.title, svgSource(chart), kChart});
  return reportHtml(report, pictures, QStringLiteral("body { max-width: 60em; margin: 2em auto; padding: 0 1em; }"))
      .toUtf8();
}

QByteArray reportAsPdf(const RunReport& report) {
  QTextDocument document;
  QList<ReportPicture> pictures;
  for (const auto& chart : chartsOf(report)) {
    const auto name = QStringLiteral("chart-%1").arg(pictures.size());
    document.addResource(QTextDocument::ImageResource, QUrl(name), picture(chart));
    pictures.append({chart.title, name, kPdfChart});
  }
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  QPdfWriter pdf(&buffer);
  pdf.setCreator(QStringLiteral("Cairn"));
  pdf.setTitle(text(report.run.name));
  pdf.setPageSize(QPageSize(QPageSize::A4));
  pdf.setPageMargins(QMarginsF(kPageMargin, kPageMargin, kPageMargin, kPageMargin), QPageLayout::Millimeter);
  pdf.setResolution(kDpi);
  document.setDocumentMargin(0);
  document.setPageSize(pdf.pageLayout().paintRectPixels(kDpi).size());
  document.setHtml(reportHtml(report, pictures, {}));
  document.print(&pdf);
  return bytes;
}

}  // namespace cairn::ui
