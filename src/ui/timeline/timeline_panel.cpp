#include "ui/timeline/timeline_panel.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "ui/catalog_client.h"
#include "ui/chart/floating_card.h"
#include "ui/chart/plot_margins.h"
#include "ui/chart/series_store.h"
#include "ui/selection.h"
#include "ui/theme.h"
#include "ui/timeline/timeline_lanes.h"
#include "ui/timeline/timeline_painter.h"
#include "ui/x_axis.h"

namespace cairn::ui {

namespace {
constexpr int kHeader = 34;
constexpr int kFooter = 28;
constexpr int kFrameMs = 33;
constexpr int kDragPixels = 4;
constexpr double kNotch = 0.8;
}  // namespace

TimelinePanel::TimelinePanel(CatalogClient& client, Selection& selection, XAxis& axis, QWidget* parent)
    : QWidget(parent), client_(client), selection_(selection), axis_(axis), store_(SeriesStore::of(client)),
      scroll_(new QScrollBar(Qt::Vertical, this)) {
  setMouseTracking(true);
  setFocusPolicy(Qt::StrongFocus);
  setAccessibleName(tr("Timeline of checkpoints"));
  soon_.setSingleShot(true);
  connect(&soon_, &QTimer::timeout, this, [this] {
    if (std::exchange(stale_, false)) rebuild();
    else grow();
    seek();
    seekRun();
    showCard();
    update();
  });
  connect(&client, &CatalogClient::snapshotChanged, this, &TimelinePanel::rebuildSoon);
  connect(&axis, &XAxis::unitChanged, this, &TimelinePanel::rebuildSoon);
  connect(&axis, &XAxis::rangeChanged, this, [this] {
    showCard();
    update();
  });
  connect(&axis, &XAxis::crossHairChanged, this, qOverload<>(&QWidget::update));
  connect(&selection, &Selection::checkpointChanged, this, [this] {
    sought_ = choosing_ ? std::string() : selection_.checkpoint();
    if (!filter_->all) rebuildSoon();  // what is selected is shown
    if (!stale_) seek();
    update();
  });
  // A run that begins has no checkpoint yet: what is sought is its lane.
  connect(&selection, &Selection::runChanged, this, [this] {
    soughtRun_ = choosing_ ? std::string() : selection_.run();
    if (!stale_) seekRun();
  });
  connect(&selection, &Selection::comparedChanged, this, qOverload<>(&QWidget::update));
  connect(&Theme::instance(), &Theme::changed, this, &TimelinePanel::rebuildSoon);
  connect(scroll_, &QScrollBar::valueChanged, this, qOverload<>(&QWidget::update));
  // Live points move a lane's end; only where x is not the step do they move marks too.
  connect(&store_, &SeriesStore::changed, this, [this] {
    stale_ = stale_ || axis_.unit() != XAxis::Unit::Step;
    if (!soon_.isActive()) soon_.start(kFrameMs);
  });
  updateScrollBar();
}

void TimelinePanel::setShownRuns(const std::vector<std::string>& ids) {
  runs_ = ids;
  store_.setRuns(ids);
  rebuildSoon();
}

void TimelinePanel::setFilter(FilteredHomePtr filter) {
  filter_ = std::move(filter);
  rebuildSoon();
}

void TimelinePanel::rebuildSoon() {
  stale_ = true;
  if (!soon_.isActive()) soon_.start(0);
}

void TimelinePanel::rebuild() {
  lanes_ = timelineLanes(*client_.snapshot(), store_, {runs_, axis_.unit(), *filter_, selection_.checkpoint()});
  updateScrollBar();
}

void TimelinePanel::grow() {
  const auto home = client_.snapshot();
  std::unordered_map<std::string_view, const core::RunRecord*> runs;
  for (const auto& run : home->runs) runs.emplace(run.id, &run);
  for (auto& lane : lanes_) {
    const auto run = runs.find(lane.run);
    if (run != runs.end()) lane.endX = store_.clock(lane.run).x(static_cast<double>(newestStep(*run->second, store_)), axis_.unit());
  }
}

TimelineView TimelinePanel::view() const {
  return {axis_.lower(), axis_.upper(), kPlotLeft, std::max(kPlotLeft + 1, width() - kPlotRight),
          kHeader, std::max(kHeader + 1, height() - kFooter), scroll_->value(), selection_.checkpoint()};
}

TimelineGeometry TimelinePanel::geometryNow() const { return layoutTimeline(lanes_, view()); }

double TimelinePanel::xAt(double pixel) const {
  const auto seen = view();
  return seen.lower + (pixel - seen.left) / (seen.right - seen.left) * (seen.upper - seen.lower);
}

void TimelinePanel::updateScrollBar() {
  const int room = std::max(0, height() - kHeader - kFooter);
  const int beyond = std::max(0, timelineHeight(lanes_.size()) - room);
  scroll_->setRange(0, beyond);
  scroll_->setPageStep(room);
  scroll_->setSingleStep(kLaneHeight);
  scroll_->setVisible(beyond > 0);
  scroll_->setGeometry(width() - 11, kHeader, 10, room);
}

void TimelinePanel::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const auto& colors = Theme::instance().colors();
  painter.fillRect(rect(), colors.panel);
  auto heading = font();
  heading.setWeight(QFont::DemiBold);
  painter.setFont(heading);
  painter.setPen(colors.mutedText);
  QRect title;
  painter.drawText(QRect(14, 0, width(), kHeader), Qt::AlignVCenter | Qt::AlignLeft, tr("TIMELINE"), &title);
  painter.setFont(font());
  if (lanes_.empty()) {
    painter.drawText(rect(), Qt::AlignCenter, runs_.empty() ? tr("Checkpoints of the runs you choose stand here.")
                                                            : tr("No checkpoint yet. The first stands here once it is saved."));
    return;
  }
  paintTimelineLegend(painter, lanes_, title.right(), width() - kPlotRight, kHeader / 2);
  const auto seen = view();
  const auto geometry = layoutTimeline(lanes_, seen);
  paintTimeline(painter, {lanes_, geometry, seen, axis_.unit(), axis_.crossHair(), selection_.compared()});
}

