// Names and values, a line each: how the inspector tells facts. GUI thread.
#pragma once

#include <QGridLayout>
#include <QLabel>
#include <QList>
#include <QWidget>
#include <vector>

namespace cairn::ui {

struct Fact {
  QString name, value;
  QString toolTip;
  bool star = false;  ///< marks the best value
};

class FactTable : public QWidget {
  Q_OBJECT

 public:
  explicit FactTable(QWidget* parent = nullptr);
  void setFacts(const QList<Fact>& facts);  ///< rows are reused, so that text can be set often

 private:
  struct Row {
    QLabel* name;
    QLabel* value;
    QLabel* star;
    QWidget* line;
  };
  void addRow();
  QGridLayout* layout_;
  std::vector<Row> rows_;
};

}  // namespace cairn::ui
