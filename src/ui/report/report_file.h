// A run's report as one file: HTML with its charts inside, or PDF. Any thread.
#pragma once

#include <QByteArray>

#include "ui/report/run_report.h"

namespace cairn::ui {

QByteArray reportAsHtml(const RunReport& report);
QByteArray reportAsPdf(const RunReport& report);

}  // namespace cairn::ui
