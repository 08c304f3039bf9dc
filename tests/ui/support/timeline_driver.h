// Finds marks on the timeline and opens menus on them, as a person does.
#pragma once

#include <QApplication>
#include <QContextMenuEvent>
#include <QMenu>
#include <QTest>
#include <cmath>
#include <optional>
#include <string>

#include "ui/timeline/timeline_panel.h"

namespace cairn::tests {

/// The mark that shows the checkpoint; nothing if none does, or one that others hide behind.
inline std::optional<ui::PlacedMark> placed(const ui::TimelinePanel& timeline, const std::string& checkpoint) {
  for (const auto& mark : timeline.geometryNow().marks) {
    if (timeline.lanes()[mark.lane].marks[mark.shown].id == checkpoint) return mark;
  }
  return {};
}

inline QPoint pointOf(const ui::PlacedMark& mark) {
  return {static_cast<int>(std::lround(mark.x)), static_cast<int>(std::lround(mark.y))};
}

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

inline QStringList wordsOf(const QMenu* menu) {
  QStringList words;
  for (const auto* one : menu ? menu->actions() : QList<QAction*>()) {
    if (!one->isSeparator()) words << one->text();
  }
  return words;
}

}  // namespace cairn::tests
