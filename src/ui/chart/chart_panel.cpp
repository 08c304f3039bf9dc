#include "ui/chart/chart_panel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/catalog_client.h"
#include "ui/chart/chart_legend.h"
#include "ui/chart/crowd.h"
#include "ui/chart/curve_frame.h"
#include "ui/chart/qcustomplot_face.h"
#include "ui/chart/scene_builder.h"
#include "ui/chart/series_store.h"
#include "ui/selection.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr int kFrameMs = 33;     // between two drawings
constexpr int kSlowestMs = 250;  // the same, for a curve that grows
constexpr int kShare = 20;       // a drawing's own time, between two
constexpr double kClickPixels = 14;
constexpr int kTabsLeft = 8, kTabsRight = 12, kBetweenTabs = 2;

}  // namespace

ChartPanel::ChartPanel(CatalogClient& client, Selection& selection, XAxis& axis, QWidget* parent)
    : QWidget(parent), client_(client), selection_(selection), axis_(axis), store_(SeriesStore::of(client)) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 6, 0, 2);
  column->setSpacing(0);
  auto* header = new QWidget(this);
  header->setObjectName(QStringLiteral("chartHeader"));
  buildHeader(header);
  buildPlot();
  auto* empty = new QLabel(this);
  empty->setAlignment(Qt::AlignCenter);
  empty->setProperty("role", QStringLiteral("muted"));
  emptyState_ = empty;
  column->addWidget(header);
  column->addWidget(plot_, 1);
  column->addWidget(emptyState_, 1);

  redraw_.setSingleShot(true);
  connect(&redraw_, &QTimer::timeout, this, &ChartPanel::redraw);
  connect(&store_, &SeriesStore::changed, this, &ChartPanel::grew);
  connect(&store_, &SeriesStore::forgetting, this, [this] {
    scene_.curves.clear();
    changed();
  });
  connect(&client, &CatalogClient::snapshotChanged, this, &ChartPanel::changed);
  connect(&selection, &Selection::checkpointChanged, this, &ChartPanel::changed);
  connect(&selection, &Selection::runChanged, this, &ChartPanel::changed);
  connect(&axis, &XAxis::rangeChanged, this, &ChartPanel::changed);
  connect(&axis, &XAxis::unitChanged, this, &ChartPanel::changed);
  connect(&axis, &XAxis::crossHairChanged, this, &ChartPanel::crossHairMoved);
  connect(&Theme::instance(), &Theme::changed, this, &ChartPanel::applyTheme);
  applyTheme();
  showGroup(0);
}

ChartPanel::~ChartPanel() = default;

const SeriesGroup& ChartPanel::group() const { return seriesGroups()[group_]; }

void ChartPanel::buildHeader(QWidget* header) {
  auto* row = new QHBoxLayout(header);
  row->setContentsMargins(kTabsLeft, 0, kTabsRight, 0);
  row->setSpacing(kBetweenTabs);
  for (std::size_t i = 0; i < seriesGroups().size(); ++i) {
    auto* tab = new QToolButton(header);
    tab->setText(QString::fromUtf8(seriesGroups()[i].title));
    tab->setToolTip(tab->text());
    tab->setAccessibleName(tab->text());
    tab->setCheckable(true);
    tab->setAutoExclusive(true);
    connect(tab, &QToolButton::clicked, this, [this, i] { showGroup(i); });
    tabs_.push_back(tab);
    row->addWidget(tab);
  }
  row->addStretch();
  legend_ = new ChartLegend(header);
  row->addWidget(legend_);
}

void ChartPanel::buildPlot() {
  plot_ = new QCustomPlot(this);
  frame_ = new CurveFrame(*plot_, axis_, scene_, this);
  connect(frame_, &CurveFrame::changed, this, &ChartPanel::changed);
  connect(frame_, &CurveFrame::clicked, this, &ChartPanel::clickedAt);
}

void ChartPanel::setLogY(bool logarithmic) {
  if (logarithmic == logarithmic_) return;
  logarithmic_ = logarithmic;
  frame_->fitY();
  changed();
}

void ChartPanel::setSmoothing(double weight) { store_.setSmoothing(std::clamp(weight, 0.0, 0.99)); }

void ChartPanel::appendLive(const std::string& run, const std::vector<core::MetricPoint>& points) {
  store_.appendLive(run, points);
}

void ChartPanel::setShownRuns(const std::vector<std::string>& ids) {
  runs_ = ids;
  store_.setRuns(ids);
  changed();
}

void ChartPanel::setFilter(FilteredHomePtr filter) {
  filter_ = std::move(filter);
  changed();
}

void ChartPanel::setParentsShown(bool shown) {
  parentsShown_ = shown;
  changed();
}

void ChartPanel::showGroup(std::size_t group) {
  group_ = group;
  tabs_[group]->setChecked(true);
  frame_->fitY();
  store_.setSeries(seriesGroups()[group].series);
  changed();
}

void ChartPanel::changed() {
  if (!redraw_.isActive() || redraw_.remainingTime() > kFrameMs) redraw_.start(kFrameMs);
}

// Points that come in are drawn so often that drawing takes a twentieth of a core, which training may want, and no more.
void ChartPanel::grew() {
  if (redraw_.isActive()) return;
  const auto every = std::min(kSlowestMs, static_cast<int>(kShare * plot_->replotTime(/*average=*/true)));
  const auto passed = drawn_.isValid() ? drawn_.elapsed() : every;
  redraw_.start(std::max(kFrameMs, static_cast<int>(every - passed)));
}

