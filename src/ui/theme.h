// Colours, spacing and icons: the one place that knows how the window looks in light and dark. GUI thread.
#pragma once

#include <QColor>
#include <QDBusVariant>
#include <QIcon>
#include <QObject>
#include <QPalette>
#include <QString>
#include <utility>

#include "core/records.h"

namespace cairn::ui {

/// The colours of one theme, by role.
struct Colors {
  QColor window, panel, border, text, mutedText, accent, accentText, selection;
  QColor grid, bannerBackground, bannerBorder, good, warning, bad, neutral;
  QColor star;  ///< a best checkpoint's mark
};

class Theme : public QObject {
  Q_OBJECT

 public:
  enum class Choice { System, Light, Dark };

  static Theme& instance();

  /// While one lives, the application has no style sheet, and gets it as it goes: Qt works a sheet out anew for every widget
  /// that is put into another, which took half the time in which the window was built.
  class SheetAfterwards {
   public:
    SheetAfterwards();
    ~SheetAfterwards();
    SheetAfterwards(const SheetAfterwards&) = delete;
    SheetAfterwards& operator=(const SheetAfterwards&) = delete;
  };

  void setChoice(Choice choice);  ///< applies palette and style sheet to the application; System is asked for, not waited for
  Choice choice() const { return choice_; }
  bool dark() const { return dark_; }
  const Colors& colors() const;

  /// A run's colour: the Nth of a palette that stays apart for colour-blind people, in both themes.
  QColor runColor(int index) const;
  static constexpr int kRunColors = 8;
  static QString runColorName(int index);
  /// ":/icons/NAME.svg" in the text's colour (or `color`), crisp at any scale.
  QIcon icon(const QString& name, QColor color = {}) const;

  /// A filled round-cornered label's colours for a run's state: background and text.
  std::pair<QColor, QColor> statePill(core::RunStatus status) const;

  static constexpr int kSpacing = 8;  ///< pixels between related things; panels use twice as much

 Q_SIGNALS:
  void changed();

 private Q_SLOTS:
  void onPortalSettingChanged(const QString& group, const QString& key, const QDBusVariant& value);

 private:
  Theme();
  void apply();
  void askPortal();

  Choice choice_ = Choice::System;
  bool dark_ = false;
  bool systemDark_ = false;
  bool sheetLater_ = false;
};

}  // namespace cairn::ui
