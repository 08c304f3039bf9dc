// The head of one compared checkpoint: its letter, colour, run, step and figures, and how to move or drop it. GUI
// thread.
#pragma once

#include <QFrame>
#include <string>

#include "ui/compare/compared.h"

class QToolButton;

namespace cairn::ui {

class InlineText;

class CompareCard : public QFrame {
  Q_OBJECT

 public:
  explicit CompareCard(QWidget* parent = nullptr);
  /// `best`: the series in which it is the best of those compared. `first`, `last`: in their order.
  void show(const Compared& item, const std::set<std::string>& best, bool first, bool last);
  const QColor& color() const { return color_; }

 Q_SIGNALS:
  void moveRequested(const std::string& checkpoint, int by);  ///< -1: before its neighbour on the left
  void removeRequested(const std::string& checkpoint);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void dress();

  std::string checkpoint_;
  QColor color_;
  InlineText* title_;
  InlineText* figures_;
  QToolButton* left_;
  QToolButton* right_;
  QToolButton* remove_;
};

}  // namespace cairn::ui
