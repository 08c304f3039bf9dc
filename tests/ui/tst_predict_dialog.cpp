// Predictions by the dialog with a model that a short run trained.
#include <QAbstractItemModel>
#include <QFile>
#include <QLabel>
#include <QPushButton>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QMouseEvent>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <memory>

#include "storage/catalog.h"
#include "support/test_registry.h"
#include "training/job.h"
#include "ui/catalog_client.h"
#include "ui/dialogs/drawing_canvas.h"
#include "ui/dialogs/predict_dialog.h"
#include "ui/dialogs/probability_bars.h"
#include "ui/support/form_driver.h"

using namespace cairn;
using namespace cairn::tests;

namespace {
constexpr int kEngineMs = 60'000;
constexpr const char* kIris = CAIRN_SOURCE_DIR "/resources/examples/iris.csv";

struct NoSink : core::EventSink {
  void post(const core::Event&) override {}
};
}  // namespace

class PredictDialogTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    const auto spec = core::withSettings(core::readRunSpec(CAIRN_SOURCE_DIR "/resources/examples/iris.json"),
                                         {"training.epochs=30", "training.threads=1"});
    auto job = training::Job::train(home(), spec);
    job->start(sink_);
    job->wait();
    const auto run = job->run();
    job.reset();
    storage::Catalog catalog(home(), storage::Catalog::Access::Read);
    checkpoint_ = *catalog.newestReady(run);
    client_ = std::make_unique<ui::CatalogClient>(home());
  }

  void cleanupTestCase() { client_.reset(); }

  void aTypedRow() {
    ui::PredictDialog dialog(checkpoint_, *client_);
    dialog.show();
    auto* bars = waitFor(dialog);
    QVERIFY(bars);
    auto* paste = dialog.findChild<QLineEdit*>(QStringLiteral("pasteRow"));
    replaceText(paste, QStringLiteral("5.1,3.5,1.4,0.2"));
    QTRY_VERIFY_WITH_TIMEOUT(bars->headline().contains(QStringLiteral("setosa")), kEngineMs);
    replaceText(paste, QStringLiteral("6.9, 3.1, 5.4, 2.1"));
    QTRY_VERIFY_WITH_TIMEOUT(!bars->headline().isEmpty() && !bars->headline().contains(QStringLiteral("setosa")), kEngineMs);
  }

  void aWordIsNoNumber() {
    ui::PredictDialog dialog(checkpoint_, *client_);
    dialog.show();
    auto* bars = waitFor(dialog);
    QVERIFY(bars);
    QTRY_VERIFY_WITH_TIMEOUT(!bars->headline().isEmpty(), kEngineMs);
    QLineEdit* first = nullptr;
    for (auto* line : dialog.findChildren<QLineEdit*>())
      if (!first && line->objectName().startsWith(QStringLiteral("feature."))) first = line;
    replaceText(first, QStringLiteral("long"));
    QVERIFY(first->property("invalid").toBool());
    QVERIFY(bars->headline().isEmpty());
  }

  void aFileOfRows() {
    ui::PredictDialog dialog(checkpoint_, *client_);
    dialog.show();
    QVERIFY(waitFor(dialog));
    dialog.findChild<QTabWidget*>()->setCurrentIndex(1);
    replaceText(dialog.findChild<QLineEdit*>(QStringLiteral("predictFile")), QString::fromUtf8(kIris));
    auto* button = dialog.findChild<QPushButton*>(QStringLiteral("predictFileButton"));
    QTest::mouseClick(button, Qt::LeftButton);
    auto* model = dialog.findChild<QTableView*>(QStringLiteral("predictions"))->model();
    QTRY_COMPARE_WITH_TIMEOUT(model->rowCount(), 150, kEngineMs);
    QVERIFY(model->index(0, 0).data().toString().contains(QStringLiteral("setosa")));
    QCOMPARE(model->columnCount(), 4);
  }

  void aMissingFileIsToldInTheDialog() {
    ui::PredictDialog dialog(checkpoint_, *client_);
    dialog.show();
    QVERIFY(waitFor(dialog));
    dialog.findChild<QTabWidget*>()->setCurrentIndex(1);
    replaceText(dialog.findChild<QLineEdit*>(QStringLiteral("predictFile")), QStringLiteral("/gone.csv"));
    QTest::keyClick(dialog.findChild<QLineEdit*>(QStringLiteral("predictFile")), Qt::Key_Return);
    auto* error = dialog.findChild<QLabel*>(QStringLiteral("error"));
    QTRY_VERIFY_WITH_TIMEOUT(error->isVisible(), kEngineMs);
    QVERIFY(error->text().contains(QStringLiteral("/gone.csv")));
  }

  void aDamagedCheckpointIsToldInTheDialog() {
    auto damaged = checkpoint_;
    damaged.path = folder_.filePath(QStringLiteral("damaged.pt")).toStdString();
    QVERIFY(QFile::copy(QString::fromStdString(checkpoint_.path), QString::fromStdString(damaged.path)));
    QFile file(QString::fromStdString(damaged.path));
    QVERIFY(file.open(QIODevice::ReadWrite) && file.resize(file.size() / 2));
    file.close();
    ui::PredictDialog dialog(damaged, *client_);
    dialog.show();
    auto* error = dialog.findChild<QLabel*>(QStringLiteral("error"));
    QTRY_VERIFY_WITH_TIMEOUT(error->isVisible(), kEngineMs);
    QVERIFY(!dialog.findChild<ui::ProbabilityBars*>());
  }

  void theCanvasCentresWhatIsDrawn() {
    ui::DrawingCanvas canvas;
    canvas.show();
    const auto black = canvas.pixels(28, 28);
    QCOMPARE(*std::max_element(black.begin(), black.end()), std::uint8_t{0});
    QTest::mousePress(&canvas, Qt::LeftButton, {}, {20, 20});
    for (int y = 24; y <= 120; y += 4) {
      QMouseEvent move(QEvent::MouseMove, QPointF(20, y), canvas.mapToGlobal(QPointF(20, y)), Qt::NoButton, Qt::LeftButton, {});
      QCoreApplication::sendEvent(&canvas, &move);
    }
    QTest::mouseRelease(&canvas, Qt::LeftButton, {}, {20, 120});
    const auto pixels = canvas.pixels(28, 28);
    double sum = 0, sumX = 0, sumY = 0;
    for (std::size_t i = 0; i < pixels.size(); ++i) {
      sum += pixels[i];
      sumX += pixels[i] * (static_cast<double>(i % 28) + 0.5);
      sumY += pixels[i] * (static_cast<double>(i / 28) + 0.5);
    }
    QVERIFY(sum > 0);
    QVERIFY(std::abs(sumX / sum - 14) < 1 && std::abs(sumY / sum - 14) < 1);
    canvas.clear();
    QVERIFY(canvas.isEmpty());
  }

 private:
  storage::Home home() const { return storage::Home(folder_.filePath(QStringLiteral("home")).toStdString()); }

  /// Until the checkpoint is loaded and the page of rows is there.
  static ui::ProbabilityBars* waitFor(QWidget& dialog) {
    const auto find = [&] { return dialog.findChild<ui::ProbabilityBars*>(QStringLiteral("rowResult")); };
    return QTest::qWaitFor([&] { return find() != nullptr; }, kEngineMs) ? find() : nullptr;
  }

  QTemporaryDir folder_;
  NoSink sink_;
  core::CheckpointRecord checkpoint_;
  std::unique_ptr<ui::CatalogClient> client_;
};

CAIRN_TEST(PredictDialogTest, predict_dialog)
#include "tst_predict_dialog.moc"
