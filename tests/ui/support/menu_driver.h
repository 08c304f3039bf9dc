// Opens context menus and chooses from them, as a person does.
#pragma once

#include <QApplication>
#include <QContextMenuEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QTest>

namespace cairn::tests {

inline QMenu* menuOpen() { return qobject_cast<QMenu*>(QApplication::activePopupWidget()); }

inline void closeMenu() {
  while (auto* menu = menuOpen()) menu->close();
  QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
}

/// A right click: press, release and the event that Qt makes of it, which the offscreen platform leaves out.
inline QMenu* openOn(QWidget& widget, QPoint at) {
  closeMenu();
  QTest::mouseClick(&widget, Qt::RightButton, {}, at);
  if (!menuOpen()) {
    QContextMenuEvent event(QContextMenuEvent::Mouse, at, widget.mapToGlobal(at));
    QCoreApplication::sendEvent(&widget, &event);
  }
  return menuOpen();
}

inline QAction* action(const QMenu* menu, const char* words) {
  if (!menu) return nullptr;
  for (auto* one : menu->actions()) {
    if (one->text() == QString::fromUtf8(words)) return one;
  }
  return nullptr;
}

/// A click on the entry, once the pointer has come there: to Qt 6.8 a press before some moves in the menu is still the click
/// that opened it.
inline void chooseFrom(QMenu* menu, const QAction* entry) {
  const auto at = menu->actionGeometry(const_cast<QAction*>(entry)).center();
  for (int away = 9; away >= 0; --away) {
    // Not QTest::mouseMove, which lets all waiting events through: they may close the menu.
    const QPoint point = at - QPoint(away, 0);
    QMouseEvent move(QEvent::MouseMove, point, menu->mapToGlobal(point), Qt::NoButton, Qt::NoButton, Qt::NoModifier);
    QCoreApplication::sendEvent(menu, &move);
  }
  QTest::mouseClick(menu, Qt::LeftButton, {}, at);
}

inline QStringList wordsOf(const QMenu* menu) {
  QStringList words;
  for (const auto* one : menu ? menu->actions() : QList<QAction*>()) {
    if (!one->isSeparator()) words << one->text();
  }
  return words;
}

}  // namespace cairn::tests
