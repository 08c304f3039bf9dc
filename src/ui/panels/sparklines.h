// Keeps the small curves of the run list: a few points a run, read from the catalog once a run comes into sight, and again
// as it goes on. GUI thread.
#pragma once

#include <QObject>
#include <QPolygonF>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/series.h"
#include "ui/catalog_client.h"

namespace cairn::ui {

/// A series thinned to a bounded number of points: pairs are averaged whenever there are too many.
class ThinnedCurve {
 public:
  void add(double step, double value);  ///< values that are not finite are left out
  QPolygonF inUnitSquare() const;       ///< logarithmic if all values are positive; y downwards

 private:
  void halve();
  std::vector<QPointF> points_;
  double sumStep_ = 0, sumValue_ = 0;
  int taken_ = 0, width_ = 1;  // of `width_` values that make the next point, `taken_` came
};

class Sparklines : public QObject {
  Q_OBJECT

 public:
  explicit Sparklines(CatalogClient& client, QObject* parent = nullptr);

  /// The run's curve is to be kept from now on: it was in sight.
  void want(const std::string& run);

 Q_SIGNALS:
  void curveChanged(const std::string& run, const QPolygonF& curve);

 private:
  void look();
  void readIfBehind(const std::string& run);
  void read(const std::string& run);

  CatalogClient& client_;
  std::map<std::string, std::int64_t> wanted_;  // run, and the step up to which its curve was read
  std::set<std::string> reading_;
};

}  // namespace cairn::ui
