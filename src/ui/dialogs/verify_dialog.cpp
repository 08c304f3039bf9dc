#include "ui/dialogs/verify_dialog.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

#include "storage/recovery.h"
#include "ui/dialogs/busy_line.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr QSize kSize{560, 320};
constexpr int kMargin = 2 * Theme::kSpacing;

std::vector<core::CheckpointRecord> withFiles(const HomeSnapshot& snapshot) {
  std::vector<core::CheckpointRecord> list;
  for (const auto& run : snapshot.runs) {
    for (const auto& checkpoint : snapshot.checkpointsOf(run.id)) {
      if (storage::expectsFile(checkpoint)) list.push_back(checkpoint);
    }
  }
  return list;
}

std::int64_t bytesOf(const std::vector<core::CheckpointRecord>& list) {
  std::int64_t sum = 0;
  for (const auto& checkpoint : list) sum += checkpoint.bytes;
  return sum;
}

}  // namespace

VerifyDialog::VerifyDialog(const storage::Home& home, HomeSnapshotPtr snapshot, QWidget* parent)
    : QDialog(parent),
      home_(home),
      snapshot_(std::move(snapshot)),
      headline_(new QLabel),
      bad_(new QListWidget),
      again_(new QPushButton(tr("Verify &again"))) {
  setWindowTitle(tr("Verify checkpoints"));
  resize(kSize);
  headline_->setWordWrap(true);
  headline_->setObjectName(QStringLiteral("verifyHeadline"));
  bad_->setObjectName(QStringLiteral("badCheckpoints"));
  bad_->setAccessibleName(tr("Bad checkpoints"));
  again_->setAutoDefault(false);
  auto* close = new QPushButton(tr("Close"));
  close->setDefault(true);
  auto* buttons = new QHBoxLayout;
  buttons->addWidget(new BusyLine(task_), 1);
  buttons->addStretch();
  buttons->addWidget(again_);
  buttons->addWidget(close);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
  layout->setSpacing(kMargin);
  layout->addWidget(headline_);
  layout->addWidget(bad_, 1);
  layout->addStretch();
  layout->addLayout(buttons);
  connect(close, &QPushButton::clicked, this, &QDialog::accept);
  connect(again_, &QPushButton::clicked, this, &VerifyDialog::begin);
  connect(&task_, &LatestTask::started, again_, &QWidget::hide);
  connect(&task_, &LatestTask::failed, this, [this](const Error& error) { say(text(error.what())); });
  connect(&task_, &LatestTask::finished, this, [this] {
    again_->show();
    if (!told_) say(tr("Stopped before all files were read."));
  });
  begin();
}

void VerifyDialog::begin() {
  told_ = false;
  const auto list = withFiles(*snapshot_);
  headline_->setText(tr("Reading %1 checkpoint files, %2 in all.")
                         .arg(count(static_cast<std::int64_t>(list.size())), bytes(bytesOf(list))));
  bad_->clear();
  bad_->hide();
  task_.run([this, list, total = bytesOf(list)](const core::Progress& progress) -> std::function<void()> {
    storage::Catalog catalog(home_, storage::Catalog::Access::Write);
    Result result;
    std::int64_t done = 0;
    for (const auto& checkpoint : list) {
      const core::Progress inFile = [&](std::string_view, std::int64_t read, std::int64_t) {
        return progress("Verifying", done + read, total);
      };
      const auto bad = storage::verify(catalog, {checkpoint}, inFile);
      result.bad.insert(result.bad.end(), bad.begin(), bad.end());
      ++result.checked;
      done += checkpoint.bytes;
    }
    return [this, result] { show(result); };
  });
}

void VerifyDialog::say(const QString& outcome) {
  told_ = true;
  headline_->setText(outcome);
}

void VerifyDialog::show(const Result& result) {
  if (result.bad.empty()) {
    say(result.checked == 0 ? tr("There are no checkpoint files yet.")
                            : tr("All %1 checkpoint files are whole.").arg(count(result.checked)));
    return;
  }
  say(tr("%1 of %2 checkpoint files are damaged or missing. Resuming passes over them; what was pruned or "
         "lost can be reached again by training from an earlier one.")
          .arg(count(static_cast<std::int64_t>(result.bad.size())), count(result.checked)));
  for (const auto& id : result.bad) {
    const auto* checkpoint = snapshot_->checkpoint(id);
    const auto* run = checkpoint ? snapshot_->run(checkpoint->run) : nullptr;
    if (!run) continue;
    auto* item = new QListWidgetItem(tr("%1, step %2").arg(text(run->name), count(checkpoint->step)), bad_);
    item->setToolTip(text(checkpoint->path));
  }
  bad_->show();
}

}  // namespace cairn::ui
