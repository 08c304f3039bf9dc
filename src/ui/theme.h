// Colours, spacing and icons: the one place that knows how the window looks in light and dark. GUI thread.
#pragma once

#include <QColor>
#include <QIcon>
#include <QObject>
#include <QPalette>
#include <QString>

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

  void setChoice(Choice choice);  ///< applies palette and style sheet to the application
  Choice choice() const { return choice_; }
  bool dark() const { return dark_; }
  const Colors& colors() const;

  /// A run's colour: the Nth of a palette that stays apart for colour-blind people, in both themes.
  QColor runColor(int index) const;
  /// ":/icons/NAME.svg" in the text's colour (or `color`), crisp at any scale.
  QIcon icon(const QString& name, QColor color = {}) const;

  static constexpr int kSpacing = 8;  ///< pixels between related things; panels use twice as much

 Q_SIGNALS:
  void changed();

 private:
  Theme();
  void apply();

  Choice choice_ = Choice::System;
  bool dark_ = false;
};

}  // namespace cairn::ui
