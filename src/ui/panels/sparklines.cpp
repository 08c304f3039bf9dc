#include "ui/panels/sparklines.h"

#include <algorithm>
#include <cmath>

namespace cairn::ui {

namespace {
constexpr std::size_t kMostPoints = 80;
}

void ThinnedCurve::add(double step, double value) {
  if (!std::isfinite(value)) return;
  sumStep_ += step;
  sumValue_ += value;
  if (++taken_ < width_) return;
  points_.emplace_back(sumStep_ / taken_, sumValue_ / taken_);
  sumStep_ = sumValue_ = 0;
  taken_ = 0;
  if (points_.size() >= kMostPoints) halve();
}

void ThinnedCurve::halve() {
  std::vector<QPointF> fewer;
  for (std::size_t at = 0; at + 1 < points_.size(); at += 2) fewer.push_back((points_[at] + points_[at + 1]) / 2);
  points_ = std::move(fewer);
  width_ *= 2;
}

QPolygonF ThinnedCurve::inUnitSquare() const {
  if (points_.size() < 2) return {};
  const bool positive = std::all_of(points_.begin(), points_.end(), [](const QPointF& p) { return p.y() > 0; });
  const auto height = [positive](double y) { return positive ? std::log(y) : y; };
  double low = height(points_[0].y()), high = low;
  for (const auto& point : points_) {
    low = std::min(low, height(point.y()));
    high = std::max(high, height(point.y()));
  }
  const double first = points_.front().x(), last = points_.back().x();
  QPolygonF curve;
  for (const auto& point : points_) {
    curve << QPointF(last > first ? (point.x() - first) / (last - first) : 0,
                     high > low ? (high - height(point.y())) / (high - low) : 0.5);
  }
  return curve;
}

Sparklines::Sparklines(CatalogClient& client, QObject* parent) : QObject(parent), client_(client) {
  connect(&client_, &CatalogClient::snapshotChanged, this, &Sparklines::look);
}

void Sparklines::want(const std::string& run) {
  if (wanted_.emplace(run, 0).second) readIfBehind(run);
}

void Sparklines::look() {
  for (const auto& [run, step] : wanted_) readIfBehind(run);
}

// A curve 40 pixels wide need not follow every step: it is read on once the run is a fortieth further, or has ended.
void Sparklines::readIfBehind(const std::string& run) {
  const auto* record = client_.snapshot()->run(run);
  if (!record) return;
  const auto behind = record->step - wanted_[run];
  const bool ended = record->status != core::RunStatus::Running;
  if (behind > 0 && (ended || behind * 40 >= record->step)) read(run);
}

void Sparklines::read(const std::string& run) {
  if (!reading_.insert(run).second) return;
  if (const auto* record = client_.snapshot()->run(run)) wanted_[run] = record->step;
  client_.query<storage::SeriesOutline>(
      this,
      [run](storage::Catalog& catalog) { return catalog.outline(run, core::Series::TrainLoss, kMostPoints); },
      [this, run](const storage::SeriesOutline& outline) {
        reading_.erase(run);
        ThinnedCurve curve;
        for (const auto& [step, value] : outline.points) curve.add(step, value);
        Q_EMIT curveChanged(run, curve.inUnitSquare());
      });
}

}  // namespace cairn::ui
