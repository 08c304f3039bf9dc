// Model files in the window: dropped on it or chosen, looked into, and a checkpoint's lines of Python.
#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFile>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QProcess>
#include <QTimer>
#include <QTreeView>

#include "core/state_tree.h"
#include "hostile/hostile_files.h"
#include "storage/torch_file.h"
#include "support/menu_driver.h"
#include "support/test_registry.h"
#include "support/window_fixture.h"
#include "ui/app/file_commands.h"
#include "ui/app/python_snippet.h"
#include "ui/app/run_commands.h"
#include "ui/app/training_controller.h"
#include "ui/dialogs/inspect_dialog.h"
#include "ui/dialogs/inspection_model.h"

using namespace cairn;
using namespace cairn::tests;

namespace {

constexpr int kPatience = 30'000;  // milliseconds; the engine is loaded on the way

void write(const QString& path, const std::string& bytes) {
  QFile file(path);
  QVERIFY(file.open(QIODevice::WriteOnly));
  file.write(bytes.data(), static_cast<qint64>(bytes.size()));
}

/// A checkpoint as a script of PyTorch saves it.
std::string checkpointFile() {
  using core::StateTree;
  const std::vector<float> values(64 * 3, 0.5f);
  const auto tensor = [&](std::vector<std::int64_t> shape, std::size_t count) {
    return core::Tensor::copyOf(core::DType::Float32, std::move(shape), std::as_bytes(std::span(values).first(count)));
  };
  auto model = StateTree::stateDict();
  model.set("linear.weight", tensor({64, 3}, 192));
  model.set("linear.bias", tensor({64}, 64));
  auto tree = StateTree::dict();
  tree.set("epoch", 3);
  tree.set("model_state_dict", model);
  const storage::TorchFileWriter writer(tree, "archive");
  std::string bytes;
  writer.writeTo([&](std::span<const std::byte> piece) {
    bytes.append(reinterpret_cast<const char*>(piece.data()), piece.size());
  });
  return bytes;
}

/// Drags files over the window and lets them go, as the desktop does; whether the window took them.
bool drop(QWidget& window, const QStringList& paths) {
  QMimeData data;
  QList<QUrl> urls;
  for (const auto& path : paths) urls << QUrl::fromLocalFile(path);
  data.setUrls(urls);
  const QPoint at = window.rect().center();
  QDragEnterEvent enter(at, Qt::CopyAction | Qt::MoveAction, &data, Qt::LeftButton, Qt::NoModifier);
  enter.setAccepted(false);
  QCoreApplication::sendEvent(&window, &enter);
  if (!enter.isAccepted()) return false;
  QDropEvent release(QPointF(at), Qt::CopyAction | Qt::MoveAction, &data, Qt::LeftButton, Qt::NoModifier);
  QCoreApplication::sendEvent(&window, &release);
  return release.isAccepted();
}

template <typename Dialog>
Dialog* shownDialog(QWidget& window) {
  for (auto* dialog : window.findChildren<Dialog*>())
    if (dialog->isVisible()) return dialog;
  return nullptr;
}

QModelIndex rowNamed(const QAbstractItemModel& model, const QString& name, const QModelIndex& parent = {}) {
  for (int row = 0; row < model.rowCount(parent); ++row) {
    const auto index = model.index(row, 0, parent);
    if (index.data().toString() == name) return index;
    if (const auto below = rowNamed(model, name, index); below.isValid()) return below;
  }
  return {};
}

int rowsOf(const QAbstractItemModel& model, const QModelIndex& parent = {}) {
  int rows = model.rowCount(parent);
  for (int row = 0; row < model.rowCount(parent); ++row) rows += rowsOf(model, model.index(row, 0, parent));
  return rows;
}

}  // namespace

class ModelFilesTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aDroppedFileIsShown() {
    WindowFixture fixture;
    fixture.open();
    QTRY_VERIFY(fixture.window->client().loaded());
    const auto path = fixture.folder.filePath(QStringLiteral("theirs.pth"));
    write(path, checkpointFile());
    QVERIFY(!drop(*fixture.window, {fixture.folder.filePath(QStringLiteral("notes.odt"))}));
    QVERIFY(drop(*fixture.window, {path}));
    QTRY_VERIFY(shownDialog<ui::InspectDialog>(*fixture.window));
    auto* dialog = shownDialog<ui::InspectDialog>(*fixture.window);
    auto* tree = dialog->findChild<QTreeView*>(QStringLiteral("tree"));
    QTRY_VERIFY(tree->model()->rowCount() > 0);
    const QAbstractItemModelTester tester(tree->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    QVERIFY(dialog->findChild<QLabel*>(QStringLiteral("warnings"))->isHidden());
    const auto weight = rowNamed(*tree->model(), QStringLiteral("linear.weight"));
    QVERIFY(weight.isValid());
    QCOMPARE(weight.siblingAtColumn(ui::InspectionModel::Type).data().toString(), QStringLiteral("Tensor float32"));
    QCOMPARE(weight.siblingAtColumn(ui::InspectionModel::Value).data().toString(), QStringLiteral("64 × 3"));
    QCOMPARE(weight.siblingAtColumn(ui::InspectionModel::Size).data().toString(), QStringLiteral("768 bytes"));

    filterAndSort(*dialog, *tree);
    QTest::keyClick(dialog, Qt::Key_Escape);
    QTRY_VERIFY(!shownDialog<ui::InspectDialog>(*fixture.window));
  }

  void whatIsDangerousStandsOnTop() {
    WindowFixture fixture;
    const auto trace = fixture.folder.filePath(QStringLiteral("executed"));
    const auto path = fixture.folder.filePath(QStringLiteral("attack.pt"));
    write(path, attackingPickles(trace.toStdString()).front().bytes);
    ui::InspectDialog dialog(path);
    dialog.show();
    auto* warnings = dialog.findChild<QLabel*>(QStringLiteral("warnings"));
    QTRY_VERIFY(warnings->isVisible());
    QVERIFY(warnings->text().contains(QStringLiteral("os.system")));
    QVERIFY(!dialog.findChild<QAbstractButton*>(QStringLiteral("import"))->isEnabled());  // it holds no tensor
    QVERIFY(!QFile::exists(trace));
  }

  void whatIsNoModelIsAnErrorInTheDialog() {
    WindowFixture fixture;
    const auto path = fixture.folder.filePath(QStringLiteral("letter.pt"));
    write(path, "Dear reader, this is no model at all");
    ui::InspectDialog dialog(path);
    dialog.show();
    auto* error = dialog.findChild<QLabel*>(QStringLiteral("error"));
    QTRY_VERIFY(error->isVisible());
    QVERIFY2(error->text().contains(QStringLiteral("letter.pt")) && error->text().contains(QStringLiteral("no zip")),
             qPrintable(error->text()));
    QVERIFY(!dialog.findChild<QTreeView*>(QStringLiteral("tree"))->isEnabled());
  }

  void everyHostileFileIsShownOrRefused() {
    WindowFixture fixture;
    const auto path = fixture.folder.filePath(QStringLiteral("hostile.pt"));
    auto files = hostilePickles();
    for (const auto& file : hostileZips()) files.push_back(file);
    for (const auto& file : files) {
      write(path, file.bytes);
      ui::InspectDialog dialog(path);
      dialog.show();
      auto* error = dialog.findChild<QLabel*>(QStringLiteral("error"));
      auto* summary = dialog.findChild<QLabel*>(QStringLiteral("summary"));
      QTRY_VERIFY2(error->isVisible() || summary->text().contains(QStringLiteral("Nothing in it was executed")),
                   file.name.c_str());
    }
  }

  void theMenuAsksForAFile() {
    WindowFixture fixture;
    fixture.open();
    QTRY_VERIFY(fixture.window->client().loaded());
    QTest::keyClick(fixture.window.get(), Qt::Key_I, Qt::ControlModifier);
    QTRY_VERIFY(shownDialog<QFileDialog>(*fixture.window));
    auto* dialog = shownDialog<QFileDialog>(*fixture.window);
    const auto path = fixture.folder.filePath(QStringLiteral("theirs.pt"));
    write(path, checkpointFile());
    auto* name = dialog->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"));
    QVERIFY(name);
    name->setText(path);
    QTest::keyClick(name, Qt::Key_Return);
    QTRY_VERIFY(shownDialog<ui::InspectDialog>(*fixture.window));
  }

