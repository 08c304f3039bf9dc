#include "ui/app/file_commands.h"

#include <QClipboard>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QSettings>

#include "ui/app/actions.h"
#include "ui/app/file_drop.h"
#include "ui/app/python_snippet.h"
#include "ui/app/verb_menu.h"
#include "ui/catalog_client.h"
#include "ui/dialogs/inspect_dialog.h"
#include "ui/panels/banner.h"
#include "ui/selection.h"
#include "ui/text.h"

namespace cairn::ui {

namespace {

constexpr auto kFolderKey = "files/folder";

/// The folder that was last used, for the next file dialog.
QString lastFolder() { return QSettings().value(QLatin1String(kFolderKey)).toString(); }
void rememberFolder(const QString& path) {
  QSettings().setValue(QLatin1String(kFolderKey), QFileInfo(path).absolutePath());
}

}  // namespace

FileCommands::FileCommands(QWidget* window, Actions& actions, CatalogClient& client, Selection& selection,
                           Banner& banner)
    : QObject(window), window_(window), actions_(actions), client_(client), selection_(selection), banner_(banner) {
  auto* drop = new FileDrop(window);
  connect(drop, &FileDrop::dropped, this, [this](const QStringList& paths) {
    for (const auto& path : paths) inspect(path);
  });
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
}

void FileCommands::inspect(const QString& path) {
  auto* dialog = new InspectDialog(path, window_);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setImportable(false);
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

std::vector<Verb> FileCommands::verbs(const VerbTarget& target) {
  if (!target.checkpoint) return {};
  const auto why = whyNoFile(*target.checkpoint);
  return {{Verb::Group::Files, QStringLiteral("search"), tr("Inspect the file…"), why,
           [this, path = text(target.checkpoint->path)] { inspect(path); }},
          {Verb::Group::Files, QStringLiteral("text"), tr("Copy Python snippet"), why,
           [this, id = target.checkpoint->id] { copySnippet(id); }}};
}

}  // namespace cairn::ui
