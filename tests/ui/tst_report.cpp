// What is taken out of the window to be read elsewhere: curves as values and
// pictures, and a run's report.
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QSvgRenderer>

#include "storage/catalog.h"
#include "support/form_driver.h"
#include "support/picture.h"
#include "support/test_registry.h"
#include "support/torch_files.h"
#include "support/window_fixture.h"
#include "ui/app/training_controller.h"
#include "ui/chart/chart_panel.h"
#include "ui/dialogs/curves_dialog.h"
#include "ui/dialogs/report_dialog.h"
#include "ui/report/report_text.h"
#include "ui/report/run_report.h"
#include "ui/theme.h"

using namespace cairn;
using namespace cairn::tests;

namespace {
constexpr int kPatience = 30'000;  // milliseconds; the engine is loaded on the way
}

class ReportTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    ui::Theme::instance().setChoice(ui::Theme::Choice::Light);
    fixture_ = std::make_unique<WindowFixture>();
    fixture_->open();
    QTRY_VERIFY(fixture_->window->client().loaded());
    fixture_->click(QStringLiteral("example_line"));
    QTRY_VERIFY_WITH_TIMEOUT(!fixture_->snapshot()->runs.empty() && !fixture_->window->controller().busy(), kPatience);
    run_ = fixture_->snapshot()->runs[0].id;
    QTRY_COMPARE(fixture_->snapshot()->run(run_)->status, core::RunStatus::Completed);
    fixture_->window->selection().selectRun(run_);
  }
  void cleanup() { fixture_.reset(); }

  void theValuesOfCurvesAreWritten() {
    auto* dialog = openCurves();
    QVERIFY(dialog->findChild<QLabel*>(QStringLiteral("curvesInSight"))->text().contains(QStringLiteral("line train")));
    picture(*dialog, QStringLiteral("curves"));
    write(dialog, QStringLiteral("formatCsv"), QStringLiteral("loss.csv"));
    const auto lines = QString::fromUtf8(readAll(path("loss.csv"))).split(QLatin1Char('\n'));
    QCOMPARE(lines.first(), QStringLiteral("id,run,series,step,epoch,seconds,value"));
    storage::Catalog catalog(fixture_->home(), storage::Catalog::Access::Read);
    const auto loss = catalog.metrics(run_, core::Series::TrainLoss);
    QVERIFY(!loss.step.empty());
    const auto rows = lines.filter(QStringLiteral(",train/loss,"));
    QCOMPARE(static_cast<std::size_t>(rows.size()), loss.step.size());
    for (qsizetype i = 0; i < rows.size(); ++i) {
      const auto cells = rows[i].split(QLatin1Char(','));
      const auto at = static_cast<std::size_t>(i);
      QCOMPARE(cells[0].toStdString(), run_);
      QCOMPARE(cells[3].toLongLong(), loss.step[at]);
      QCOMPARE(cells[6].toDouble(), loss.value[at]);
    }
  }

  void theChartIsWrittenAsPictures() {
    write(openCurves(), QStringLiteral("formatPng"), QStringLiteral("loss.png"));
    const QImage image(path("loss.png"));
    const auto& chart = *fixture_->window->findChild<ui::ChartPanel*>();
    QVERIFY(image.width() > 800 && image.height() > 300);
    QVERIFY(holds(image, chart.scene().curves.front().color));

    write(openCurves(), QStringLiteral("formatSvg"), QStringLiteral("loss.svg"));
    const QSvgRenderer svg(path("loss.svg"));
    QVERIFY(svg.isValid());
    QVERIFY(readAll(path("loss.svg")).contains("line train"));

    write(openCurves(), QStringLiteral("formatPdf"), QStringLiteral("loss.pdf"));
    QVERIFY(readAll(path("loss.pdf")).startsWith("%PDF-"));
    keep({"loss.png", "loss.svg", "loss.pdf"});
  }

  void theReportTellsAllOfARun() {
    {
      storage::Catalog catalog(fixture_->home(), storage::Catalog::Access::Write);
      catalog.renameRun(run_, "<b>mine</b> & yours");
      catalog.setRunNote(run_, "a note\nof two lines");
      catalog.setResumeCheck(run_, {.stepsRepeated = 12, .identical = 12, .firstDifference = {}});
      catalog.appendEvent(run_, {2, "lr", R"({"lr": 0.25})", "2026-11-23T20:00:00.000Z"});
    }
    fixture_->window->client().refresh();
    QTRY_COMPARE(fixture_->snapshot()->run(run_)->name, std::string("<b>mine</b> & yours"));
    auto* dialog = openReport();
    picture(*dialog, QStringLiteral("report"));
    write(dialog, QStringLiteral("formatHtml"), QStringLiteral("report.html"));
    const auto html = QString::fromUtf8(readAll(path("report.html")));
    for (const auto* words :
         {"&lt;b&gt;mine&lt;/b&gt; &amp; yours", "a note<br>of two lines", "12 of 12 repeated steps were identical",
          "learning rate set", "lr: 0.25", "optimizer.lr", "<h2>Checkpoints</h2>", "LibTorch", "Data fingerprint",
          "final", "data:image/svg+xml;base64,"})
      QVERIFY2(html.contains(QLatin1String(words)), words);
    QVERIFY(!html.contains(QStringLiteral("src=\"http")) && !html.contains(QStringLiteral("<b>mine")));
    chartsAreDrawn(html);

    write(openReport(), QStringLiteral("formatPdf"), QStringLiteral("report.pdf"));
    QVERIFY(readAll(path("report.pdf")).startsWith("%PDF-"));
    keep({"report.html", "report.pdf"});
  }

  void anAverageTellsWhatItIsTheMeanOf() {
    core::RunRecord mean;
    mean.id = "eeeeeeeeeeeeeeee";
    mean.name = "mean";
    {
      storage::Catalog catalog(fixture_->home(), storage::Catalog::Access::Write);
      mean.spec = catalog.run(run_).spec;
      catalog.insertRun(mean);
      core::CheckpointRecord first;
      first.id = "eeeeeeee00000003";
      first.run = mean.id;
      first.step = 3;
      first.kind = core::CheckpointKind::Averaged;
      first.parents = {catalog.findCheckpoint(run_ + "@latest").id, "gone"};
      first.path = "none";
      catalog.insertCheckpoint(first);
      catalog.appendEvent(mean.id, {3, "averaged", R"({"parents": ["an id"]})", "2026-11-23T20:00:00.000Z"});
    }
    const auto report = ui::readRunReport(fixture_->home(), mean.id, {});
    QCOMPARE(report.meanOf, (std::vector<std::string>{"line at step 3", "checkpoint gone, which is not on record"}));
    const auto html = ui::reportHtml(report, {}, {});
    QVERIFY(html.contains(QStringLiteral("Mean of")) && html.contains(QStringLiteral("began as the mean of others")));
    QVERIFY(!html.contains(QStringLiteral("an id")));  // names, not ids
  }

 private:
  QString path(const char* name) const { return fixture_->folder.filePath(QString::fromLatin1(name)); }
  /// Shortcuts are the active window's, and a dialog that closes offscreen makes none active.
  void activate() {
    fixture_->window->activateWindow();
    QTRY_VERIFY(fixture_->window->isActiveWindow());
  }
  ui::CurvesDialog* openCurves() {
    QTest::qWait(80);  // the chart's last drawing is done
    activate();
    QTest::keyClick(fixture_->window.get(), Qt::Key_S, Qt::ControlModifier | Qt::ShiftModifier);
    return shown<ui::CurvesDialog>();
  }
  ui::ReportDialog* openReport() {
    activate();
    QTest::keyClick(fixture_->window.get(), Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
    return shown<ui::ReportDialog>();
  }
  template <typename Dialog>
  Dialog* shown() {
    [&] { QTRY_VERIFY(shownDialog<Dialog>(*fixture_->window)); }();
    return shownDialog<Dialog>(*fixture_->window);
  }
  void write(QDialog* dialog, const QString& format, const QString& name) {
    QVERIFY(dialog);
    auto* choice = dialog->findChild<QAbstractButton*>(format);
    QTest::mouseClick(choice, Qt::LeftButton, {}, QPoint(8, choice->height() / 2));
    QVERIFY(choice->isChecked());
    replaceText(dialog->findChild<QLineEdit*>(QStringLiteral("saveFile")), fixture_->folder.filePath(name));
    QTest::mouseClick(dialog->findChild<QAbstractButton*>(QStringLiteral("saveNow")), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(
        QFile::exists(fixture_->folder.filePath(name)) && !shownDialog<ui::SaveDialog>(*fixture_->window), kPatience);
  }
  static bool holds(const QImage& image, QColor color) {
    for (int y = 0; y < image.height(); ++y)
      for (int x = 0; x < image.width(); ++x)
        if (image.pixelColor(x, y) == color) return true;
    return false;
  }
  /// Each chart in the page is a sound picture, and not an empty one.
  void chartsAreDrawn(const QString& html) {
    const auto parts = html.split(QStringLiteral("data:image/svg+xml;base64,"));
    QVERIFY(parts.size() >= 3);  // loss and learning rate
    for (qsizetype i = 1; i < parts.size(); ++i) {
      QSvgRenderer svg(QByteArray::fromBase64(parts[i].section(QLatin1Char('"'), 0, 0).toLatin1()));
      QVERIFY(svg.isValid());
      QImage image(680, 240, QImage::Format_RGB32);
      image.fill(Qt::white);
      QPainter painter(&image);
      svg.render(&painter);
      QVERIFY(holds(image, QColor(0x2460c8)));
    }
  }
  void keep(std::initializer_list<const char*> names) {
    const auto folder = qEnvironmentVariable("CAIRN_PICTURES");
    for (const auto* name : names)
      if (!folder.isEmpty()) QFile::copy(path(name), folder + QLatin1Char('/') + QLatin1String(name));
  }

  std::unique_ptr<WindowFixture> fixture_;
  std::string run_;
};

CAIRN_TEST(ReportTest, report)
#include "tst_report.moc"
