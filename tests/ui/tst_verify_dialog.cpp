// Verifying all files by the menu: whole ones are said to be, a flipped byte and a file that is gone are found.
#include <QFile>
#include <QLabel>
#include <QListWidget>

#include "support/test_registry.h"
#include "support/window_fixture.h"
#include "ui/app/training_controller.h"
#include "ui/dialogs/verify_dialog.h"

using namespace cairn;

namespace {

constexpr int kPatience = 30'000;  // milliseconds; the engine is loaded on the way

void flipOneByte(const std::string& path) {
  QFile file(QString::fromStdString(path));
  QVERIFY(file.open(QIODevice::ReadWrite));
  const auto middle = file.size() / 2;
  char byte = 0;
  QVERIFY(file.seek(middle) && file.read(&byte, 1) == 1);
  byte = static_cast<char>(byte ^ 1);
  QVERIFY(file.seek(middle) && file.write(&byte, 1) == 1);
}

}  // namespace

class VerifyDialogTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    fixture_ = std::make_unique<tests::WindowFixture>();
    fixture_->open();
    QTRY_VERIFY(fixture_->window->client().loaded());
    fixture_->click(QStringLiteral("example_line"));
    QTRY_VERIFY_WITH_TIMEOUT(!fixture_->snapshot()->runs.empty() && !fixture_->window->controller().busy(), kPatience);
    QTRY_COMPARE(fixture_->snapshot()->runs[0].status, core::RunStatus::Completed);
    QVERIFY(fixture_->snapshot()->checkpointCount() >= 2);
  }
  void cleanup() { fixture_.reset(); }

  void wholeFilesAreSaidToBe() {
    QVERIFY(openDialog());
    QTRY_VERIFY(headline().contains(QStringLiteral("are whole")));
    QVERIFY(!fixture_->find("badCheckpoints")->isVisible());
  }

  void badFilesAreFoundAndMarked() {
    const auto snapshot = fixture_->snapshot();
    const auto checkpoints = snapshot->checkpointsOf(snapshot->runs[0].id);
    flipOneByte(checkpoints[0].path);
    QVERIFY(QFile::remove(QString::fromStdString(checkpoints[1].path)));
    QVERIFY(openDialog());
    QTRY_VERIFY(headline().startsWith(QStringLiteral("2 of ")));
    auto* list = fixture_->find<QListWidget>("badCheckpoints");
    QCOMPARE(list->count(), 2);
    QVERIFY(list->item(0)->text().contains(QStringLiteral("step 1")));
    fixture_->window->client().refresh();
    QTRY_COMPARE(fixture_->snapshot()->checkpoint(checkpoints[0].id)->state, core::CheckpointState::Damaged);
    QTRY_COMPARE(fixture_->snapshot()->checkpoint(checkpoints[1].id)->state, core::CheckpointState::Missing);
  }

 private:
  bool openDialog() {
    for (auto* action : fixture_->window->QWidget::actions())
      if (action->text().startsWith(QStringLiteral("&Verify all")) && action->isEnabled()) action->trigger();
    return fixture_->window->findChild<ui::VerifyDialog*>() != nullptr;
  }
  QString headline() const { return fixture_->find<QLabel>("verifyHeadline")->text(); }

  std::unique_ptr<tests::WindowFixture> fixture_;
};

CAIRN_TEST(VerifyDialogTest, verify_dialog)
#include "tst_verify_dialog.moc"
