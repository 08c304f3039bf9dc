// The comparison's fifth page: the loss along the straight line between two checkpoints in weight space, which tells
// whether they lie in one valley. GUI thread; the models run on another.
#pragma once

#include <optional>

#include "core/predictions.h"
#include "ui/compare/compare_page.h"
#include "ui/compare/path_plot.h"

class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;
class QToolButton;

namespace cairn::ui {

class BusyLine;

class PathPage final : public ComparePage {
  Q_OBJECT

 public:
  explicit PathPage(QWidget* parent = nullptr);
  QString title() const override;
  QString fileName() const override { return QStringLiteral("path"); }
  QByteArray toCsv() const override;
  bool hasTable() const override;
  const PathPlot& plot() const { return *plot_; }

 protected:
  void begin() override;
  void leave() override;
  void recordsChanged() override;

 private:
  QWidget* makeHeader();
  void fillEnds();
  PathPlot::End endOf(const QComboBox& combo) const;
  void walk();
  void show(const core::LossPath& path);
  void say(const QString& words);

  QComboBox* from_;
  QComboBox* to_;
  QSpinBox* points_;
  QPushButton* again_;
  QToolButton* loss_;
  QToolButton* accuracy_;
  PathPlot* plot_;
  BusyLine* busy_;
  QLabel* verdict_;
  QLabel* notes_;
  quint64 walk_ = 0;  ///< the newest line that was set out on
  bool done_ = false;
};

}  // namespace cairn::ui
