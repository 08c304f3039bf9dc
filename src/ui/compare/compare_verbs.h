// What can be done with what is compared: branch from one of them, export the page. Buttons, gathered into a menu where
// there is little room. GUI thread.
#pragma once

#include <QWidget>
#include <string>

#include "ui/compare/compared.h"

class QHBoxLayout;
class QMenu;
class QToolButton;

namespace cairn::ui {

class CompareVerbs : public QWidget {
  Q_OBJECT

 public:
  explicit CompareVerbs(QWidget* parent = nullptr);
  void setItems(const ComparedItems& items, bool readOnly);
  void setExportable(bool table, bool picture);
  void setWriting(bool writing);  ///< an export is under way: one at a time
  void setRoom(int width);        ///< pixels that there are for all

 Q_SIGNALS:
  void branchRequested(const std::string& checkpoint);
  void tableRequested();
  void pictureRequested();

 private:
  void allowExport();
  void growTo(std::size_t count);
  void show(std::size_t at, const Compared& item, bool readOnly);

  std::vector<std::string> checkpoints_;  ///< ids, A first
  std::vector<QToolButton*> branches_;    ///< one each, kept when the records change: a click may be under way
  std::vector<QAction*> entries_;         ///< the same as a menu
  QHBoxLayout* row_;
  QToolButton* branchMenu_;
  QToolButton* export_;
  QAction *table_, *picture_;
  int room_ = 0;
  bool writing_ = false;
};

}  // namespace cairn::ui
