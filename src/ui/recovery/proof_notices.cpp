#include "ui/recovery/proof_notices.h"

#include "core/event_kinds.h"
#include "core/run_history.h"
#include "ui/app/training_controller.h"
#include "ui/catalog_client.h"
#include "ui/panels/banner.h"
#include "ui/recovery/proof_text.h"
#include "ui/text.h"

namespace cairn::ui {

ProofNotices::ProofNotices(Banner& banner, CatalogClient& client, TrainingController& controller, QObject* parent)
    : QObject(parent), banner_(banner), client_(client), controller_(controller) {
  connect(&controller, &TrainingController::settingChanged, this, [this](const std::string&, const core::RunEvent& event) {
    if (event.kind == core::kEnvironmentEvent) changes_ = core::changesOf(event);
  });
  connect(&controller, &TrainingController::stepsRepeated, this, &ProofNotices::onRepeated);
  connect(&controller, &TrainingController::runEnded, this, [this] {
    changes_.clear();
    toldDifference_ = false;
  });
}

// Once as steps begin to differ, and once as all are repeated: in between the numbers only grow.
void ProofNotices::onRepeated(const std::string& run, const core::ResumeCheck& check, bool finished) {
  const bool same = !core::differs(check);
  if (check.stepsRepeated == 0 || (!finished && (same || toldDifference_))) return;
  toldDifference_ = toldDifference_ || !same;
  const auto key = QString(QStringLiteral("repeated:") + text(run));
  Notice notice{.key = key, .tone = same ? Notice::Tone::Done : Notice::Tone::Warning,
                .title = text(client_.snapshot()->nameOf(run)),
                .text = proofHeadline(check) + QLatin1Char('.'), .actions = {}, .dismissed = {}};
  if (!same) {
    notice.text += QLatin1Char(' ') + proofDetail(check, changes_);
    notice.actions.push_back({tr("Go on"), [] {}});
    notice.actions.push_back({tr("Stop"), [this, run] {
      if (controller_.trains(run)) controller_.stop();
    }});
  }
  banner_.post(std::move(notice));
}

}  // namespace cairn::ui
