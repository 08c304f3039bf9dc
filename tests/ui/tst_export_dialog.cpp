// Exporting in the window: each format written, what it carries said before, questions before anything is replaced, and
// clear refusals.
#include <QApplication>
#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <algorithm>

#include "storage/foreign_file.h"
#include "support/form_driver.h"
#include "support/menu_driver.h"
#include "support/picture.h"
#include "support/test_registry.h"
#include "support/torch_files.h"
#include "support/window_fixture.h"
#include "ui/app/run_commands.h"
#include "ui/app/training_controller.h"
#include "ui/dialogs/carried_list.h"
#include "ui/dialogs/export_dialog.h"
#include "ui/panels/banner.h"
#include "ui/theme.h"

using namespace cairn;
using namespace cairn::tests;

namespace {
constexpr int kPatience = 30'000;  // milliseconds; the engine is loaded on the way
}

class ExportDialogTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    ui::Theme::instance().setChoice(ui::Theme::Choice::Light);
    fixture_ = std::make_unique<WindowFixture>();
    fixture_->open();
    QTRY_VERIFY(fixture_->window->client().loaded());
    fixture_->click(QStringLiteral("example_line"));
    QTRY_VERIFY_WITH_TIMEOUT(!fixture_->snapshot()->runs.empty() && !fixture_->window->controller().busy() &&
                                 fixture_->snapshot()->newestReady(fixture_->snapshot()->runs[0].id),
                             kPatience);
    newest_ = *fixture_->snapshot()->newestReady(fixture_->snapshot()->runs[0].id);
    fixture_->window->selection().selectCheckpoint(newest_.run, newest_.id);
    QTest::keyClick(fixture_->window.get(), Qt::Key_E, Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_VERIFY(dialog());
  }
  void cleanup() { fixture_.reset(); }

  void theWholeCheckpointIsWritten() {
    QTRY_VERIFY2(carried().contains(QStringLiteral("Weights|2 tensors, 8 bytes")), qPrintable(carried()));
    look("export");
    QVERIFY(file()->text().endsWith(QStringLiteral("line-step-%1.pt").arg(newest_.step)));
    write(QStringLiteral("whole.pt"));
    const auto tree = read(QStringLiteral("whole.pt"));
    QCOMPARE(*tree->at("step").asInteger(), newest_.step);
    QVERIFY(tree->find("optimizer_state_dict") && tree->at("loss").as<double>());
    QVERIFY(fixture_->window->findChild<ui::Banner*>()->shows(QStringLiteral("exported")));
  }

  void numbersBecomeTensorsForTheOldPyTorch() {
    auto* old = dialog()->findChild<QCheckBox*>(QStringLiteral("forTorch113"));
    QTest::mouseClick(old, Qt::LeftButton, {}, QPoint(8, old->height() / 2));
    write(QStringLiteral("old.pt"));
    QVERIFY(read(QStringLiteral("old.pt"))->at("loss").as<core::Tensor>());
  }

  void weightsAloneAreWritten() {
    choose("formatWeights");
    QVERIFY(!dialog()->findChild<QCheckBox*>(QStringLiteral("forTorch113"))->isEnabled());
    picture(*dialog(), QStringLiteral("export-weights"));
    write(QStringLiteral("weights.pt"));
    QVERIFY(read(QStringLiteral("weights.pt"))->find("layers.0.weight"));
  }

  void safetensorsAreWritten() {
    choose("formatSafetensors");
    QVERIFY(file()->text().endsWith(QStringLiteral(".safetensors")));
    write(QStringLiteral("line.safetensors"));
    QVERIFY(read(QStringLiteral("line.safetensors"))->find("layers.0.weight"));
    QVERIFY(readAll(path("line.safetensors")).contains("\"epoch\""));
  }

  void aScriptIsWrittenWithItsWeights() {
    choose("formatScript");
    QVERIFY(carried().contains(QStringLiteral("The model as Python code")));
    picture(*dialog(), QStringLiteral("export-script"));
    write(QStringLiteral("line.py"));
    QVERIFY(readAll(path("line.py")).contains("class Model(nn.Module)"));
    QVERIFY(read(QStringLiteral("line.pt"))->find("model_state_dict"));
  }

  void theEndingChoosesTheFormat() {
    replaceText(file(), path("a.safetensors"));
    QTRY_VERIFY(button("formatSafetensors")->isChecked());
    replaceText(file(), path("a"));
    QTest::keyClick(dialog(), Qt::Key_Return);  // Export is the default
    QTRY_VERIFY_WITH_TIMEOUT(!dialog() && QFile::exists(path("a.safetensors")), kPatience);
  }

  void nothingIsReplacedUnasked() {
    writeText(path("mine.pt"), "mine");
    replaceText(file(), path("mine.pt"));
    QTest::mouseClick(button("saveNow"), Qt::LeftButton);
    QTRY_VERIFY(shownDialog<QMessageBox>(*dialog()));
    QVERIFY(shownDialog<QMessageBox>(*dialog())->text().contains(QStringLiteral("mine.pt is there already")));
    picture(*shownDialog<QMessageBox>(*dialog()), QStringLiteral("export-replace"));
    QTest::keyClick(shownDialog<QMessageBox>(*dialog()), Qt::Key_Return);  // to keep it is the default
    QTRY_VERIFY(!shownDialog<QMessageBox>(*dialog()));
    QCOMPARE(readAll(path("mine.pt")), QByteArray("mine"));
    QTest::mouseClick(button("saveNow"), Qt::LeftButton);
    QTRY_VERIFY(shownDialog<QMessageBox>(*dialog()));
    auto* replace = shownDialog<QMessageBox>(*dialog())->findChild<QPushButton*>(QStringLiteral("replace"));
    QTest::mouseClick(replace, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!dialog(), kPatience);
    QCOMPARE(*read(QStringLiteral("mine.pt"))->at("step").asInteger(), newest_.step);
  }

  void theCheckpointsMenuOpensIt() {
    QTest::keyClick(dialog(), Qt::Key_Escape);
    QTRY_VERIFY(!dialog());
    fixture_->window->commands().showCheckpointMenu(newest_.id, fixture_->window->mapToGlobal(QPoint(300, 300)));
    QTRY_VERIFY(qobject_cast<QMenu*>(QApplication::activePopupWidget()));
    auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
    const auto actions = menu->actions();
    const auto entry = std::find_if(actions.begin(), actions.end(),
                                    [](const QAction* one) { return one->text() == QStringLiteral("Export…"); });
    QVERIFY(entry != actions.end());
    chooseFrom(menu, *entry);
    QTRY_VERIFY(dialog());
  }

  void refusalsSayWhy() {
    const auto folder = QFileInfo(text(newest_.path)).absolutePath();
    refuses(folder + QStringLiteral("/copy.pt"), QStringLiteral("Cairn's own files"));
    refuses(path("nowhere/a.pt"), QStringLiteral("nowhere"));
    QVERIFY(QDir().mkdir(path("taken.pt")));
    replaceText(file(), path("taken.pt"));
    QTest::mouseClick(button("saveNow"), Qt::LeftButton);
    QVERIFY2(problem().contains(QStringLiteral("is a folder")), qPrintable(problem()));
    picture(*dialog(), QStringLiteral("export-refused"));
  }

  void aDamagedCheckpointIsNotGivenOut() {
    QFile damaged(text(newest_.path));
    QVERIFY(damaged.open(QIODevice::ReadWrite) && damaged.seek(damaged.size() / 2));
    char byte = 0;
    QVERIFY(damaged.getChar(&byte) && damaged.seek(damaged.size() / 2) && damaged.putChar(static_cast<char>(byte ^ 1)));
    damaged.close();
    refuses(path("damaged.pt"), QStringLiteral("step-"));
    QVERIFY(!QFile::exists(path("damaged.pt")));
  }

 private:
  static QString text(const std::string& utf8) { return QString::fromStdString(utf8); }
  QString path(const char* name) const { return fixture_->folder.filePath(QString::fromLatin1(name)); }
  ui::ExportDialog* dialog() const { return shownDialog<ui::ExportDialog>(*fixture_->window); }
  QAbstractButton* button(const char* name) const {
    return dialog()->findChild<QAbstractButton*>(QString::fromLatin1(name));
  }
  QLineEdit* file() const { return dialog()->findChild<QLineEdit*>(QStringLiteral("saveFile")); }
  QString problem() const { return dialog()->findChild<QLabel*>(QStringLiteral("saveProblem"))->text(); }
  QString carried() const {
    QStringList texts;
    for (const auto* one : dialog()->findChild<ui::CarriedList*>()->findChildren<QLabel*>()) texts << one->text();
    return texts.join(QLatin1Char('|'));
  }
  void choose(const char* format) {
    QTest::mouseClick(button(format), Qt::LeftButton, {}, QPoint(8, button(format)->height() / 2));
    QVERIFY(button(format)->isChecked());
  }
  void write(const QString& name) {
    replaceText(file(), fixture_->folder.filePath(name));
    QTest::mouseClick(button("saveNow"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!dialog(), kPatience);
  }
  void refuses(const QString& target, const QString& why) {
    replaceText(file(), target);
    QTest::mouseClick(button("saveNow"), Qt::LeftButton);
    QTRY_VERIFY2(problem().contains(why), qPrintable(problem()));
    QVERIFY(dialog()->findChild<QLabel*>(QStringLiteral("saveProblem"))->isVisible());
    QVERIFY(!QFile::exists(target));
  }
  std::shared_ptr<const core::StateTree> read(const QString& name) const {
    return storage::readForeignFile(storage::FileSystem::posix(), fixture_->folder.filePath(name).toStdString()).tree;
  }
  void look(const char* name) {
    picture(*dialog(), QString::fromLatin1(name));
    auto& theme = ui::Theme::instance();
    theme.setChoice(ui::Theme::Choice::Dark);
    picture(*dialog(), QString::fromLatin1(name) + QStringLiteral("-dark"));
    theme.setChoice(ui::Theme::Choice::Light);
  }

  std::unique_ptr<WindowFixture> fixture_;
  core::CheckpointRecord newest_;
};

CAIRN_TEST(ExportDialogTest, export_dialog)
#include "tst_export_dialog.moc"
