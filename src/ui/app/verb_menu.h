// The one menu of what can be done with a run or a checkpoint, for timeline, run list and inspector alike: whoever
// can do something offers it here. GUI thread.
#pragma once

#include <QColor>
#include <QObject>
#include <QPoint>
#include <QString>
#include <functional>
#include <string>
#include <vector>

#include "ui/home_snapshot.h"

class QMenu;
class QWidget;

namespace cairn::ui {

class CatalogClient;

/// What a menu is about. The pointers are into `home`.
struct VerbTarget {
  HomeSnapshotPtr home;
  const core::RunRecord* run = nullptr;
  const core::CheckpointRecord* checkpoint = nullptr;  ///< null: the run as a whole
};

/// One thing to do. What cannot be done now stands there too, disabled, with the reason as its tooltip; what makes no
/// sense for the target is not offered at all.
struct Verb {
  enum class Group { GoOn, Use, Files, Curate, Remove };  ///< apart by lines, in this order
  Group group = Group::Use;
  QString icon;  ///< a name for Theme::icon; "": none
  QString words;
  QString why;   ///< why not now, and what to do instead; "": it can be done
  std::function<void()> act = {};
  std::vector<Verb> inside = {};  ///< not empty: a menu of its own
  QColor swatch = {};             ///< valid: stands in the icon's place
};

class VerbMenu : public QObject {
  Q_OBJECT

 public:
  /// Asked each time a menu opens; sources stand in the order in which they came, within each group.
  using Source = std::function<std::vector<Verb>(const VerbTarget&)>;

  VerbMenu(QWidget* window, CatalogClient& client);

  void offer(Source source);
  std::vector<Verb> verbsOf(const VerbTarget& target) const;  ///< by group
  /// Opens the menu, and returns at once; nothing happens if it is not on record. A checkpoint of "": the run's menu.
  void open(const std::string& run, const std::string& checkpoint, const QPoint& global);

 private:
  void fill(QMenu& menu, const std::vector<Verb>& verbs);

  QWidget* window_;
  CatalogClient& client_;
  std::vector<Source> sources_;
};

/// Why the file of a checkpoint cannot be used; "" if it can.
QString whyNoFile(const core::CheckpointRecord& checkpoint);
/// Why nothing can be written to the home; "" if it can.
QString whyReadOnly(const CatalogClient& client);

}  // namespace cairn::ui