  void aCheckpointsLinesOfPythonAreCopied() {
    WindowFixture fixture;
    fixture.open();
    QTRY_VERIFY(fixture.window->client().loaded());
    fixture.click(QStringLiteral("example_line"));
    QTRY_VERIFY_WITH_TIMEOUT(!fixture.snapshot()->runs.empty() && !fixture.window->controller().busy() &&
                                 fixture.snapshot()->newestReady(fixture.snapshot()->runs[0].id),
                             kPatience);
    const auto newest = *fixture.snapshot()->newestReady(fixture.snapshot()->runs[0].id);
    fixture.window->selection().selectCheckpoint(newest.run, newest.id);
    QTest::keyClick(fixture.window.get(), Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_VERIFY(QGuiApplication::clipboard()->text().contains(QString::fromStdString(newest.path)));
    QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("torch.load(")));

    // The same, and the inspector, in the checkpoint's own menu.
    QStringList entries;
    QTimer::singleShot(0, this, [&] {
      auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
      if (!menu) return;
      for (auto* action : menu->actions()) {
        entries << action->text();
        if (action->text().startsWith(QStringLiteral("Inspect"))) {
          chooseFrom(menu, action);
          return;
        }
      }
      menu->close();
    });
    fixture.window->commands().showCheckpointMenu(newest.id, fixture.window->mapToGlobal(QPoint(300, 300)));
    QTRY_VERIFY2(shownDialog<ui::InspectDialog>(*fixture.window), qPrintable(entries.join(QLatin1Char(','))));
    auto* tree = shownDialog<ui::InspectDialog>(*fixture.window)->findChild<QTreeView*>(QStringLiteral("tree"));
    QTRY_VERIFY(rowNamed(*tree->model(), QStringLiteral("model_state_dict")).isValid());
  }

  void aPathStaysOneStringOfPython() {
    const auto snippet = ui::pythonSnippet(QStringLiteral("/tmp/it's \"a\\b\"\n.pt"));
    QVERIFY(snippet.contains(QStringLiteral("torch.load(\"/tmp/it's \\\"a\\\\b\\\"\\x0a.pt\", ")));
    QProcess python;
    python.start(QStringLiteral("python3"),
                 {QStringLiteral("-c"), QStringLiteral("import ast,sys; ast.parse(sys.stdin.read())")});
    if (!python.waitForStarted()) QSKIP("no Python here");
    python.write(snippet.toUtf8());
    python.closeWriteChannel();
    QVERIFY(python.waitForFinished());
    QCOMPARE(python.exitCode(), 0);
  }

 private:
  void filterAndSort(QWidget& dialog, QTreeView& tree) {
    auto* filter = dialog.findChild<QLineEdit*>(QStringLiteral("filter"));
    const int all = rowsOf(*tree.model());
    filter->setFocus();
    QTest::keyClicks(filter, "bias");
    QCOMPARE(rowsOf(*tree.model()), 2);  // and what it stands in
    QVERIFY(rowNamed(*tree.model(), QStringLiteral("linear.bias")).isValid());
    QTest::keyClick(filter, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClick(filter, Qt::Key_Delete);
    QCOMPARE(rowsOf(*tree.model()), all);
    auto* header = tree.header();
    const QPoint size(header->sectionViewportPosition(ui::InspectionModel::Size) + 20, header->height() / 2);
    QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, size);
    const auto state = rowNamed(*tree.model(), QStringLiteral("model_state_dict"));
    QCOMPARE(tree.model()->index(0, 0, state).data().toString(), QStringLiteral("linear.bias"));
    QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, size);
    const auto turned = rowNamed(*tree.model(), QStringLiteral("model_state_dict"));
    QCOMPARE(tree.model()->index(0, 0, turned).data().toString(), QStringLiteral("linear.weight"));
  }
};

CAIRN_TEST(ModelFilesTest, model_files)
#include "tst_model_files.moc"