// Over the chart or the lanes above: in this lane neither the mark nor its neighbours are covered.
void TimelinePanel::showCard() {
  std::optional<ValueCard> card;
  std::size_t lane = 0;
  if (hovered_ && !dragging_) {
    const auto geometry = geometryNow();
    const auto home = client_.snapshot();
    if (const auto* placed = markAt(geometry, hovered_->x(), hovered_->y())) {
      lane = placed->lane;
      const auto* checkpoint = home->checkpoint(lanes_[lane].marks[placed->shown].id);
      if (checkpoint) card = checkpointCard(*home, *checkpoint, placed->count - 1, placed->gathered());
    } else if (const auto* event = eventAt(geometry, hovered_->x(), hovered_->y())) {
      lane = event->lane;
      card = eventCard(lanes_[lane], *event);
    }
  }
  if (!card) {
    if (card_) card_->hide();
    return;
  }
  if (!card_) card_ = new FloatingCard(window());
  const auto at = mapTo(window(), QPoint(hovered_->x(), static_cast<int>(view().laneY(lane)) - kLaneHeight / 2));
  card_->showBeside(*card, at.x(), {0, at.y(), width(), kLaneHeight});
}

void TimelinePanel::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  updateScrollBar();
}

void TimelinePanel::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton) return;
  sought_.clear();
  pressed_ = event->pos();
  dragging_ = false;
  pressedLower_ = axis_.lower();
  pressedUpper_ = axis_.upper();
  pressedScroll_ = scroll_->value();
  opened_ = false;
  soughtRun_.clear();
}

void TimelinePanel::mouseMoveEvent(QMouseEvent* event) {
  hovered_ = event->pos();
  if (pressed_ && (event->pos() - *pressed_).manhattanLength() >= kDragPixels) dragging_ = true;
  const auto seen = view();
  if (dragging_) {
    const double by = (pressed_->x() - event->pos().x()) * (pressedUpper_ - pressedLower_) / (seen.right - seen.left);
    axis_.setRange(pressedLower_ + by, pressedUpper_ + by);
    scroll_->setValue(pressedScroll_ + pressed_->y() - event->pos().y());
  } else {
    const bool inside = event->pos().x() >= seen.left && event->pos().x() <= seen.right && !lanes_.empty();
    axis_.setCrossHair(inside ? std::optional(xAt(event->pos().x())) : std::nullopt);
  }
  showCard();
  update();
}

void TimelinePanel::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || !pressed_) return;
  const bool compare = event->modifiers() & (Qt::ControlModifier | Qt::ShiftModifier);
  if (!dragging_) clickedAt(event->pos(), compare);
  pressed_.reset();
  dragging_ = false;
}

void TimelinePanel::clickedAt(const QPoint& at, bool compare) {
  const auto geometry = geometryNow();
  if (const auto* placed = markAt(geometry, at.x(), at.y())) {
    const auto& lane = lanes_[placed->lane];
    if (compare) selection_.tickBeside(lane.marks[placed->shown].id);
    else if (placed->gathered()) open(*placed);
    else choose(lane.run, lane.marks[placed->shown].id);
    return;
  }
  const int lane = laneAt(geometry, at.y());
  if (lane < 0) return;
  choosing_ = true;
  selection_.selectRun(lanes_[static_cast<std::size_t>(lane)].run);
  choosing_ = false;
}

