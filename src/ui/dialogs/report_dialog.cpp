#include "ui/dialogs/report_dialog.h"

#include <QLabel>
#include <QVBoxLayout>

#include "storage/export_file.h"
#include "ui/report/report_file.h"
#include "ui/text.h"

namespace cairn::ui {

namespace {

enum Format : std::size_t { Html, Pdf };

std::vector<SaveFormat> formats() {
  return {{"formatHtml", ".html", ReportDialog::tr("&HTML"),
           ReportDialog::tr("one file for any browser, its charts inside"), ".htm"},
          {"formatPdf", ".pdf", ReportDialog::tr("P&DF"), ReportDialog::tr("pages for print")}};
}

}  // namespace

ReportDialog::ReportDialog(const storage::Home& home, const core::RunRecord& run, QWidget* parent)
    : SaveDialog(tr("Report of %1").arg(text(run.name)), formats(),
                 fileNameOf(QStringLiteral("%1-report").arg(text(run.name))), parent),
      home_(home),
      run_(run.id) {
  auto* what =
      new QLabel(tr("It tells the run's settings, its curves, checkpoints and "
                    "events, the environment it trained "
                    "in, and whether its resumed steps were identical."));
  what->setProperty("role", "muted");
  what->setWordWrap(true);
  middle().addWidget(what);
}

SaveDialog::Write ReportDialog::writeTo(const std::filesystem::path& target) {
  return [home = home_, run = run_, pdf = format() == Pdf, target](const core::Progress& progress) {
    const auto report = readRunReport(home, run, progress);
    const auto bytes = pdf ? reportAsPdf(report) : reportAsHtml(report);
    storage::exportText(storage::FileSystem::posix(), target, {bytes.data(), static_cast<std::size_t>(bytes.size())});
  };
}

}  // namespace cairn::ui
