#include "ui/recovery/home_troubles.h"

#include <QCoreApplication>
#include <QFileDialog>
#include <QProcess>

#include "ui/app/training_controller.h"
#include "ui/catalog_client.h"
#include "ui/panels/banner.h"
#include "ui/panels/home_error_page.h"
#include "ui/text.h"

namespace cairn::ui {

namespace {

QString damageKey() { return QStringLiteral("damaged"); }
QString homeName(const CatalogClient& client) { return text(client.home().root().string()); }

QString sourceText(const storage::RebuildReport& report) {
  using From = storage::RebuildReport::From;
  switch (report.from) {
    case From::Catalog: return HomeTroubles::tr("The catalog was sound, and was kept as it is.");
    case From::Backup:
      return HomeTroubles::tr("The catalog was made anew from its backup of %1 and from the checkpoint files.")
          .arg(localTime(report.backupAt));
    case From::Nothing: break;
  }
  return HomeTroubles::tr("The catalog was made anew from the checkpoint files alone: there was no sound backup.");
}

}  // namespace

QString rebuiltText(const storage::RebuildReport& report) {
  QStringList parts{
      sourceText(report),
      HomeTroubles::tr("It holds %1 runs and %2 checkpoint files.").arg(count(report.runs), count(report.checkpoints))};
  for (const auto& lost : report.lost) parts << text(lost);
  if (!report.setAside.empty()) parts << HomeTroubles::tr("The damaged one lies in %1.").arg(text(report.setAside.string()));
  return parts.join(QLatin1Char(' '));
}

HomeTroubles::HomeTroubles(QWidget* window, HomeErrorPage& page, Banner& banner, CatalogClient& client,
                           TrainingController& controller)
    : QObject(window), window_(window), page_(page), banner_(banner), client_(client), controller_(controller) {
  connect(&client, &CatalogClient::openFailed, this, &HomeTroubles::showPage);
  connect(&client, &CatalogClient::openedReadOnly, this, &HomeTroubles::onReadOnly);
  connect(&client, &CatalogClient::commandFailed, this, &HomeTroubles::onCommandFailed);
  connect(&page, &HomeErrorPage::retryRequested, &client, &CatalogClient::reopen);
  connect(&page, &HomeErrorPage::rebuildRequested, this, &HomeTroubles::rebuild);
  connect(&page, &HomeErrorPage::cancelRequested, &task_, &LatestTask::cancel);
  connect(&page, &HomeErrorPage::otherHomeRequested, this, &HomeTroubles::openAnotherHome);
  connect(&page, &HomeErrorPage::quitRequested, window, &QWidget::close);
  connect(&task_, &LatestTask::started, &page, [this] { page_.showRebuilding(tr("Rebuilding"), 0, 0); });
  connect(&task_, &LatestTask::progressed, &page, &HomeErrorPage::showRebuilding);
  connect(&task_, &LatestTask::failed, &page, [this](const Error& error) { page_.showRebuildFailed(text(error.what())); });
  connect(&task_, &LatestTask::finished, this, [this] {
    if (!rebuilt_) page_.showRebuildFailed({});
  });
}

void HomeTroubles::showPage(const Error& error) {
  banner_.remove(damageKey());
  page_.setError(homeName(client_), error, storage::needsRebuild(error));
  Q_EMIT pageWanted();
}

// The window's own connection holds the catalog that is to be moved: it is let go of first.
void HomeTroubles::rebuild() {
  rebuilt_ = false;
  client_.letGo(this, [this] {
    task_.run([this, home = client_.home()](const core::Progress& progress) -> std::function<void()> {
      auto report = storage::rebuildCatalog(home, storage::FileSystem::posix(), progress);
      return [this, report = std::move(report)] {
        rebuilt_ = true;
        tell(report);
        client_.reopen();
      };
    });
  });
}

void HomeTroubles::tell(const storage::RebuildReport& report) {
  banner_.post({.key = QStringLiteral("rebuilt"), .tone = report.lost.empty() ? Notice::Tone::Info : Notice::Tone::Warning,
                .title = {}, .text = rebuiltText(report), .actions = {}, .dismissed = {}});
}

// Damage may show long after the catalog was opened, as a page of it is read for the first time.
void HomeTroubles::onCommandFailed(const Error& error) {
  if (!storage::needsRebuild(error)) return;
  banner_.post({.key = damageKey(), .tone = Notice::Tone::Failure, .title = {}, .text = text(error.what()),
                .actions = {{tr("Rebuild…"), [this, error] {
                  if (controller_.busy()) return tellBusy();
                  showPage(error);
                }, true, false}},
                .dismissed = {}});
}

void HomeTroubles::tellBusy() {
  banner_.post({.key = QStringLiteral("rebuilt"), .tone = Notice::Tone::Warning, .title = {},
                .text = tr("Stop what trains before the catalog is rebuilt."), .actions = {}, .dismissed = {}});
}

void HomeTroubles::onReadOnly(const Error& why) {
  banner_.post({.key = QStringLiteral("read-only"), .tone = Notice::Tone::Info, .title = tr("This home can only be read"),
                .text = tr("%1: %2. Everything can be looked at; nothing can be trained or changed.")
                            .arg(text(why.subject()), text(why.why())),
                .actions = {}, .dismissed = {}});
}

void HomeTroubles::openAnotherHome() {
  auto* dialog = new QFileDialog(window_, tr("Open another home"), homeName(client_));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::Directory);
  dialog->setOption(QFileDialog::ShowDirsOnly);
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& folder) {
    if (QProcess::startDetached(QCoreApplication::applicationFilePath(), {QStringLiteral("--home"), folder})) window_->close();
  });
  dialog->open();
}

}  // namespace cairn::ui
