#include "ui/panels/inspector.h"

#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

#include "ui/panels/checkpoint_section.h"
#include "ui/panels/notes_section.h"
#include "ui/panels/run_section.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

QWidget* emptyState() {
  auto* hint = new QLabel(Inspector::tr("Pick a run on the left, or a checkpoint on the timeline, to see what it is "
                                        "and go on from it."));
  hint->setProperty("role", QStringLiteral("muted"));
  hint->setWordWrap(true);
  hint->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  hint->setContentsMargins(12, 14, 12, 12);
  return hint;
}

}  // namespace

Inspector::Inspector(CatalogClient& client, Selection& selection, QWidget* parent)
    : QWidget(parent), client_(client), selection_(selection), empty_(emptyState()), scroll_(new QScrollArea),
      checkpoint_(new CheckpointSection), notes_(new NotesSection(client)), run_(new RunSection) {
  setProperty("side", QStringLiteral("right"));
  setAttribute(Qt::WA_StyledBackground);
  auto* content = new QWidget;
  auto* sections = new QVBoxLayout(content);
  sections->setContentsMargins(12, 12, 12, 12);
  sections->setSpacing(2 * Theme::kSpacing);
  sections->addWidget(checkpoint_);
  sections->addWidget(notes_);
  sections->addWidget(run_);
  sections->addStretch(1);
  scroll_->setWidget(content);
  scroll_->setWidgetResizable(true);
  scroll_->setFrameShape(QFrame::NoFrame);
  scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(1, 0, 0, 0);
  layout->addWidget(empty_, 1);
  layout->addWidget(scroll_, 1);

  connect(&client_, &CatalogClient::snapshotChanged, this, &Inspector::update);
  connect(&selection_, &Selection::runChanged, this, &Inspector::update);
  connect(&selection_, &Selection::checkpointChanged, this, &Inspector::update);
  connect(&Theme::instance(), &Theme::changed, this, &Inspector::update);
  connect(checkpoint_, &CheckpointSection::resumeRequested, this, &Inspector::resumeRequested);
  connect(checkpoint_, &CheckpointSection::branchRequested, this, &Inspector::branchRequested);
  connect(checkpoint_, &CheckpointSection::trainLongerRequested, this, &Inspector::trainLongerRequested);
  connect(checkpoint_, &CheckpointSection::predictRequested, this, &Inspector::predictRequested);
  connect(checkpoint_, &CheckpointSection::compareRequested, this, &Inspector::compareRequested);
  connect(checkpoint_, &CheckpointSection::recreateRequested, this, &Inspector::recreateRequested);
  connect(checkpoint_, &CheckpointSection::pinRequested, this, &Inspector::pinRequested);
  connect(checkpoint_, &CheckpointSection::moreRequested, this, &Inspector::checkpointMenuRequested);
  connect(run_, &RunSection::resumeRequested, this, &Inspector::resumeRequested);
  connect(run_, &RunSection::trainLongerRequested, this, &Inspector::trainLongerRequested);
  connect(run_, &RunSection::predictRequested, this, &Inspector::predictRequested);
  connect(run_, &RunSection::moreRequested, this, &Inspector::runMenuRequested);
  connect(run_, &RunSection::rewindRequested, this, &Inspector::rewindRequested);
  connect(run_, &RunSection::lrEdited, this, &Inspector::lrEdited);
  update();
}

void Inspector::setLive(const LiveRun& live) {
  const bool startsOrEnds = live.run != live_.run;
  const bool begins = live.plan.totalSteps > 0 && (startsOrEnds || live_.plan.totalSteps == 0);
  const auto recorded = startsOrEnds ? 0 : live_.recordedStep;
  live_ = live;
  live_.recordedStep = begins ? newestOnRecord(live.run) : recorded;
  if (startsOrEnds) {
    update();
  } else if (live_.run == selection_.run()) {
    updateRun();
  }
}

std::int64_t Inspector::newestOnRecord(const std::string& run) const {
  const auto snapshot = client_.snapshot();
  const auto* record = snapshot->run(run);
  return record ? record->step : 0;
}

void Inspector::focusNote() {
  scroll_->ensureWidgetVisible(notes_);
  notes_->focusNote();
}

void Inspector::update() {
  const auto snapshot = client_.snapshot();
  const auto* run = snapshot->run(selection_.run());
  empty_->setVisible(!run);
  scroll_->setVisible(run != nullptr);
  if (!run) return;
  const auto* checkpoint = snapshot->checkpoint(selection_.checkpoint());
  checkpoint_->setVisible(checkpoint != nullptr);
  if (checkpoint) {
    checkpoint_->show(*snapshot, *checkpoint, *run, live_.run == run->id, client_.readOnly());
    notes_->show(run->id, checkpoint->id, checkpoint->note, checkpoint->tags, client_.readOnly());
  } else {
    notes_->show(run->id, {}, run->note, run->tags, client_.readOnly());
  }
  const auto* newest = snapshot->newestReady(run->id);
  run_->setVerbsOffered(!checkpoint || !newest || newest->id != checkpoint->id);
  updateRun();
}

void Inspector::updateRun() {
  const auto snapshot = client_.snapshot();
  const auto* run = snapshot->run(selection_.run());
  if (run) run_->show(*snapshot, *run, live_.run == run->id ? &live_ : nullptr, client_.readOnly());
}

}  // namespace cairn::ui
