#include "ui/recovery/rewind_notices.h"

#include <QSettings>
#include <algorithm>

#include "core/event_kinds.h"
#include "core/run_history.h"
#include "core/text.h"
#include "ui/app/training_controller.h"
#include "ui/catalog_client.h"
#include "ui/panels/banner.h"
#include "ui/recovery/rewind_plan.h"
#include "ui/selection.h"
#include "ui/text.h"

namespace cairn::ui {

namespace {

QString keyOf(const std::string& run) { return QStringLiteral("rewind:") + text(run); }
QString dismissedKey(const std::string& run) { return QStringLiteral("dismissed/rewind/") + text(run); }

}  // namespace

std::optional<std::int64_t> divergedStep(const HomeSnapshot& snapshot, const core::RunRecord& run) {
  if (run.status != core::RunStatus::Failed) return {};
  const auto events = snapshot.eventsOf(run.id);
  const auto step = core::divergedAt(run, events);
  const auto failed = std::find_if(events.rbegin(), events.rend(),
                                   [](const auto& event) { return event.kind == core::kFailedEvent; });
  const auto failedAt = failed == events.rend() ? std::string() : failed->createdAt;
  const bool branched = std::any_of(snapshot.runs.begin(), snapshot.runs.end(), [&](const core::RunRecord& other) {
    return other.parentRun == run.id && other.createdAt > failedAt;
  });
  return branched ? std::nullopt : step;
}

RewindNotices::RewindNotices(Banner& banner, CatalogClient& client, TrainingController& controller, Selection& selection,
                             QObject* parent)
    : QObject(parent), banner_(banner), client_(client), controller_(controller), selection_(selection) {
  connect(&client, &CatalogClient::snapshotChanged, this, &RewindNotices::update);
  connect(&controller, &TrainingController::startFailed, this, [this] {
    rewound_.clear();
    update();
  });
}

bool RewindNotices::wants(const HomeSnapshot& snapshot, const core::RunRecord& run) const {
  if (client_.readOnly() || controller_.takesUp(run.id) || rewound_.contains(run.id)) return false;
  if (!divergedStep(snapshot, run)) return false;
  return QSettings().value(dismissedKey(run.id)).toString() != text(run.updatedAt);
}

void RewindNotices::update() {
  const auto snapshot = client_.snapshot();
  for (const auto& run : snapshot->runs) {
    const auto told = told_.find(run.id);
    if (!wants(*snapshot, run)) {
      if (told == told_.end()) continue;
      told_.erase(told);
      banner_.remove(keyOf(run.id));
    } else if (told == told_.end() || told->second != run.updatedAt) {
      told_[run.id] = run.updatedAt;
      tell(*snapshot, run);
    }
  }
}

void RewindNotices::tell(const HomeSnapshot& snapshot, const core::RunRecord& run) {
  const auto why = text(run.failure).section(QLatin1Char(';'), 0, 0);  // the advice after it is what the buttons do
  Notice notice{.key = keyOf(run.id),
                .tone = Notice::Tone::Failure,
                .title = text(run.name),
                .text = tr("failed at %1.").arg(why),
                .actions = {},
                .dismissed = [id = run.id, at = run.updatedAt] { QSettings().setValue(dismissedKey(id), text(at)); }};
  const auto usable = usableCheckpoints(snapshot, run.id);
  if (usable.empty()) {
    const double lr = suggestedLr(core::learningRate(run.spec.optimizer));
    notice.actions.push_back({tr("Start over with lr %1").arg(number(lr)), [this, spec = run.spec, lr] {
      Q_EMIT startOverRequested(core::withSettings(spec, {"optimizer.lr=" + core::roundTrip(lr)}));
    }, true, false});
    return banner_.post(std::move(notice));
  }
  const auto& good = usable[newestGood(usable)];
  const double lr = suggestedLr(lrAt(run, good));
  notice.text += QLatin1Char(' ') + tr("Its newest good checkpoint is step %1.").arg(count(good.step));
  notice.actions.push_back({tr("Rewind with lr %1").arg(number(lr)), [this, run, good, lr] {
    rewound_.insert(run.id);
    controller_.branch(good.id, rewindOptions(run, good, lr));
    update();
  }, true, false});
  notice.actions.push_back({tr("Choose…"), [this, id = run.id] { Q_EMIT rewindRequested(id); }, false, false});
  notice.actions.push_back({tr("Show"), [this, id = run.id, at = good.id] { selection_.selectCheckpoint(id, at); }, false, false});
  banner_.post(std::move(notice));
}

}  // namespace cairn::ui