void TimelinePanel::open(const PlacedMark& group) {
  const auto [lower, upper] = openedRange(lanes_[group.lane], group, view());
  if (!(upper > lower)) return chooseAmong(group);
  opened_ = true;
  axis_.setRange(lower, upper);
}

void TimelinePanel::chooseAmong(const PlacedMark& group) {
  auto* menu = new QMenu(this);
  menu->setObjectName(QStringLiteral("gathered"));
  menu->setAttribute(Qt::WA_DeleteOnClose);
  const auto home = client_.snapshot();
  const auto& lane = lanes_[group.lane];
  for (std::size_t i = group.first; i < group.first + group.count; ++i) {
    const auto* checkpoint = home->checkpoint(lane.marks[i].id);
    if (!checkpoint) continue;
    const auto* action = menu->addAction(checkpointLine(*checkpoint));
    connect(action, &QAction::triggered, this, [this, run = lane.run, id = checkpoint->id] { choose(run, id); });
  }
  menu->popup(mapToGlobal(QPoint(static_cast<int>(group.x), static_cast<int>(group.y))));
}

void TimelinePanel::mouseDoubleClickEvent(QMouseEvent* event) {
  if (std::exchange(opened_, false)) return;
  const auto geometry = geometryNow();
  const auto* placed = markAt(geometry, event->pos().x(), event->pos().y());
  if (!placed) return axis_.fit();
  if (placed->count > 1) open(*placed);  // also those that one mark hides
  else zoomTo(placed->lane, placed->shown);
}

void TimelinePanel::zoomTo(std::size_t lane, std::size_t mark) {
  const auto [lower, upper] = rangeAround(lanes_[lane], mark, view());
  axis_.setRange(lower, upper);
}

void TimelinePanel::contextMenuEvent(QContextMenuEvent* event) {
  const auto geometry = geometryNow();
  const PlacedMark* placed = nullptr;
  if (event->reason() != QContextMenuEvent::Keyboard) {
    placed = markAt(geometry, event->pos().x(), event->pos().y());
  } else if (const auto at = selectedPlace()) {
    for (const auto& mark : geometry.marks) {
      if (mark.lane == at->first && mark.shown == at->second) placed = &mark;
    }
  }
  if (!placed) {
    const int at = event->reason() == QContextMenuEvent::Keyboard ? -1 : laneAt(geometry, event->pos().y());
    if (at >= 0) Q_EMIT runMenuRequested(lanes_[static_cast<std::size_t>(at)].run, event->globalPos());
    return;
  }
  const auto& lane = lanes_[placed->lane];
  const auto id = lane.marks[placed->shown].id;
  choose(lane.run, id);
  const auto corner = mapToGlobal(QPoint(static_cast<int>(placed->x), static_cast<int>(placed->y)));
  Q_EMIT contextMenuRequested(id, event->reason() == QContextMenuEvent::Keyboard ? corner : event->globalPos());
}

void TimelinePanel::wheelEvent(QWheelEvent* event) {
  const auto turned = event->angleDelta();
  sought_.clear();
  soughtRun_.clear();
  if ((event->modifiers() & Qt::ShiftModifier) && scroll_->isVisible()) {
    scroll_->setValue(scroll_->value() - (turned.y() + turned.x()) * kLaneHeight / 120);
  } else if (turned.y() == 0) {
    const double by = (axis_.upper() - axis_.lower()) * -turned.x() / 1200.0;
    axis_.setRange(axis_.lower() + by, axis_.upper() + by);
  } else {
    zoom(std::pow(kNotch, turned.y() / 120.0), xAt(event->position().x()));
  }
  event->accept();
}

void TimelinePanel::zoom(double factor, double around) {
  axis_.setRange(around - (around - axis_.lower()) * factor, around + (axis_.upper() - around) * factor);
}

void TimelinePanel::keyPressEvent(QKeyEvent* event) {
  const double middle = (axis_.lower() + axis_.upper()) / 2;
  switch (event->key()) {
    case Qt::Key_Left: return walk(-1, 0);
    case Qt::Key_Right: return walk(1, 0);
    case Qt::Key_Up: return walk(0, -1);
    case Qt::Key_Down: return walk(0, 1);
    case Qt::Key_Plus:
    case Qt::Key_Equal: return zoom(kNotch, middle);
    case Qt::Key_Minus: return zoom(1 / kNotch, middle);
    case Qt::Key_F: return axis_.fit();
    case Qt::Key_Home: return walkToEnd(false);
    case Qt::Key_End: return walkToEnd(true);
    case Qt::Key_PageUp: return scroll_->triggerAction(QAbstractSlider::SliderPageStepSub);
    case Qt::Key_PageDown: return scroll_->triggerAction(QAbstractSlider::SliderPageStepAdd);
    case Qt::Key_Space:
      if (!selection_.checkpoint().empty()) selection_.toggleCompared(selection_.checkpoint());
      return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      if (const auto place = selectedPlace()) zoomTo(place->first, place->second);
      return;
    default: QWidget::keyPressEvent(event);
  }
}

