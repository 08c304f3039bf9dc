// Keeps the small curves of the run list: a few points a run, read from the catalog as runs go on. GUI thread.
#pragma once

#include <QObject>
#include <QPolygonF>
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

 Q_SIGNALS:
  void curveChanged(const std::string& run, const QPolygonF& curve);

 private:
  void look();
  void read(const std::string& run);

  struct Known {
    std::int64_t step = 0;  // read up to here
    ThinnedCurve curve;
  };
  CatalogClient& client_;
  std::map<std::string, Known> known_;
  std::set<std::string> reading_;
};

}  // namespace cairn::ui
