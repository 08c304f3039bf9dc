// The one x axis that chart and timeline share: what it counts, the range in sight and the cross-hair. GUI thread.
#pragma once

#include <QObject>
#include <optional>

namespace cairn::ui {

class XAxis : public QObject {
  Q_OBJECT

 public:
  enum class Unit { Step, Epoch, Time };  ///< Time: seconds of training

  using QObject::QObject;

  Unit unit() const { return unit_; }
  double lower() const { return lower_; }
  double upper() const { return upper_; }
  /// Follows new data: the range grows with fitTo() until the person zooms or pans.
  bool follows() const { return follows_; }
  std::optional<double> crossHair() const { return crossHair_; }

  void setUnit(Unit unit);
  void setRange(double lower, double upper);  ///< by the person: ends following
  void fitTo(double lower, double upper);     ///< by new data: applied while following
  void fit();                                 ///< follow again
  void setCrossHair(std::optional<double> x);

 Q_SIGNALS:
  void unitChanged();
  void rangeChanged();
  void crossHairChanged();
  void fitRequested();

 private:
  Unit unit_ = Unit::Step;
  double lower_ = 0, upper_ = 1;
  bool follows_ = true;
  std::optional<double> crossHair_;
};

}  // namespace cairn::ui
