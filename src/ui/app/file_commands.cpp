#include "ui/app/file_commands.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMenu>
#include <QUrl>

#include "ui/app/actions.h"
#include "ui/app/data_drop.h"
#include "ui/app/file_drop.h"
#include "ui/app/python_snippet.h"
#include "ui/catalog_client.h"
#include "ui/dialogs/export_dialog.h"
#include "ui/dialogs/import_dialog.h"
#include "ui/dialogs/inspect_dialog.h"
#include "ui/dialogs/path_line.h"
#include "ui/panels/banner.h"
#include "ui/selection.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {
// What a run begins with for data that was dropped; the dialog shows it, and the person may change it.
constexpr double kUsualValidation = 0.2;
constexpr std::int64_t kUsualEpochs = 20;
}  // namespace

FileCommands::FileCommands(QWidget* window, Actions& actions, CatalogClient& client, Selection& selection,
                           Banner& banner)
    : QObject(window), window_(window), actions_(actions), client_(client), selection_(selection), banner_(banner) {
  auto* drop = new FileDrop(window, FileDrop::Takes::ModelsAndData);
  connect(drop, &FileDrop::dropped, this, [this](const QStringList& paths) {
    for (const auto& path : paths) inspect(path);
  });
  connect(drop, &FileDrop::dataDropped, this, &FileCommands::onDataDropped);
  connect(actions.importFile, &QAction::triggered, this, [this] { importFile(); });
  connect(actions.exportCheckpoint, &QAction::triggered, this, [this] { exportCheckpoint(selection_.checkpoint()); });
  connect(actions.inspectFile, &QAction::triggered, this, &FileCommands::askAndInspect);
  connect(actions.copySnippet, &QAction::triggered, this, [this] { copySnippet(selection_.checkpoint()); });
  connect(&client, &CatalogClient::snapshotChanged, this, &FileCommands::update);
  connect(&selection, &Selection::checkpointChanged, this, &FileCommands::update);
  connect(&selection, &Selection::runChanged, this, &FileCommands::update);
  update();
}

void FileCommands::update() {
  const auto snapshot = client_.snapshot();
  const auto* checkpoint = snapshot->checkpoint(selection_.checkpoint());
  const bool usable = checkpoint && checkpoint->state == core::CheckpointState::Ready;
  actions_.copySnippet->setEnabled(usable);
  actions_.exportCheckpoint->setEnabled(usable);
  actions_.importFile->setEnabled(client_.loaded() && !client_.readOnly());
}

void FileCommands::inspect(const QString& path) {
  auto* dialog = new InspectDialog(path, window_);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setImportable(!client_.readOnly());
  connect(dialog, &InspectDialog::importRequested, this, &FileCommands::importFile);
  dialog->open();
}

void FileCommands::askAndInspect() {
  auto* dialog = new QFileDialog(window_, tr("Inspect a file"), lastFolder(),
                                 tr("Models (%1);;All files (*)").arg(modelFilePatterns()));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFile);
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
    rememberFolder(path);
    inspect(path);
  });
  dialog->open();
}

void FileCommands::importFile(const QString& path) {
  auto* dialog = new ImportDialog(client_.home(), client_.snapshot(), path, window_);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &ImportDialog::imported, this, &FileCommands::onImported);
  dialog->open();
}

void FileCommands::onImported(const core::CheckpointRecord& checkpoint, const QString& name) {
  client_.refresh();
  selection_.selectCheckpoint(checkpoint.run, checkpoint.id);
  banner_.post({.key = QStringLiteral("imported"),
                .tone = Notice::Tone::Info,
                .title = name,
                .text = tr("is imported and paused at step %1. Resume goes on with it.").arg(count(checkpoint.step)),
                .actions = {},
                .dismissed = {}});
}

void FileCommands::onDataDropped(const QStringList& paths) {
  const auto data = dataOf(paths);
  if (!data || client_.readOnly()) return;
  core::RunSpec spec;
  spec.data = *data;
  spec.data.validationFraction = kUsualValidation;
  if (spec.task() == core::Task::Classification) spec.loss = core::LossType::CrossEntropyLoss;
  if (std::holds_alternative<core::IdxData>(data->source)) spec.model = core::CnnModel{};
  if (std::holds_alternative<core::TextData>(data->source)) spec.model = core::TransformerModel{};
  spec.training.epochs = kUsualEpochs;
  Q_EMIT newRunRequested(spec);
}

void FileCommands::exportCheckpoint(const std::string& checkpoint) {
  const auto snapshot = client_.snapshot();
  const auto* record = snapshot->checkpoint(checkpoint);
  const auto* run = record ? snapshot->run(record->run) : nullptr;
  if (!run) return;
  auto* dialog = new ExportDialog(client_.home(), *record, text(run->name), window_);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &SaveDialog::written, this, &FileCommands::onExported);
  dialog->open();
}

void FileCommands::onExported(const QStringList& files) {
  qint64 size = 0;
  for (const auto& file : files) size += QFileInfo(file).size();
  banner_.post({.key = QStringLiteral("exported"),
                .tone = Notice::Tone::Info,
                .title = {},
                .text = tr("Written: %1 (%2).").arg(files.join(tr(" and ")), bytes(size)),
                .actions = {{tr("Show in folder"),
                             [folder = QFileInfo(files.front()).absolutePath()] {
                               QDesktopServices::openUrl(QUrl::fromLocalFile(folder));
                             }}},
                .dismissed = {}});
}

void FileCommands::copySnippet(const std::string& checkpoint) {
  const auto snapshot = client_.snapshot();
  const auto* record = snapshot->checkpoint(checkpoint);
  if (!record) return;
  QGuiApplication::clipboard()->setText(pythonSnippet(text(record->path)));
  banner_.post({.key = QStringLiteral("snippet"),
                .tone = Notice::Tone::Info,
                .title = {},
                .text = tr("The lines of Python that load step %1 are in the clipboard.").arg(count(record->step)),
                .actions = {},
                .dismissed = {}});
}

void FileCommands::addEntries(QMenu& menu, const std::string& checkpoint) {
  const auto snapshot = client_.snapshot();
  const auto* record = snapshot->checkpoint(checkpoint);
  if (!record) return;
  const bool usable = record->state == core::CheckpointState::Ready;
  const auto& theme = Theme::instance();
  auto* inside = menu.addAction(theme.icon(QStringLiteral("search")), tr("Inspect the file…"));
  auto* snippet = menu.addAction(theme.icon(QStringLiteral("text")), tr("Copy Python snippet"));
  auto* out = menu.addAction(theme.icon(QStringLiteral("export")), tr("Export…"));
  out->setEnabled(usable);
  connect(out, &QAction::triggered, this, [this, checkpoint] { exportCheckpoint(checkpoint); });
  inside->setEnabled(usable);
  snippet->setEnabled(usable);
  connect(inside, &QAction::triggered, this, [this, path = text(record->path)] { inspect(path); });
  connect(snippet, &QAction::triggered, this, [this, checkpoint] { copySnippet(checkpoint); });
}

}  // namespace cairn::ui
