#include "ui/recovery/data_question.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "core/error_codes.h"
#include "training/run_data.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr int kWidth = 560;
constexpr int kMargin = 2 * Theme::kSpacing;

bool isChanged(const Error& error) { return error.code() == kDataChanged; }

QLabel* wrapped(const QString& words, const char* role) {
  auto* label = new QLabel(words);
  label->setProperty("role", QString::fromLatin1(role));
  label->setTextFormat(Qt::PlainText);
  label->setWordWrap(true);
  label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  return label;
}

QString explanation(const AskedJob& job, std::int64_t fromStep, const Error& error) {
  const auto step = count(fromStep);
  if (!isChanged(error)) {
    return DataQuestion::tr("Training needs it to go on. If it lies somewhere else now, point at it; else put it back and "
                            "try again.");
  }
  if (job.kind == AskedJob::Kind::Recreate) {
    return DataQuestion::tr("A step can only be made again from the data that it was trained on. If that lies somewhere "
                            "else, point at it.");
  }
  return DataQuestion::tr("Its contents are not what step %1 was trained on, so the steps after it will not be those that a "
                          "run without a stop would have taken. If the old data lies somewhere else, point at it; or go "
                          "on with it as it is now, which is kept on record.").arg(step);
}

}  // namespace

DataQuestion::DataQuestion(const AskedJob& job, const core::RunRecord& run, std::int64_t fromStep, const Error& error,
                           QWidget* parent)
    : QDialog(parent), job_(job), run_(run), file_(text(error.subject())), problem_(wrapped({}, "error")) {
  setObjectName(QStringLiteral("dataQuestion"));
  setWindowTitle(text(run.name));
  setMinimumWidth(kWidth);
  auto* title = wrapped(isChanged(error) ? tr("The data has changed since the checkpoint") : tr("The data is not there any more"),
                        "title");
  problem_->hide();
  problem_->setObjectName(QStringLiteral("dataProblem"));
  auto* changed = new QPushButton(tr("&Go on with the changed data"));
  changed->setObjectName(QStringLiteral("goOnChanged"));
  changed->setVisible(isChanged(error) && job.kind == AskedJob::Kind::Resume);
  auto* point = new QPushButton(tr("&Point at the data…"));
  point->setObjectName(QStringLiteral("pointAtData"));
  point->setProperty("primary", true);
  point->setDefault(true);
  auto* cancel = new QPushButton(tr("Cancel"));
  cancel->setObjectName(QStringLiteral("cancelData"));
  auto* buttons = new QHBoxLayout;
  buttons->addStretch(1);
  for (auto* button : {cancel, changed, point}) {
    button->setAutoDefault(button == point);
    buttons->addWidget(button);
  }
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
  layout->setSpacing(Theme::kSpacing + 2);
  layout->addWidget(title);
  layout->addWidget(wrapped(file_, "strong"));
  layout->addWidget(wrapped(explanation(job, fromStep, error), "plain"));
  layout->addWidget(wrapped(tr("Nothing was done yet."), "muted"));
  layout->addWidget(problem_);
  layout->addSpacing(Theme::kSpacing);
  layout->addLayout(buttons);
  connect(changed, &QPushButton::clicked, this, &DataQuestion::goOnAnyway);
  connect(point, &QPushButton::clicked, this, &DataQuestion::askForPlace);
  connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
}

void DataQuestion::goOnAnyway() {
  job_.resume.acceptChangedData = true;
  Q_EMIT answered(job_);
  accept();
}

// Data of several files moves as a folder, each file by its own name.
void DataQuestion::askForPlace() {
  const bool several = training::dataFiles(run_.spec.data).size() > 1;
  const QFileInfo before(file_);
  auto* dialog = new QFileDialog(this, tr("Where is %1 now?").arg(before.fileName()), before.absolutePath());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(several ? QFileDialog::Directory : QFileDialog::ExistingFile);
  if (several) dialog->setOption(QFileDialog::ShowDirsOnly, false);
  connect(dialog, &QFileDialog::fileSelected, this, &DataQuestion::takePlace);
  dialog->open();
}

void DataQuestion::takePlace(const QString& path) {
  try {
    const auto moved = training::movedTo(run_.spec.data, path.toStdString());
    job_.resume.data = moved;
    job_.recreate.data = moved;
  } catch (const Error& error) {
    problem_->setText(text(error.what()));
    problem_->show();
    return;
  }
  job_.resume.acceptChangedData = false;
  Q_EMIT answered(job_);
  accept();
}

}  // namespace cairn::ui
