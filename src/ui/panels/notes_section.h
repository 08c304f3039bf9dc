// The inspector's part that a person writes: a note and tags, of the selected checkpoint or else of the run. GUI thread.
#pragma once

#include <QWidget>
#include <string>
#include <vector>

#include "ui/catalog_client.h"

class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QTimer;

namespace cairn::ui {

class TagBar;

class NotesSection : public QWidget {
  Q_OBJECT

 public:
  explicit NotesSection(CatalogClient& client, QWidget* parent = nullptr);
  ~NotesSection() override;  ///< saves what was typed

  /// What the catalog holds; text that is being typed is not replaced.
  void show(const std::string& run, const std::string& checkpoint, const std::string& note,
            const std::vector<std::string>& tags, bool readOnly);
  void focusNote();

 private:
  void save();
  void saveTags(const std::vector<std::string>& tags);

  CatalogClient& client_;
  std::string run_, checkpoint_;  // checkpoint_ is empty if the note is the run's
  QLabel* heading_;
  QPlainTextEdit* note_;
  TagBar* tags_;
  QTimer* saveTimer_;
  bool showing_ = false;
};

}  // namespace cairn::ui