void ChartPanel::redraw() {
  drawn_.start();
  const auto home = client_.snapshot();
  updateTabs();
  scene_.unit = axis_.unit();
  scene_.curves = drawnCurves(*home, store_, runs_, seriesGroups()[group_], parentsShown_);
  quietCrowd(scene_.curves, runs_.size(), selection_.run());
  updateEmptyState();
  fitX();
  frame_->place(logarithmic_);
  scene_.marks = chartMarks(*home, scene_.curves, scene_.unit, selection_.checkpoint(), *filter_);
  scene_.crossHair = axis_.crossHair();
  scene_.card = scene_.crossHair ? cardAt(*home, scene_.curves, *scene_.crossHair, scene_.unit) : ValueCard{};
  if (plot_->isVisible()) plot_->replot(QCustomPlot::rpQueuedReplot);
}

void ChartPanel::crossHairMoved() {
  scene_.crossHair = axis_.crossHair();
  scene_.card = scene_.crossHair ? cardAt(*client_.snapshot(), scene_.curves, *scene_.crossHair, scene_.unit) : ValueCard{};
  frame_->drawCrossHair();
}

void ChartPanel::updateTabs() {
  for (std::size_t i = 0; i < tabs_.size(); ++i) {
    const auto& series = seriesGroups()[i].series;
    const bool any = std::any_of(runs_.begin(), runs_.end(), [&](const auto& run) {
      return std::any_of(series.begin(), series.end(), [&](auto one) { return store_.has(run, one); });
    });
    tabs_[i]->setEnabled(any || i == 0);
  }
  if (!tabs_[group_]->isEnabled()) showGroup(0);
}

void ChartPanel::fitTabs() {
  const auto name = [this](const char* SeriesGroup::*title) {
    int wanted = 0;
    for (std::size_t i = 0; i < tabs_.size(); ++i) {
      tabs_[i]->setText(QString::fromUtf8(seriesGroups()[i].*title));
      wanted += tabs_[i]->sizeHint().width() + kBetweenTabs;
    }
    return wanted;
  };
  const int room = width() - kTabsLeft - kTabsRight;
  int tabs = name(&SeriesGroup::title);
  if (tabs + legend_->sizeHint().width() > room) tabs = name(&SeriesGroup::shortTitle);
  legend_->setVisible(tabs + legend_->sizeHint().width() <= room);
}

void ChartPanel::updateEmptyState() {
  const bool any = std::any_of(scene_.curves.begin(), scene_.curves.end(),
                               [](const DrawnCurve& curve) { return curve.curve->size() > 0; });
  plot_->setVisible(any);
  emptyState_->setVisible(!any);
  if (any) return;
  auto* label = static_cast<QLabel*>(emptyState_);
  if (runs_.empty()) label->setText(tr("Choose a run on the left to see its curves."));
  else if (store_.reading()) label->setText(tr("Reading the curves…"));
  else label->setText(tr("Nothing measured yet. The curves appear with the first step."));
}

void ChartPanel::fitX() {
  const auto [first, last] = xExtent(*client_.snapshot(), store_, runs_, axis_.unit());
  if (!(last > first)) return;
  axis_.fitTo(first, last + (last - first) * 0.01);
}

void ChartPanel::clickedAt(QPoint at) {
  const double x = plot_->xAxis->pixelToCoord(at.x());
  const DrawnCurve* nearest = nullptr;
  double distance = kClickPixels;
  for (const auto& curve : scene_.curves) {
    const double y = valueAt(curve, x, scene_.unit);
    const double away = std::isfinite(y) ? std::abs(plot_->yAxis->coordToPixel(y) - at.y()) : kClickPixels;
    if (away >= distance) continue;
    distance = away;
    nearest = &curve;
  }
  if (!nearest) return;
  if (nearest->inherited) return clickedOnParent(*nearest, x);
  const ChartMark* mark = nullptr;
  for (const auto& one : scene_.marks) {
    if (one.run == nearest->run && (!mark || std::abs(one.x - x) < std::abs(mark->x - x))) mark = &one;
  }
  if (mark) selection_.selectCheckpoint(mark->run, mark->checkpoint);
  else selection_.selectRun(nearest->run);
}

// The parent's part has no marks, as the parent is not among the runs that are shown; it is the parent's all the same.
void ChartPanel::clickedOnParent(const DrawnCurve& part, double x) {
  const auto home = client_.snapshot();
  if (const auto* checkpoint = nearestCheckpoint(*home, part, x, scene_.unit, *filter_)) {
    selection_.selectCheckpoint(checkpoint->run, checkpoint->id);
  } else {
    selection_.selectRun(part.owner);
  }
}

void ChartPanel::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  fitTabs();
  changed();
}

void ChartPanel::applyTheme() {
  const auto& colors = Theme::instance().colors();
  findChild<QWidget*>(QStringLiteral("chartHeader"))
      ->setStyleSheet(QStringLiteral("QToolButton { border: none; border-radius: 5px; padding: 4px 11px; color: %1; }"
                                     "QToolButton:hover { background: %2; }"
                                     "QToolButton:checked { background: %3; color: %4; font-weight: 600; }"
                                     "QToolButton:disabled { color: %5; }")
                          .arg(colors.text.name(), colors.grid.name(), colors.selection.name(), colors.accent.name(),
                               colors.border.name()));
}

}  // namespace cairn::ui
