// The comparison of two to four checkpoints: their cards above, the pages below. GUI thread.
#pragma once

#include <QWidget>
#include <memory>
#include <string>
#include <vector>

#include "core/error.h"
#include "ui/compare/compared.h"
#include "ui/dialogs/latest_task.h"

class QHBoxLayout;
class QLabel;
class QStackedWidget;
class QTabBar;

namespace cairn::ui {

class CatalogClient;
class CompareCard;
class ComparePage;
class ComparedReader;
class CompareVerbs;
class Selection;
class SharedComparison;

class CompareView : public QWidget {
  Q_OBJECT

 public:
  CompareView(CatalogClient& client, Selection& selection, QWidget* parent = nullptr);

  const std::vector<ComparePage*>& pages() const { return pages_; }
  ComparePage* currentPage() const;
  void showPage(int at);
  bool showPage(const QString& name);  ///< as its export is named: "weights"; false if there is none
  /// Writes the page in sight, on another thread: a table where `path` ends in .csv, else a picture. exported or
  /// exportFailed follows, unless the person cancels. Must not block.
  void exportTo(const QString& path);

 Q_SIGNALS:
  void closeRequested();
  void branchRequested(const std::string& checkpoint);
  void showRequested(const std::string& run, const std::string& checkpoint);
  void exported(const QString& path);
  void exportFailed(const cairn::Error& error);

 protected:
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  QWidget* makeHead();
  QWidget* makeTabs();
  void addPage(ComparePage* page);
  void addShortcuts();
  void showItems();
  void renewFiles(const ComparedItems& items);
  void lookAtData(const ComparedItems& items);
  void showCards(const ComparedItems& items);
  void move(const std::string& checkpoint, int by);
  void pageChanged();
  void fitVerbs();
  void askAndExport(bool table);

  CatalogClient& client_;
  Selection& selection_;
  ComparedReader* reader_;
  std::shared_ptr<SharedComparison> files_;  ///< of the checkpoints that are compared now
  ComparedItems filesOf_;
  QHBoxLayout* cards_ = nullptr;
  std::vector<CompareCard*> shownCards_;
  QLabel* count_ = nullptr;
  QTabBar* tabs_ = nullptr;
  CompareVerbs* verbs_ = nullptr;
  QStackedWidget* stack_;
  std::vector<ComparePage*> pages_;
  LatestTask lookingAtData_;
  LatestTask writing_;  // last, so that it ends first
};

}  // namespace cairn::ui
