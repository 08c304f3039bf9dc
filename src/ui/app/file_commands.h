// What a person can do with files: look into a model file, bring one in, give out a checkpoint, curves or a report, and
// what becomes of a dropped one. GUI thread.
#pragma once

#include <QObject>
#include <QString>
#include <string>
#include <vector>

#include "core/records.h"
#include "core/run_spec.h"
class QWidget;

namespace cairn::ui {

class Actions;
class Banner;
class CatalogClient;
class ChartPanel;
class SaveDialog;
class Selection;
struct Verb;
struct VerbTarget;

class FileCommands : public QObject {
  Q_OBJECT

 public:
  /// Joins the File and Checkpoint menus' actions, and takes files that are dropped on `window`.
  FileCommands(QWidget* window, Actions& actions, CatalogClient& client, Selection& selection, Banner& banner);

  void inspect(const QString& path);
  void askAndInspect();                       ///< asks for the file
  void importFile(const QString& path = {});  ///< "": asks for the file
  void exportCheckpoint(const std::string& checkpoint);
  void exportCurves(ChartPanel& chart);  ///< those in sight
  void report(const std::string& run);
  void copySnippet(const std::string& checkpoint);
  std::vector<Verb> verbs(const VerbTarget& target);  ///< for a checkpoint's or a run's menu

 Q_SIGNALS:
  void newRunRequested(const cairn::core::RunSpec& spec);  ///< data was dropped: settings to begin with

 private:
  void update();
  void onDataDropped(const QStringList& paths);
  void onImported(const core::CheckpointRecord& checkpoint, const QString& name);
  void say(const QString& key, const QString& words);
  void openToSave(SaveDialog* dialog);
  void onExported(const QStringList& files);

  QWidget* window_;
  Actions& actions_;
  CatalogClient& client_;
  Selection& selection_;
  Banner& banner_;
};

}  // namespace cairn::ui
