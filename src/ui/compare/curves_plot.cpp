#include "ui/compare/curves_plot.h"

#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/catalog_client.h"
#include "ui/chart/curve_frame.h"
#include "ui/chart/qcustomplot_face.h"
#include "ui/chart/scene_builder.h"
#include "ui/chart/series_store.h"
#include "ui/compare/letter_layer.h"
#include "ui/text.h"

namespace cairn::ui {

namespace {

constexpr int kFrameMs = 33;

XAxis::Unit unitOf(Alignment alignment) {
  switch (alignment) {
    case Alignment::Epoch: return XAxis::Unit::Epoch;
    case Alignment::Time: return XAxis::Unit::Time;
    case Alignment::Step:
    case Alignment::BranchPoint: break;
  }
  return XAxis::Unit::Step;
}

std::vector<std::string> runsOf(const ComparedItems& items) {
  std::vector<std::string> runs;
  for (const auto& item : items) {
    if (std::find(runs.begin(), runs.end(), item.run.id) == runs.end()) runs.push_back(item.run.id);
  }
  return runs;
}

}  // namespace

CurvesPlot::CurvesPlot(CatalogClient& client, QWidget* parent)
    : QWidget(parent), client_(client), store_(new SeriesStore(client, this)), plot_(new QCustomPlot) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(plot_);
  buildPlot();
  redraw_.setSingleShot(true);
  connect(&redraw_, &QTimer::timeout, this, &CurvesPlot::redraw);
  connect(store_, &SeriesStore::changed, this, &CurvesPlot::changed);
  connect(store_, &SeriesStore::forgetting, this, [this] {
    scene_.curves.clear();
    letters_.clear();
    changed();
  });
  connect(&axis_, &XAxis::rangeChanged, this, &CurvesPlot::changed);
  connect(&axis_, &XAxis::crossHairChanged, this, &CurvesPlot::crossHairMoved);
  store_->setSeries(seriesGroups()[group_].series);
  changed();
}

CurvesPlot::~CurvesPlot() = default;

void CurvesPlot::buildPlot() {
  plot_->setObjectName(QStringLiteral("comparedCurves"));
  plot_->setAccessibleName(tr("Curves of the compared runs"));
  new LetterLayer(plot_->axisRect(), letters_);  // the plot owns it; below the cross-hair
  frame_ = new CurveFrame(*plot_, axis_, scene_, this);
  connect(frame_, &CurveFrame::changed, this, &CurvesPlot::changed);
}

void CurvesPlot::setItems(const ComparedItems& items) {
  items_ = items;
  runs_ = runsOf(items);
  branchPoints_ = branchPoints(*client_.snapshot(), runs_);
  store_->setRuns(runs_);
  changed();
}

void CurvesPlot::setGroup(std::size_t group) {
  group_ = group;
  frame_->fitY();
  store_->setSeries(seriesGroups()[group].series);
  changed();
}

void CurvesPlot::setAlignment(Alignment alignment) {
  alignment_ = alignment;
  frame_->fitY();
  axis_.setUnit(unitOf(alignment));
  axis_.fit();
  changed();
}

void CurvesPlot::setLogY(bool logarithmic) {
  logarithmic_ = logarithmic;
  frame_->fitY();
  changed();
}

void CurvesPlot::setSmoothing(double weight) { store_->setSmoothing(weight); }

void CurvesPlot::changed() {
  if (!redraw_.isActive()) redraw_.start(kFrameMs);
}

double CurvesPlot::shiftOf(const std::string& run) const {
  const auto at = branchPoints_.find(run);
  return alignment_ == Alignment::BranchPoint && at != branchPoints_.end() ? static_cast<double>(at->second) : 0;
}

void CurvesPlot::placeCurves() {
  scene_.unit = axis_.unit();
  scene_.curves = drawnCurves(*client_.snapshot(), *store_, runs_, seriesGroups()[group_]);
  for (auto& curve : scene_.curves) {
    curve.shift = shiftOf(curve.run);
    for (const auto& item : items_) {
      if (item.run.id != curve.run) continue;
      curve.color = item.color;
      break;
    }
  }
}

void CurvesPlot::placeLetters() {
  letters_.clear();
  for (const auto& item : items_) {
    for (const auto& curve : scene_.curves) {
      if (curve.run != item.run.id || curve.inherited) continue;
      const double x = curve.clock->x(static_cast<double>(item.checkpoint.step), scene_.unit) - curve.shift;
      const double y = valueAt(curve, x, scene_.unit);
      if (!std::isfinite(y)) continue;
      letters_.push_back({item.letter, item.color, x, y});
      break;
    }
  }
}

void CurvesPlot::fit() {
  double first = std::numeric_limits<double>::infinity(), last = -first;
  for (const auto& curve : scene_.curves) {
    if (curve.curve->size() == 0) continue;
    const auto begin = std::max(static_cast<double>(curve.curve->steps().at(0)), curve.range.after);
    const auto end = std::min(static_cast<double>(curve.curve->lastStep()), curve.range.last);
    first = std::min(first, curve.clock->x(begin, scene_.unit) - curve.shift);
    last = std::max(last, curve.clock->x(end, scene_.unit) - curve.shift);
  }
  if (alignment_ != Alignment::BranchPoint) first = std::min(first, 0.0);
  if (last > first) axis_.fitTo(first, last + (last - first) * 0.01);
  frame_->place(logarithmic_);
}

void CurvesPlot::redraw() {
  placeCurves();
  fit();
  placeLetters();
  crossHairMoved();
  plot_->replot(QCustomPlot::rpQueuedReplot);
  Q_EMIT drawn();
}

void CurvesPlot::crossHairMoved() {
  scene_.crossHair = axis_.crossHair();
  scene_.card = {};
  if (scene_.crossHair) {
    scene_.card = cardAt(*client_.snapshot(), scene_.curves, *scene_.crossHair, scene_.unit);
    if (alignment_ == Alignment::BranchPoint) {
      const auto steps = std::llround(*scene_.crossHair);
      scene_.card.title = steps < 0 ? tr("%1 steps before the branch point").arg(count(-steps))
                                    : tr("%1 steps from the branch point").arg(count(steps));
    }
  }
  frame_->drawCrossHair();
}

}  // namespace cairn::ui
