// A window on a home of its own, and how tests find and press what is in it.
#pragma once

#include <QAbstractButton>
#include <QDir>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "storage/home.h"
#include "ui/app/main_window.h"

namespace cairn::tests {

/// Keeps a person's own settings out of the tests, and the tests out of theirs.
inline void isolateSettings(const QString& folder) {
  QCoreApplication::setOrganizationName(QStringLiteral("cairn-test"));
  QCoreApplication::setApplicationName(QStringLiteral("cairn-test"));
  QSettings::setDefaultFormat(QSettings::IniFormat);
  QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, folder);
}

struct WindowFixture {
  WindowFixture() { isolateSettings(folder.path()); }

  void open() {
    window = std::make_unique<ui::MainWindow>(home());
    window->show();
  }
  storage::Home home() const { return storage::Home(folder.filePath(QStringLiteral("home")).toStdString()); }
  ui::HomeSnapshotPtr snapshot() const { return window->client().snapshot(); }

  template <typename Widget = QWidget>
  Widget* find(const QString& name) const {
    return window->findChild<Widget*>(name);
  }
  /// A real click in the middle of the button; it must be visible and enabled.
  void click(const QString& name) const {
    auto* button = find<QAbstractButton>(name);
    QVERIFY2(button, qPrintable(name));
    QVERIFY2(button->isVisible() && button->isEnabled(), qPrintable(name));
    QTest::mouseClick(button, Qt::LeftButton, {}, button->rect().center());
  }

  QTemporaryDir folder;
  std::unique_ptr<ui::MainWindow> window;
};

}  // namespace cairn::tests
