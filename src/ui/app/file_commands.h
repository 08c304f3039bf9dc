// What a person can do with model files: look into one, bring one in, give a checkpoint out. GUI thread.
#pragma once

#include <QObject>
#include <QString>
#include <string>
#include <vector>

class QWidget;

namespace cairn::ui {

class Actions;
class Banner;
class CatalogClient;
class Selection;
struct Verb;
struct VerbTarget;

class FileCommands : public QObject {
  Q_OBJECT

 public:
  /// Joins the File and Checkpoint menus' actions, and takes files that are dropped on `window`.
  FileCommands(QWidget* window, Actions& actions, CatalogClient& client, Selection& selection, Banner& banner);

  void inspect(const QString& path);
  void askAndInspect();  ///< asks for the file
  void copySnippet(const std::string& checkpoint);
  std::vector<Verb> verbs(const VerbTarget& target);  ///< for a checkpoint's menu

 private:
  void update();

  QWidget* window_;
  Actions& actions_;
  CatalogClient& client_;
  Selection& selection_;
  Banner& banner_;
};

}  // namespace cairn::ui