std::optional<std::pair<std::size_t, std::size_t>> TimelinePanel::selectedPlace() const {
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
    const auto& marks = lanes_[lane].marks;
    const auto at = std::find_if(marks.begin(), marks.end(),
                                 [this](const TimelineMark& mark) { return mark.id == selection_.checkpoint(); });
    if (at != marks.end()) return std::pair(lane, static_cast<std::size_t>(at - marks.begin()));
  }
  return {};
}

void TimelinePanel::walk(int along, int lanes) {
  const auto place = selectedPlace();
  if (!place) {  // begins at the newest checkpoint of the first lane that has one
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
      if (!lanes_[lane].marks.empty()) return select(lane, lanes_[lane].marks.size() - 1);
    }
    return;
  }
  const auto [lane, mark] = *place;
  if (along != 0) {
    const auto count = static_cast<std::ptrdiff_t>(lanes_[lane].marks.size());
    return select(lane, static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(mark) + along, 0, count - 1)));
  }
  const double x = lanes_[lane].marks[mark].x;
  for (auto next = static_cast<std::ptrdiff_t>(lane) + lanes; next >= 0 && next < static_cast<std::ptrdiff_t>(lanes_.size()); next += lanes) {
    const auto& marks = lanes_[static_cast<std::size_t>(next)].marks;
    if (marks.empty()) continue;
    const auto nearest = std::min_element(marks.begin(), marks.end(), [x](const auto& a, const auto& b) {
      return std::abs(a.x - x) < std::abs(b.x - x);
    });
    return select(static_cast<std::size_t>(next), static_cast<std::size_t>(nearest - marks.begin()));
  }
}

void TimelinePanel::walkToEnd(bool last) {
  const auto place = selectedPlace();
  if (!place) return walk(1, 0);
  select(place->first, last ? lanes_[place->first].marks.size() - 1 : 0);
}

void TimelinePanel::select(std::size_t lane, std::size_t mark) {
  bringIntoSight(lane, lanes_[lane].marks[mark].x);  // also if it is selected already
  selection_.selectCheckpoint(lanes_[lane].run, lanes_[lane].marks[mark].id);
}

// What is clicked here is in sight: nothing moves under the pointer.
void TimelinePanel::choose(const std::string& run, const std::string& checkpoint) {
  choosing_ = true;
  selection_.selectCheckpoint(run, checkpoint);
  choosing_ = false;
}

// What was selected elsewhere may have no mark yet: its run may only just be shown.
void TimelinePanel::seek() {
  if (sought_.empty() || sought_ != selection_.checkpoint()) return;
  const auto place = selectedPlace();
  if (!place) return;
  sought_.clear();
  bringIntoSight(place->first, lanes_[place->first].marks[place->second].x);
}

void TimelinePanel::bringIntoSight(std::size_t lane, double x) {
  const double width = axis_.upper() - axis_.lower();
  if (!axis_.follows() && x < axis_.lower()) axis_.setRange(x - width * 0.1, x + width * 0.9);
  if (!axis_.follows() && x > axis_.upper()) axis_.setRange(x - width * 0.9, x + width * 0.1);
  bringIntoSight(lane);
}

// Its lane may not be there yet: a run that has only begun is drawn with the next snapshot.
void TimelinePanel::seekRun() {
  const auto lane = std::find_if(lanes_.begin(), lanes_.end(), [this](const auto& one) { return one.run == soughtRun_; });
  if (soughtRun_.empty() || lane == lanes_.end()) return;
  if (selection_.run() == soughtRun_) bringIntoSight(static_cast<std::size_t>(lane - lanes_.begin()));
  soughtRun_.clear();
}

void TimelinePanel::bringIntoSight(std::size_t lane) {
  const int top = static_cast<int>(lane) * kLaneHeight;
  scroll_->setValue(std::clamp(scroll_->value(), std::min(top, top + kLaneHeight - scroll_->pageStep()), top));
}

void TimelinePanel::leaveEvent(QEvent*) {
  hovered_.reset();
  axis_.setCrossHair({});
  showCard();
  update();
}

void TimelinePanel::hideEvent(QHideEvent* event) {
  QWidget::hideEvent(event);
  hovered_.reset();
  showCard();
}

}  // namespace cairn::ui
