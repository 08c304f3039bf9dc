#include "ui/dialogs/import_dialog.h"

#include <QCheckBox>
#include <QFileInfo>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "core/error.h"
#include "ui/app/file_drop.h"
#include "ui/dialogs/busy_line.h"
#include "ui/dialogs/dialog_footer.h"
#include "ui/dialogs/import_preview.h"
#include "ui/dialogs/path_line.h"
#include "ui/dialogs/spec_source.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr QSize kSize{980, 640};
constexpr int kMargin = 2 * Theme::kSpacing;

QString filter() { return ImportDialog::tr("Models (%1);;All files (*)").arg(modelFilePatterns()); }

}  // namespace

ImportDialog::ImportDialog(const storage::Home& home, HomeSnapshotPtr snapshot, const QString& path, QWidget* parent)
    : QDialog(parent),
      home_(home),
      file_(new PathLine(PathLine::For::Opening, QStringLiteral("importFile"), tr("Choose a model file"), filter())),
      settings_(new SpecSource(home, std::move(snapshot))),
      name_(new QLineEdit),
      weightsOnly_(new QCheckBox(tr("Take the &weights alone, as for fine-tuning: step 0, a fresh optimizer"))),
      preview_(new ImportPreview),
      import_(new QPushButton(tr("&Import"))) {
  setWindowTitle(tr("Import a model"));
  resizeWithin(*this, kSize);
  form_ = makeForm();
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
  layout->setSpacing(kMargin);
  layout->addWidget(form_);
  layout->addWidget(preview_, 1);
  layout->addWidget(makeFooter());

  auto* drop = new FileDrop(this);
  connect(drop, &FileDrop::dropped, this, [this](const QStringList& paths) { file_->setPath(paths.front()); });
  connect(file_, &PathLine::changed, this, &ImportDialog::readFile);
  connect(settings_, &SpecSource::changed, this, &ImportDialog::settingsChanged);
  connect(weightsOnly_, &QCheckBox::toggled, this, &ImportDialog::preview);
  connect(&task_, &LatestTask::failed, this, &ImportDialog::showError);
  connect(&task_, &LatestTask::finished, this, [this] { setBusy(false); });
  settingsChanged();
  if (!path.isEmpty()) file_->setPath(path);
  (path.isEmpty() ? file_ : static_cast<QWidget*>(settings_))->setFocus();
}

QWidget* ImportDialog::makeForm() {
  file_->line().setPlaceholderText(tr("A .pt, .pth or .safetensors file; it may be dropped here"));
  name_->setObjectName(QStringLiteral("importName"));
  weightsOnly_->setObjectName(QStringLiteral("weightsOnly"));
  auto* form = new QWidget;
  auto* layout = new QFormLayout(form);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setHorizontalSpacing(kMargin);
  layout->setVerticalSpacing(Theme::kSpacing);
  layout->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
  layout->addRow(tr("&File"), file_);
  layout->addRow(tr("&Settings from"), settings_);
  layout->addRow(tr("&Name of the run"), name_);
  layout->addRow({}, weightsOnly_);
  return form;
}

QWidget* ImportDialog::makeFooter() {
  makePrimary(*import_, QStringLiteral("importNow"));
  auto* close = rejectButton(*this, tr("Close"));
  close->setObjectName(QStringLiteral("closeImport"));
  connect(import_, &QPushButton::clicked, this, &ImportDialog::importNow);
  return dialogFooter(new BusyLine(task_), {close, import_});
}

training::ImportOptions ImportDialog::options() const {
  return {.spec = *settings_->spec(),
          .name = name_->text().trimmed().toStdString(),
          .weightsOnly = weightsOnly_->isChecked()};
}

void ImportDialog::readFile() {
  source_.reset();
  settings_->offerOwn({});
  task_.cancel();
  preview();
  const auto path = file_->path();
  if (path.isEmpty()) return;
  preview_->clear(tr("Reading %1.").arg(QFileInfo(path).fileName()));
  task_.run([this, file = path.toStdString()](const core::Progress& progress) -> std::function<void()> {
    auto source = std::make_shared<const training::ImportSource>(training::readImport(file, progress));
    return [this, source, own = training::ownSpec(*source)] {
      source_ = source;
      settings_->offerOwn(own);
      preview();
    };
  });
}

void ImportDialog::settingsChanged() {
  const auto& spec = settings_->spec();
  name_->setPlaceholderText(spec && !spec->name.empty() ? text(spec->name) : tr("By its data"));
  preview();
}

// Each answer is to the newest question; while there is none, nothing can be imported.
void ImportDialog::preview() {
  import_->setEnabled(false);
  if (!source_) {
    if (!task_.isRunning()) preview_->clear(tr("Choose a file. Nothing is made before you press Import."));
    return;
  }
  if (!settings_->spec()) {
    task_.cancel();
    preview_->clear(tr("Choose the settings: the data, model and optimizer that the file is to go on with."));
    return;
  }
  preview_->clear(tr("Matching the file with the settings."));
  task_.run([this, source = source_, options = options()](const core::Progress& progress) -> std::function<void()> {
    auto plan = training::previewImport(*source, options, progress);
    return [this, plan = std::move(plan)] { showPlan(plan); };
  });
}

void ImportDialog::showPlan(const engine::ImportPlan& plan) {
  preview_->showPlan(plan);
  import_->setEnabled(plan.problems.empty());
}

void ImportDialog::showError(const Error& error) { preview_->clear(text(error.what()), /*error=*/true); }

void ImportDialog::setBusy(bool importing) {
  const bool ended = importing_ && !importing;
  importing_ = importing;
  form_->setEnabled(!importing);
  if (importing || ended) import_->setEnabled(!importing);
}

void ImportDialog::importNow() {
  setBusy(true);
  task_.run([this, source = source_, options = options()](const core::Progress& progress) -> std::function<void()> {
    auto made = training::importFile(home_, *source, options, progress);
    // Not as the work's answer: a run that is there is told of, though the person wanted to stop in its last moment.
    QMetaObject::invokeMethod(
        this,
        [this, record = made.checkpoint, name = text(made.plan.spec.name)] {
          accept();
          Q_EMIT imported(record, name);
        },
        Qt::QueuedConnection);
    return [] {};
  });
}

}  // namespace cairn::ui
