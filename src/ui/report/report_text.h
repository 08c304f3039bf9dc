// A run's report as HTML, for a browser and for print. Pure functions but for
// the clock; any thread.
#pragma once

#include <QList>
#include <QString>

#include "ui/report/run_report.h"

namespace cairn::ui {

/// A chart of the report: where its picture is, as an <img> names it.
struct ReportPicture {
  QString title, source;
};

/// One whole page, with its style inside. What a person wrote in names and
/// notes is never taken for markup.
QString reportHtml(const RunReport &report,
                   const QList<ReportPicture> &pictures);

} // namespace cairn::ui
