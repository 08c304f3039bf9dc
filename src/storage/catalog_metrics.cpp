// Metrics as packed stretches, and events.
//
// A stretch is rewritten when it grows, so new points become a stretch of their own, which takes in the one before it
// while that is not much longer: each value is rewritten a few times at most, and a series of n values is n / 4096
// stretches and a handful of short ones.
#include <algorithm>
#include <array>
#include <cmath>

#include "core/error.h"
#include "core/text.h"
#include "storage/catalog_impl.h"

namespace cairn::storage {

namespace {

constexpr std::int64_t kFullChunk = 4096;  // values
constexpr const char* kLast =
    "SELECT number, last_step, count, data FROM metric_chunks WHERE run = ? AND series = ? AND superseded = 0"
    " ORDER BY last_step DESC LIMIT 1";
constexpr const char* kInsert =
    "INSERT INTO metric_chunks(run, series, superseded, first_step, last_step, count, data) VALUES(?,?,?,?,?,?,?)";
constexpr const char* kDelete = "DELETE FROM metric_chunks WHERE number = ?";
constexpr const char* kAfter =
    "SELECT data FROM metric_chunks WHERE run = ? AND series = ? AND superseded = 0 AND last_step > ? ORDER BY last_step";
constexpr const char* kAcross =
    "SELECT number, data FROM metric_chunks WHERE run = ? AND series = ? AND superseded = 0 AND last_step > ?"
    " AND first_step <= ?";
constexpr const char* kSupersede =
    "UPDATE metric_chunks SET superseded = 1 WHERE run = ? AND series = ? AND superseded = 0 AND last_step > ?";
constexpr const char* kHasSeries =
    "SELECT 1 FROM metric_chunks WHERE run = ? AND series = ? AND superseded = 0 LIMIT 1";
constexpr const char* kNumbers =
    "SELECT number FROM metric_chunks WHERE run = ? AND series = ? AND superseded = 0 ORDER BY last_step";
constexpr const char* kData = "SELECT data FROM metric_chunks WHERE number = ?";
constexpr const char* kGoBack = "UPDATE runs SET step = MIN(step, ?), updated_at = ? WHERE id = ?";
constexpr const char* kParentOf = "SELECT parent_run, parent_step FROM runs WHERE id = ?";
constexpr const char* kInsertEvent = "INSERT INTO events(run, step, kind, detail, created_at) VALUES(?,?,?,?,?)";
constexpr const char* kEvents =
    "SELECT step, kind, detail, created_at FROM events WHERE run = ? ORDER BY step, number";

std::span<const std::byte> bytesOf(const std::string& text) { return std::as_bytes(std::span(text)); }

/// At most `most` of them, evenly, the last one always.
std::vector<std::int64_t> evenly(const std::vector<std::int64_t>& all, std::size_t most) {
  if (all.size() <= most) return all;
  std::vector<std::int64_t> some;
  for (std::size_t i = 1; i <= most; ++i) some.push_back(all[i * all.size() / most - 1]);
  return some;
}

/// Appends the means of `parts` pieces of the stretch; what is not finite does not count.
void appendMeans(const SeriesData& data, std::size_t parts, SeriesOutline& outline) {
  for (std::size_t part = 0; part < parts; ++part) {
    double step = 0, value = 0, count = 0;
    for (auto i = part * data.size() / parts; i < (part + 1) * data.size() / parts; ++i) {
      if (!std::isfinite(data.value[i])) continue;
      step += static_cast<double>(data.step[i]);
      value += data.value[i];
      ++count;
    }
    if (count > 0) outline.points.emplace_back(step / count, value / count);
  }
}

}  // namespace

void Catalog::Impl::insertChunk(const std::string& run, core::Series series, const SeriesData& data, bool superseded) {
  if (data.size() == 0) return;
  const auto packed = packChunk(data);
  Query(prepared(kInsert))
      .with(run, core::seriesName(series), superseded, data.step.front(), data.step.back(),
            static_cast<std::int64_t>(data.size()), bytesOf(packed))
      .run();
}

void Catalog::Impl::appendSeries(const std::string& run, core::Series series, SeriesData fresh) {
  for (bool first = true;; first = false) {
    SeriesData joined;
    std::int64_t number = 0;
    {
      Query row(prepared(kLast));
      if (!row.with(run, core::seriesName(series)).next()) break;
      if (first) {
        const auto from = std::upper_bound(fresh.step.begin(), fresh.step.end(), row.integer(1)) - fresh.step.begin();
        SeriesData later;
        later.append(fresh, static_cast<std::size_t>(from), fresh.size());
        fresh = std::move(later);
        if (fresh.size() == 0) return;
      }
      const auto count = static_cast<std::int64_t>(fresh.size());
      if (row.integer(2) > 2 * count || row.integer(2) + count > kFullChunk) break;
      number = row.integer(0);
      unpackChunk(row.blob(3), joined);
    }
    Query(prepared(kDelete)).with(number).run();
    joined.append(fresh, 0, fresh.size());
    fresh = std::move(joined);
  }
  insertChunk(run, series, fresh, false);
}

void Catalog::appendMetrics(const std::string& run, std::span<const core::MetricPoint> points) {
  if (points.empty()) return;
  std::array<SeriesData, core::kAllSeries.size()> sorted;
  for (const auto& point : points)
    sorted[static_cast<std::size_t>(point.series)].append(point.step, point.epoch, point.seconds, point.value);
  impl_->write([&] {
    for (const auto series : core::kAllSeries)
      if (auto& fresh = sorted[static_cast<std::size_t>(series)]; fresh.size() > 0)
        impl_->appendSeries(run, series, std::move(fresh));
  });
}

SeriesData Catalog::Impl::ownMetrics(const std::string& run, core::Series series, std::int64_t afterStep) {
  SeriesData data;
  Query row(prepared(kAfter));
  row.with(run, core::seriesName(series), afterStep);
  while (row.next()) unpackChunk(row.blob(0), data);
  const auto from = std::upper_bound(data.step.begin(), data.step.end(), afterStep) - data.step.begin();
  if (from == 0) return data;
  SeriesData later;
  later.append(data, static_cast<std::size_t>(from), data.size());
  return later;
}

SeriesData Catalog::metrics(const std::string& run, core::Series series, bool own, std::int64_t afterStep) {
  return impl_->read([&] {
    // From the run back to its oldest ancestor, then read forwards: each gives its part up to where the next leaves.
    std::vector<std::pair<std::string, std::int64_t>> lineage{{run, 0}};
    while (!own) {
      Query row(impl_->prepared(kParentOf));
      if (!row.with(lineage.back().first).next() || row.text(0).empty()) break;
      const auto leaves = row.integer(1);
      lineage.emplace_back(row.text(0), lineage.size() == 1 ? leaves : std::min(leaves, lineage.back().second));
    }
    SeriesData all;
    for (auto part = lineage.rbegin(); part != lineage.rend(); ++part) {
      const auto after = all.size() == 0 ? afterStep : std::max(afterStep, all.step.back());
      const auto data = impl_->ownMetrics(part->first, series, after);
      const bool whole = part + 1 == lineage.rend();
      const auto to = whole ? data.step.end() : std::upper_bound(data.step.begin(), data.step.end(), part->second);
      all.append(data, 0, static_cast<std::size_t>(to - data.step.begin()));
    }
    return all;
  });
}

SeriesOutline Catalog::outline(const std::string& run, core::Series series, std::size_t points) {
  return impl_->read([&] {
    std::vector<std::int64_t> numbers;
    Query row(impl_->prepared(kNumbers));
    row.with(run, core::seriesName(series));
    while (row.next()) numbers.push_back(row.integer(0));
    const auto chosen = evenly(numbers, points);
    SeriesOutline outline;
    for (const auto number : chosen) {
      SeriesData data;
      Query stretch(impl_->prepared(kData));
      if (stretch.with(number).next()) unpackChunk(stretch.blob(0), data);
      appendMeans(data, (points + chosen.size() - 1) / chosen.size(), outline);
    }
    return outline;
  });
}

std::vector<core::Series> Catalog::seriesOf(const std::string& run) {
  return impl_->read([&] {
    std::vector<core::Series> found;
    for (const auto series : core::kAllSeries)
      if (Query(impl_->prepared(kHasSeries)).with(run, core::seriesName(series)).next()) found.push_back(series);
    return found;
  });
}

// The stretch that lies across is cut in two.
void Catalog::Impl::supersedeSeries(const std::string& run, core::Series series, std::int64_t afterStep) {
  SeriesData across;
  std::int64_t number = 0;
  if (Query row(prepared(kAcross)); row.with(run, core::seriesName(series), afterStep, afterStep).next()) {
    number = row.integer(0);
    unpackChunk(row.blob(1), across);
  }
  if (number != 0) {
    const auto cut = static_cast<std::size_t>(
        std::upper_bound(across.step.begin(), across.step.end(), afterStep) - across.step.begin());
    SeriesData kept, old;
    kept.append(across, 0, cut);
    old.append(across, cut, across.size());
    Query(prepared(kDelete)).with(number).run();
    insertChunk(run, series, kept, false);
    insertChunk(run, series, old, true);
  }
  Query(prepared(kSupersede)).with(run, core::seriesName(series), afterStep).run();
}

void Catalog::supersedeMetrics(const std::string& run, std::int64_t afterStep) {
  impl_->write([&] {
    for (const auto series : core::kAllSeries) impl_->supersedeSeries(run, series, afterStep);
    Query(impl_->prepared(kGoBack)).with(afterStep, core::nowIso8601(), run).run();
  });
}

void Catalog::appendEvent(const std::string& run, const core::RunEvent& event) {
  impl_->write([&] {
    Query(impl_->prepared(kInsertEvent))
        .with(run, event.step, event.kind, event.detail, event.createdAt.empty() ? core::nowIso8601() : event.createdAt)
        .run();
    impl_->touch(run);
  });
}

std::vector<core::RunEvent> Catalog::events(const std::string& run) {
  return impl_->read([&] {
    std::vector<core::RunEvent> all;
    Query row(impl_->prepared(kEvents));
    row.with(run);
    while (row.next()) all.push_back({row.integer(0), row.text(1), row.text(2), row.text(3)});
    return all;
  });
}

}  // namespace cairn::storage
