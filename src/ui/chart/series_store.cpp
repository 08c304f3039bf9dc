#include "ui/chart/series_store.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>
#include <QTimer>
#include <algorithm>

#include "ui/catalog_client.h"

namespace cairn::ui {

namespace {
constexpr std::size_t kSmoothHere = 200'000;  ///< points whose smoothing takes a frame or less
constexpr int kGapTries = 5;                  ///< times a second; the recorder commits at least once a second
constexpr int kGapWaitMs = 300;

bool eachStep(core::Series series) {
  return series != core::Series::ValLoss && series != core::Series::ValAccuracy;
}

core::MetricPoint pointOf(core::Series series, const storage::SeriesData& data, std::size_t i) {
  return {series, data.step[i], data.epoch[i], data.seconds[i], data.value[i]};
}

/// What changes when there may be more to read.
std::string versionOf(const core::RunRecord& run) {
  return run.updatedAt + '/' + std::to_string(run.step) + '/' + std::string(core::toText(run.status));
}
}  // namespace

SeriesStore& SeriesStore::of(CatalogClient& client) {
  if (auto* store = client.findChild<SeriesStore*>(QString(), Qt::FindDirectChildrenOnly)) return *store;
  return *new SeriesStore(client, &client);
}

SeriesStore::SeriesStore(CatalogClient& client, QObject* parent) : QObject(parent), client_(client) {
  connect(&client, &CatalogClient::snapshotChanged, this, &SeriesStore::readNew);
  // A query that failed never answers: ask again with the next snapshot.
  connect(&client, &CatalogClient::commandFailed, this, [this] {
    for (auto& [key, entry] : entries_) entry.asking = false;
  });
}

bool SeriesStore::isSmoothed(core::Series series) { return eachStep(series) && series != core::Series::Lr; }

void SeriesStore::setRuns(const std::vector<std::string>& runs) {
  if (runs == shown_) return;
  shown_ = runs;
  readNew();
}

void SeriesStore::setSeries(const std::vector<core::Series>& series) {
  series_ = {core::Series::TrainLoss};  // always: it tells the time of each step
  for (const auto one : series) {
    if (one != core::Series::TrainLoss) series_.push_back(one);
  }
  readNew();
}

void SeriesStore::readNew() {
  const auto snapshot = client_.snapshot();
  runs_.clear();
  for (auto id : shown_) {
    for (const auto* run = snapshot->run(id); run && runs_.insert(run->id).second;) run = snapshot->run(run->parentRun);
  }
  Q_EMIT forgetting();
  std::erase_if(entries_, [this](const auto& item) { return !runs_.contains(item.first.first) && !item.second.asking; });
  setOrigins();
  for (const auto& id : runs_) {
    const auto* run = snapshot->run(id);
    for (const auto series : series_) {
      const Key key(id, series);
      if (!run || entries_[key].readFor == versionOf(*run)) continue;
      ask(key);
    }
  }
  askWhichSeries();
  Q_EMIT changed();
}

void SeriesStore::ask(const Key& key) {
  auto& entry = entries_[key];
  if (entry.asking) {
    entry.askAgain = true;
    return;
  }
  entry.asking = true;
  const auto snapshot = client_.snapshot();
  if (const auto* run = snapshot->run(key.first)) entry.readFor = versionOf(*run);
  const auto after = entry.curve.lastStep();
  const bool whole = entry.curve.size() == 0;
  const double weight = isSmoothed(key.second) ? weight_ : 0;
  client_.query<Answer>(
      this,
      [key, after, whole, weight](storage::Catalog& catalog) {
        Answer answer{{}, {}, catalog.metrics(key.first, key.second, true, after), whole};
        if (!whole) return answer;
        answer.curve.setSmoothing(weight);
        const auto& data = answer.rest;
        for (std::size_t i = 0; i < data.step.size(); ++i) {
          answer.curve.add(data.step[i], data.value[i]);
          answer.clock.add(data.step[i], data.epoch[i], data.seconds[i]);
        }
        answer.rest = {};
        return answer;
      },
      [this, key](Answer answer) { take(key, std::move(answer)); });
}

void SeriesStore::take(const Key& key, Answer answer) {
  auto& entry = entries_[key];
  entry.asking = false;
  if (answer.whole && entry.curve.size() == 0) {
    entry.curve = std::move(answer.curve);
    if (key.second == core::Series::TrainLoss) clocks_[key.first] = std::move(answer.clock);
    if (isSmoothed(key.second) && entry.curve.smoothing() != weight_) smooth(key, entry);
    setOrigins();
  }
  for (std::size_t i = 0; i < answer.rest.step.size(); ++i) addPoint(key, entry, pointOf(key.second, answer.rest, i));
  entry.loaded = true;
  drain(key, entry);
  if (std::exchange(entry.askAgain, false)) ask(key);
  Q_EMIT changed();
}

void SeriesStore::drain(const Key& key, Entry& entry) {
  if (entry.waiting.empty()) return;
  if (leavesGap(key, entry, entry.waiting.front().step) && entry.tries++ < kGapTries) {
    QTimer::singleShot(kGapWaitMs, this, [this, key] {
      if (runs_.contains(key.first)) ask(key);
    });
    return;
  }
  entry.tries = 0;
  for (const auto& point : std::exchange(entry.waiting, {})) addPoint(key, entry, point);
}

void SeriesStore::appendLive(const std::string& run, std::span<const core::MetricPoint> points) {
  for (const auto& point : points) {
    measured_[run].insert(point.series);
    const Key key(run, point.series);
    if (runs_.contains(run) && entries_.contains(key)) addLive(key, point);
  }
  Q_EMIT changed();
}

// What a full mailbox dropped is read from the catalog; validation has no stride to see a gap by, so it waits with
// its run's training loss.
void SeriesStore::addLive(const Key& key, const core::MetricPoint& point) {
  auto& entry = entries_[key];
  const auto clockEntry = entries_.find(Key(key.first, core::Series::TrainLoss));
  const bool behind = !eachStep(key.second) && clockEntry != entries_.end() && !clockEntry->second.waiting.empty();
  if (entry.loaded && entry.waiting.empty() && !behind && !leavesGap(key, entry, point.step)) {
    addPoint(key, entry, point);
    return;
  }
  const bool first = entry.waiting.empty();
  entry.waiting.push_back(point);
  if (first) ask(key);
}

void SeriesStore::addPoint(const Key& key, Entry& entry, const core::MetricPoint& point) {
  entry.curve.add(point.step, point.value);
  if (key.second == core::Series::TrainLoss) clocks_[key.first].add(point.step, point.epoch, point.seconds);
}

bool SeriesStore::leavesGap(const Key& key, const Entry& entry, std::int64_t step) const {
  return eachStep(key.second) && entry.curve.size() > 0 && step > entry.curve.lastStep() + 1;
}

void SeriesStore::askWhichSeries() {
  for (const auto& id : shown_) {
    if (measured_.contains(id) && measured_[id].size() == core::kAllSeries.size()) continue;
    client_.query<std::vector<core::Series>>(
        this, [id](storage::Catalog& catalog) { return catalog.seriesOf(id); },
        [this, id](std::vector<core::Series> found) {
          auto& known = measured_[id];
          const auto before = known.size();
          known.insert(found.begin(), found.end());
          if (known.size() != before) Q_EMIT changed();
        });
  }
}

// Parents come before their branches in a snapshot, so one pass hands their clocks down.
void SeriesStore::setOrigins() {
  const auto snapshot = client_.snapshot();
  for (const auto& run : snapshot->runs) {
    if (!runs_.contains(run.id)) continue;
    auto& clock = clocks_[run.id];
    const auto* parent = snapshot->run(run.parentRun);
    const auto epochs = run.spec.training.epochs.value_or(0);
    if (!parent) {
      if (epochs > 0) clock.setStepsPerEpoch(static_cast<double>(run.totalSteps) / static_cast<double>(epochs));
      continue;
    }
    const auto& before = clocks_[parent->id];
    const auto at = static_cast<double>(run.parentStep);
    const bool samePace = run.spec.training.batchSize == parent->spec.training.batchSize;
    clock.setStepsPerEpoch(samePace ? before.stepsPerEpoch() : 0);
    clock.setOrigin(run.parentStep, before.x(at, XAxis::Unit::Epoch), before.x(at, XAxis::Unit::Time));
  }
}

void SeriesStore::setSmoothing(double weight) {
  weight_ = weight;
  for (auto& [key, entry] : entries_) {
    if (isSmoothed(key.second) && entry.curve.smoothing() != weight) smooth(key, entry);
  }
  Q_EMIT changed();
}

void SeriesStore::smooth(const Key& key, Entry& entry) {
  if (entry.smoothing) return;
  if (entry.curve.size() < kSmoothHere || weight_ <= 0) return entry.curve.setSmoothing(weight_);
  entry.smoothing = true;
  const auto values = entry.curve.raw().values();
  const auto job = [self = QPointer<SeriesStore>(this), key, weight = weight_, history = entry.curve.history(),
                    copy = std::vector<float>(values.begin(), values.end())] {
    auto done = std::make_shared<SeriesCurve::Smoothed>(SeriesCurve::smoothed(copy, weight, history));
    QMetaObject::invokeMethod(qApp, [self, key, done] {
      if (!self || !self->entries_.contains(key)) return;
      auto& target = self->entries_[key];
      target.smoothing = false;
      target.curve.takeSmoothed(std::move(*done));
      if (target.curve.smoothing() != self->weight_) self->smooth(key, target);
      Q_EMIT self->changed();
    });
  };
  QThreadPool::globalInstance()->start(job);
}

const SeriesCurve* SeriesStore::curve(const std::string& run, core::Series series) const {
  const auto at = entries_.find(Key(run, series));
  return at == entries_.end() || !at->second.loaded ? nullptr : &at->second.curve;
}

const RunClock& SeriesStore::clock(const std::string& run) const {
  static const RunClock none;
  const auto at = clocks_.find(run);
  return at == clocks_.end() ? none : at->second;
}

bool SeriesStore::has(const std::string& run, core::Series series) const {
  const auto at = measured_.find(run);
  return at != measured_.end() && at->second.contains(series);
}

bool SeriesStore::reading() const {
  return std::any_of(entries_.begin(), entries_.end(), [](const auto& item) { return !item.second.loaded; });
}

}  // namespace cairn::ui
