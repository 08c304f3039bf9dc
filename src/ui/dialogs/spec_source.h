// Where the settings come from that a file is imported with: the file itself, an example, a run, a spec file, or the
// form of a new run. GUI thread.
#pragma once

#include <QWidget>
#include <optional>

#include "core/run_spec.h"
#include "storage/home.h"
#include "ui/home_snapshot.h"

class QComboBox;
class QLabel;
class QPushButton;
class QStackedWidget;

namespace cairn::ui {

class PathLine;

class SpecSource : public QWidget {
  Q_OBJECT

 public:
  SpecSource(const storage::Home& home, HomeSnapshotPtr snapshot, QWidget* parent = nullptr);

  /// What the file carries itself, if it does: then it is chosen, unless the person has chosen something.
  void offerOwn(const std::optional<core::RunSpec>& own);
  const std::optional<core::RunSpec>& spec() const { return spec_; }

 Q_SIGNALS:
  void changed();

 private:
  enum Kind { Nothing, Own, Example, Run, SpecFile, Form };
  void fillKinds();
  void fillExamples();
  void fillRuns();
  Kind kind() const;
  void choose(Kind kind);
  void read();
  core::RunSpec readChosen() const;
  void edit();

  storage::Home home_;
  HomeSnapshotPtr snapshot_;
  QComboBox* kinds_;
  QStackedWidget* details_;
  QComboBox* examples_;
  QComboBox* runs_;
  PathLine* file_;
  QPushButton* edit_;
  QLabel* line_;
  std::optional<core::RunSpec> own_, form_, spec_;
  QString problem_;
  bool chosen_ = false;  ///< by the person
};

/// "csv, MLP 64 · 64, AdamW lr 0.001, 20 epochs": a spec in a line.
QString specTitle(const core::RunSpec& spec);

}  // namespace cairn::ui
