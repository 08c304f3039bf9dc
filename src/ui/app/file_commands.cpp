#include "ui/app/file_commands.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QUrl>
#include <algorithm>

#include "ui/app/actions.h"
#include "ui/app/data_drop.h"
#include "ui/app/file_drop.h"
#include "ui/app/python_snippet.h"
#include "ui/app/verb_menu.h"
#include "ui/catalog_client.h"
#include "ui/chart/chart_panel.h"
#include "ui/chart/scene_builder.h"
#include "ui/dialogs/curves_dialog.h"
#include "ui/dialogs/export_dialog.h"
#include "ui/dialogs/import_dialog.h"
#include "ui/dialogs/inspect_dialog.h"
#include "ui/dialogs/path_line.h"
#include "ui/dialogs/report_dialog.h"
#include "ui/panels/banner.h"
#include "ui/selection.h"
#include "ui/text.h"

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
  connect(actions.report, &QAction::triggered, this, [this] { report(selection_.run()); });
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
  actions_.exportCurves->setEnabled(!snapshot->runs.empty());
  actions_.report->setEnabled(snapshot->run(selection_.run()) != nullptr);
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
                .tone = Notice::Tone::Done,
                .title = name,
                .text = tr("is imported and paused at step %1. Resume goes on with it.").arg(count(checkpoint.step)),
                .actions = {},
                .dismissed = {}});
}

void FileCommands::onDataDropped(const QStringList& paths) {
  const auto data = dataOf(paths);
  if (!data) return;
  if (client_.readOnly()) {
    say(QStringLiteral("dropped"), tr("This home is only read: no run can be started in it."));
    return;
  }
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
  openToSave(new ExportDialog(client_.home(), *record, text(run->name), window_));
}

void FileCommands::exportCurves(ChartPanel& chart) {
  const auto& curves = chart.scene().curves;
  const bool any = std::any_of(curves.begin(), curves.end(), [](const auto& curve) { return curve.curve->size() > 0; });
  const auto* run = client_.snapshot()->run(selection_.run());
  if (any) {
    const auto name = run ? text(run->name) : tr("curves");
    openToSave(new CurvesDialog(client_.home(), chart, name + QLatin1Char('-') + QString::fromUtf8(chart.group().title),
                                window_));
    return;
  }
  say(QStringLiteral("exported"), tr("There are no curves in sight to export: choose a run on the left."));
}

void FileCommands::report(const std::string& run) {
  const auto snapshot = client_.snapshot();
  if (const auto* record = snapshot->run(run)) openToSave(new ReportDialog(client_.home(), *record, window_));
}

void FileCommands::openToSave(SaveDialog* dialog) {
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &SaveDialog::written, this, &FileCommands::onExported);
  dialog->open();
}

void FileCommands::onExported(const QStringList& files) {
  qint64 size = 0;
  for (const auto& file : files) size += QFileInfo(file).size();
  banner_.post({.key = QStringLiteral("exported"),
                .tone = Notice::Tone::Done,
                .title = {},
                .text = tr("Written: %1 (%2).").arg(files.join(tr(" and ")), bytes(size)),
                .actions = {{tr("Show in folder"),
                             [folder = QFileInfo(files.front()).absolutePath()] {
                               QDesktopServices::openUrl(QUrl::fromLocalFile(folder));
                             }}},
                .dismissed = {}});
}

void FileCommands::say(const QString& key, const QString& words) {
  banner_.post({.key = key, .tone = Notice::Tone::Info, .title = {}, .text = words, .actions = {}, .dismissed = {}});
}

void FileCommands::copySnippet(const std::string& checkpoint) {
  const auto snapshot = client_.snapshot();
  const auto* record = snapshot->checkpoint(checkpoint);
  if (!record) return;
  QGuiApplication::clipboard()->setText(pythonSnippet(text(record->path)));
  banner_.post({.key = QStringLiteral("snippet"), .tone = Notice::Tone::Done, .title = {},
                .text = tr("The lines of Python that load step %1 are in the clipboard.").arg(count(record->step)),
                .actions = {}, .dismissed = {}});
}

std::vector<Verb> FileCommands::verbs(const VerbTarget& target) {
  if (!target.checkpoint)
    return {
        {Verb::Group::Files, QStringLiteral("note"), tr("Report…"), {}, [this, id = target.run->id] { report(id); }}};
  const auto why = whyNoFile(*target.checkpoint);
  return {{Verb::Group::Files, QStringLiteral("export"), tr("Export…"), why,
           [this, id = target.checkpoint->id] { exportCheckpoint(id); }},
          {Verb::Group::Files, QStringLiteral("search"), tr("Inspect the file…"), why,
           [this, path = text(target.checkpoint->path)] { inspect(path); }},
          {Verb::Group::Files, QStringLiteral("text"), tr("Copy Python snippet"), why,
           [this, id = target.checkpoint->id] { copySnippet(id); }}};
}

}  // namespace cairn::ui
