// The runs that stopped unexpectedly, in one list, each with its own way on. GUI thread.
#pragma once

#include <QDialog>
#include <QString>
#include <string>
#include <vector>

class QPushButton;
class QVBoxLayout;

namespace cairn::ui {

struct InterruptedRow {
  std::string run;  ///< id
  QString name, words;

  bool operator==(const InterruptedRow&) const = default;
};

class InterruptedDialog : public QDialog {
  Q_OBJECT

 public:
  explicit InterruptedDialog(bool readOnly, QWidget* parent = nullptr);
  void setRows(const std::vector<InterruptedRow>& rows);  ///< with none left it closes

 Q_SIGNALS:
  void resumeRequested(const std::string& run);
  void showRequested(const std::string& run);
  void dismissRequested(const std::string& run);

 private:
  QWidget* makeRow(const InterruptedRow& row);
  void resumeAll();

  bool readOnly_;
  std::vector<InterruptedRow> rows_;
  QVBoxLayout* list_;
  QPushButton* all_;
};

}  // namespace cairn::ui
