// The series of the runs in sight, read from the catalog once, then only what is new, and grown by live points; the chart
// and the timeline of a window share one. GUI thread; long reading and smoothing happen on other threads.
#pragma once

#include <QObject>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/series.h"
#include "storage/catalog.h"
#include "ui/chart/run_clock.h"
#include "ui/chart/series_curve.h"

namespace cairn::ui {

class CatalogClient;

class SeriesStore : public QObject {
  Q_OBJECT

 public:
  /// The one of `client`, which owns it.
  static SeriesStore& of(CatalogClient& client);
  /// One more, for a view that shows other runs than the window does.
  SeriesStore(CatalogClient& client, QObject* parent);

  void setRuns(const std::vector<std::string>& runs);  ///< their ancestors are read too
  void setSeries(const std::vector<core::Series>& series);
  void setSmoothing(double weight);
  void appendLive(const std::string& run, std::span<const core::MetricPoint> points);

  const SeriesCurve* curve(const std::string& run, core::Series series) const;  ///< null before it is read
  const RunClock& clock(const std::string& run) const;
  bool has(const std::string& run, core::Series series) const;  ///< whether the run measured it at all
  bool reading() const;                                         ///< first reads are under way

  /// Validation is drawn as measured: it is sparse, and its best mark must stand on the line. So is the lr: it is exact.
  static bool isSmoothed(core::Series series);

 Q_SIGNALS:
  void changed();  ///< often: coalesce what follows
  void forgetting();  ///< curves that nobody shows any more are about to go: hold no pointer to any

 private:
  struct Entry {
    SeriesCurve curve;
    std::vector<core::MetricPoint> waiting;  ///< live points that came before what precedes them
    std::string readFor;                     ///< the run's updatedAt when it was last asked for
    bool loaded = false, asking = false, askAgain = false, smoothing = false;
    int tries = 0;
  };
  struct Answer {
    SeriesCurve curve;  ///< when all was asked for
    RunClock clock;
    storage::SeriesData rest;  ///< when only the newer part was
    bool whole = false;
  };
  using Key = std::pair<std::string, core::Series>;

  void readNew();
  void ask(const Key& key);
  void take(const Key& key, Answer answer);
  void drain(const Key& key, Entry& entry);
  void addLive(const Key& key, const core::MetricPoint& point);
  void addPoint(const Key& key, Entry& entry, const core::MetricPoint& point);
  bool leavesGap(const Key& key, const Entry& entry, std::int64_t step) const;
  void askWhichSeries();
  void setOrigins();
  void smooth(const Key& key, Entry& entry);

  CatalogClient& client_;
  std::set<std::string> runs_;  ///< shown ones and their ancestors
  std::vector<std::string> shown_;
  std::vector<core::Series> series_ = {core::Series::TrainLoss};
  std::map<Key, Entry> entries_;
  std::map<std::string, RunClock> clocks_;
  std::map<std::string, std::set<core::Series>> measured_;
  double weight_ = 0;
};

}  // namespace cairn::ui
