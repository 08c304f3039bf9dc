#include "ui/recovery/interrupted_notices.h"

#include <QSettings>
#include <algorithm>

#include "ui/app/training_controller.h"
#include "ui/catalog_client.h"
#include "ui/panels/banner.h"
#include "ui/recovery/interrupted_text.h"
#include "ui/selection.h"
#include "ui/text.h"

namespace cairn::ui {

namespace {

constexpr int kMinute = 60'000;  // milliseconds
constexpr qsizetype kMostNames = 3;

QString key() { return QStringLiteral("interrupted"); }
QString dismissedKey(const std::string& run) { return QStringLiteral("dismissed/") + text(run); }

/// Dismissed as it stands: one that is interrupted anew is told of again.
bool isDismissed(const core::RunRecord& run) {
  return QSettings().value(dismissedKey(run.id)).toString() == text(run.updatedAt);
}

}  // namespace

InterruptedNotices::InterruptedNotices(QWidget* window, Banner& banner, CatalogClient& client,
                                       TrainingController& controller, Selection& selection)
    : QObject(window), window_(window), banner_(banner), client_(client), controller_(controller), selection_(selection) {
  connect(&client, &CatalogClient::snapshotChanged, this, &InterruptedNotices::update);
  // What could not be taken up waits for a person again.
  connect(&controller, &TrainingController::startFailed, this, &InterruptedNotices::update);
  connect(&controller, &TrainingController::dataInQuestion, this, &InterruptedNotices::update);
  connect(&minute_, &QTimer::timeout, this, &InterruptedNotices::update);
  minute_.start(kMinute);
}

std::vector<core::RunRecord> InterruptedNotices::waiting() const {
  auto runs = client_.snapshot()->runs;
  std::erase_if(runs, [this](const core::RunRecord& run) {
    return run.status != core::RunStatus::Interrupted || controller_.takesUp(run.id) || isDismissed(run);
  });
  std::stable_sort(runs.begin(), runs.end(), [](const auto& a, const auto& b) { return a.updatedAt > b.updatedAt; });
  return runs;
}

void InterruptedNotices::update() {
  const auto snapshot = client_.snapshot();
  const auto runs = waiting();
  std::vector<InterruptedRow> rows;
  auto all = QString::number(client_.readOnly());
  for (const auto& run : runs) {
    const auto words = interruptedText(run, snapshot->newestReady(run.id), secondsLost(run));
    rows.push_back({run.id, text(run.name), words});
    all += text(run.id) + text(run.name) + words;
  }
  if (list_) list_->setRows(rows);
  if (all == told_) return;
  told_ = all;
  if (rows.empty()) return banner_.remove(key());
  rows.size() == 1 ? tellOne(runs.front(), rows.front().words) : tellSeveral(rows);
}

void InterruptedNotices::tellOne(const core::RunRecord& run, const QString& words) {
  Notice notice{.key = key(), .tone = Notice::Tone::Warning, .title = text(run.name), .text = words, .actions = {},
                .dismissed = [this, id = run.id] { dismiss(id); }};
  if (!client_.readOnly()) notice.actions.push_back({tr("Resume"), [this, id = run.id] { resume(id); }, true, false});
  notice.actions.push_back({tr("Show"), [this, id = run.id] { show(id); }, false, false});
  banner_.post(std::move(notice));
}

void InterruptedNotices::tellSeveral(const std::vector<InterruptedRow>& rows) {
  QStringList names;
  for (const auto& row : rows) names << row.name;
  const auto more = names.size() - kMostNames;
  if (more > 0) names = names.mid(0, kMostNames) << tr("%1 more").arg(more);
  const auto last = names.takeLast();
  Notice notice{.key = key(), .tone = Notice::Tone::Warning,
                .title = tr("%1 runs stopped unexpectedly").arg(rows.size()),
                .text = tr("%1 and %2. Each goes on from its last checkpoint.").arg(names.join(QStringLiteral(", ")), last),
                .actions = {{tr("Show list"), [this] { openList(); }, true, false}},
                .dismissed = [this] {
                  for (const auto& run : waiting()) dismiss(run.id);
                }};
  banner_.post(std::move(notice));
}

void InterruptedNotices::openList() {
  list_ = new InterruptedDialog(client_.readOnly(), window_);
  list_->setAttribute(Qt::WA_DeleteOnClose);
  connect(list_, &InterruptedDialog::resumeRequested, this, &InterruptedNotices::resume);
  connect(list_, &InterruptedDialog::dismissRequested, this, &InterruptedNotices::dismiss);
  connect(list_, &InterruptedDialog::showRequested, this, [this](const std::string& run) {
    list_->accept();
    show(run);
  });
  told_.clear();
  list_->open();
  update();
}

void InterruptedNotices::resume(const std::string& run) {
  controller_.resume(run);
  update();
}

void InterruptedNotices::show(const std::string& run) {
  const auto snapshot = client_.snapshot();
  const auto* newest = snapshot->newestReady(run);
  selection_.selectCheckpoint(run, newest ? newest->id : std::string());
}

void InterruptedNotices::dismiss(const std::string& run) {
  const auto snapshot = client_.snapshot();
  if (const auto* record = snapshot->run(run)) QSettings().setValue(dismissedKey(run), text(record->updatedAt));
  update();
}

double InterruptedNotices::secondsLost(const core::RunRecord& run) {
  auto& [at, seconds] = lost_[run.id];
  if (at == run.updatedAt) return seconds;
  at = run.updatedAt;
  seconds = -1;
  const auto snapshot = client_.snapshot();
  if (const auto* newest = snapshot->newestReady(run.id)) measure(run, newest->step);
  return seconds;
}

void InterruptedNotices::measure(const core::RunRecord& run, std::int64_t checkpointStep) {
  client_.query<storage::SeriesData>(
      this,
      [id = run.id, checkpointStep](storage::Catalog& catalog) {
        return catalog.metrics(id, core::Series::TrainLoss, true, checkpointStep - 1);
      },
      [this, id = run.id](const storage::SeriesData& since) {
        if (since.seconds.size() < 2) return;
        lost_[id].second = since.seconds.back() - since.seconds.front();
        update();
      });
}

}  // namespace cairn::ui
