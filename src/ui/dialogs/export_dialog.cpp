#include "ui/dialogs/export_dialog.h"

#include <QCheckBox>
#include <QLabel>
#include <QVBoxLayout>

#include "core/error.h"
#include "storage/checkpoint_files.h"
#include "storage/inspection.h"
#include "training/export.h"
#include "ui/text.h"

namespace cairn::ui {

namespace {

/// In the order of ExportKind.
std::vector<SaveFormat> formats() {
  return {
      {"formatCheckpoint", ".pt", ExportDialog::tr("PyTorch &checkpoint"),
       ExportDialog::tr(".pt, to go on training with Python or another Cairn"), ".pth"},
      {"formatWeights", ".pt", ExportDialog::tr("PyTorch &weights"), ExportDialog::tr(".pt, the state dict alone"),
       ".pth"},
      {"formatSafetensors", ".safetensors", ExportDialog::tr("&safetensors"),
       ExportDialog::tr(".safetensors, the weights for any framework")},
      {"formatScript", ".py", ExportDialog::tr("&Python script"),
       ExportDialog::tr(".py, the model as code that predicts, with its .pt beside it")},
  };
}

}  // namespace

ExportDialog::ExportDialog(const storage::Home& home, core::CheckpointRecord checkpoint, const QString& runName,
                           QWidget* parent)
    : SaveDialog(tr("Export %1, step %2").arg(runName, count(checkpoint.step)), formats(),
                 fileNameOf(QStringLiteral("%1-step-%2").arg(runName).arg(checkpoint.step)), parent),
      home_(home),
      checkpoint_(std::move(checkpoint)),
      carried_(new CarriedList),
      old_(new QCheckBox(tr("For PyTorch &1.13: numbers as tensors, since its weights_only=True takes no others"))) {
  auto* heading = new QLabel(tr("The file carries"));
  heading->setProperty("role", "heading");
  old_->setObjectName(QStringLiteral("forTorch113"));
  middle().addWidget(heading);
  middle().addWidget(carried_);
  middle().addWidget(old_);
  formatChanged();
  look();
}

void ExportDialog::formatChanged() {
  old_->setEnabled(holdsNumbers());
  old_->setToolTip(holdsNumbers() ? QString()
                                  : tr("A file of weights alone holds no numbers: PyTorch 1.13 takes it as it is."));
  carried_->setParts(carriedParts(kind(), parts_));
}

/// What is in the checkpoint, by its file's directory: quick, however large it is.
void ExportDialog::look() {
  connect(&look_, &LatestTask::failed, this, [this](const Error& error) { say(text(error.what())); });
  look_.run([this, path = checkpoint_.path](const core::Progress& progress) -> std::function<void()> {
    storage::InspectionLimits limits;
    limits.checkRecords = false;
    const auto parts = partsOf(storage::inspectFile(storage::FileSystem::posix(), path, progress, limits));
    return [this, parts] {
      parts_ = parts;
      formatChanged();
    };
  });
}

SaveDialog::Files ExportDialog::filesOf(const std::filesystem::path& target) const {
  auto files = training::exportedFiles(target);
  for (const auto& file : files) training::requireOutside(home_, file);
  return files;
}

SaveDialog::Write ExportDialog::writeTo(const std::filesystem::path& target) {
  const training::ExportOptions options{.weightsOnly = kind() == ExportKind::Weights,
                                        .forTorch113 = holdsNumbers() && old_->isChecked()};
  return [checkpoint = checkpoint_, options, target](const core::Progress& progress) {
    const auto state = storage::readCheckpoint(storage::FileSystem::posix(), checkpoint, progress);
    training::exportCheckpoint(*state, target, options, progress);
  };
}

}  // namespace cairn::ui
