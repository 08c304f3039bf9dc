// A home with real tiny runs (iris, a branch of it, another model), trained once a test class, and the window on it
// with checkpoints ticked.
#pragma once

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QLineEdit>
#include <QMenu>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <functional>

#include "storage/catalog.h"
#include "training/job.h"
#include "ui/catalog_client.h"
#include "ui/compare/compare_commands.h"
#include "ui/compare/compare_page.h"
#include "ui/compare/compare_view.h"
#include "ui/selection.h"
#include "window_fixture.h"

namespace cairn::tests {

struct IgnoredEvents : core::EventSink {
  void post(const core::Event&) override {}
};

class CompareHome {
 public:
  storage::Home home() const { return storage::Home(folder_.filePath(QStringLiteral("home")).toStdString()); }

  std::string train(const std::string& example, std::vector<std::string> settings) {
    settings.push_back("training.threads=1");
    auto spec = core::readRunSpec(CAIRN_SOURCE_DIR "/resources/examples/" + example + ".json");
    return finish(training::Job::train(home(), core::withSettings(spec, settings)));
  }
  std::string branch(const std::string& checkpoint, const std::string& name, const std::vector<std::string>& settings) {
    training::BranchOptions options;
    options.name = name;
    storage::Catalog catalog(home(), storage::Catalog::Access::Read);
    const auto run = catalog.run(catalog.checkpoint(checkpoint).run);
    options.spec = core::withSettings(run.spec, settings);
    return finish(training::Job::branch(home(), checkpoint, options));
  }
  /// What another process would do to it.
  void change(const std::function<void(storage::Catalog&)>& act) const {
    storage::Catalog catalog(home(), storage::Catalog::Access::Write);
    act(catalog);
  }
  core::CheckpointRecord at(const std::string& reference) const {
    return storage::Catalog(home(), storage::Catalog::Access::Read).findCheckpoint(reference);
  }

 private:
  std::string finish(std::unique_ptr<training::Job> job) {
    IgnoredEvents sink;
    job->start(sink);
    job->wait();
    return job->run();
  }
  QTemporaryDir folder_;
};

/// The window with checkpoints ticked and the comparison open, by its shortcut.
struct CompareWindow {
  CompareWindow(const CompareHome& of, const std::vector<std::string>& ids, QSize size = {1280, 800}) {
    isolateSettings(settings.path());
    window = std::make_unique<ui::MainWindow>(of.home());
    window->resize(size);
    window->show();
    ok = QTest::qWaitFor([&] { return window->client().loaded() && !window->client().snapshot()->runs.empty(); });
    if (ids.empty()) return;
    window->selection().setCompared(ids);
    QTest::keyClick(window.get(), Qt::Key_M, Qt::ControlModifier);
    ok = ok && QTest::qWaitFor([&] { return view().isVisible() && view().currentPage()->hasContent(); });
  }
  ui::CompareView& view() const { return window->compare().view(); }
  template <typename Widget = QWidget>
  Widget* find(const QString& name) const {
    return view().findChild<Widget*>(name);
  }
  void click(const QString& name) const {
    auto* button = find<QAbstractButton>(name);
    QVERIFY2(button, qPrintable(name));
    // What it depends on may still be read.
    (void)QTest::qWaitFor([&] { return button->isVisible() && button->isEnabled(); });
    QVERIFY2(button->isVisible() && button->isEnabled(), qPrintable(name));
    QTest::mouseClick(button, Qt::LeftButton, {}, button->rect().center());
  }
  /// Ctrl+N, and the page has computed what it shows.
  bool page(int number, int patience = 30'000) const {
    QTest::keyClick(&view(), static_cast<Qt::Key>(Qt::Key_0 + number), Qt::ControlModifier);
    return QTest::qWaitFor([&] { return !view().currentPage()->isBusy() && view().currentPage()->hasContent(); },
                           patience);
  }
  /// What has happened to the home is on the screen, as far as anything of it is shown.
  bool settled() const {
    QSignalSpy read(&window->client(), &ui::CatalogClient::snapshotChanged);
    window->client().refresh();
    bool answered = false;
    if (!QTest::qWaitFor([&] { return !read.isEmpty(); })) return false;
    window->client().query<bool>(
        window.get(), [](storage::Catalog&) { return true; }, [&](bool) { answered = true; });
    return QTest::qWaitFor([&] { return answered; });
  }
  /// By the page's menu and dialog; `entry` is "exportTable" or "exportPicture".
  void exportBy(const QString& entry, const QString& path) const {
    auto* menu = find<QToolButton>("exportCompare")->menu();
    menu->popup(window->mapToGlobal(QPoint(10, 10)));
    while (menu->activeAction() == nullptr || menu->activeAction()->objectName() != entry)
      QTest::keyClick(menu, Qt::Key_Down);
    QTest::keyClick(menu, Qt::Key_Return);
    QTRY_VERIFY(find<QFileDialog>("exportDialog"));
    auto* dialog = find<QFileDialog>("exportDialog");
    auto* name = dialog->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"));
    QVERIFY(name);
    name->setText(path);  // typed, its completer would take the Return
    QTest::keyClick(name, Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(path), 30'000);
  }
  /// Kept where CAIRN_PICTURES says.
  QImage picture(const QString& name) const { return kept(window->grab().toImage(), name); }
  static QImage kept(const QImage& image, const QString& name) {
    const auto folder = qEnvironmentVariable("CAIRN_PICTURES");
    if (!folder.isEmpty()) image.save(QDir(folder).filePath(name + QStringLiteral(".png")));
    return image;
  }

  QTemporaryDir settings;
  std::unique_ptr<ui::MainWindow> window;
  bool ok = false;
};

}  // namespace cairn::tests
