// A run's report as HTML, for a browser and for print. Pure functions but for
// the clock; any thread.
#pragma once

#include <QList>
#include <QSize>
#include <QString>

#include "ui/report/run_report.h"

namespace cairn::ui {

/// A chart of the report: where its picture is, as an <img> names it.
struct ReportPicture {
  QString title, source;
  QSize size;  ///< on the page, in CSS pixels
};

/// One whole page, with its style inside. What a person wrote in names and
/// notes is never taken for markup.
/// `style`: CSS for the medium alone.
QString reportHtml(const RunReport& report, const QList<ReportPicture>& pictures, const QString& style);

}  // namespace cairn::ui
