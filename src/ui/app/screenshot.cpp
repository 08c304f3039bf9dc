#include "ui/app/screenshot.h"

#include <QApplication>
#include <QDialog>
#include <QPainter>
#include <QTimer>
#include <cstdio>

#include "ui/app/main_window.h"
#include "ui/app/run_commands.h"
#include "ui/compare/compare_commands.h"
#include "ui/compare/compare_page.h"
#include "ui/compare/compare_view.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {
constexpr int kRounds = 8, kRoundLength = 120;  // of waiting until panels have their data; milliseconds
constexpr int kDimming = 70;                    // of the window behind a dialog, of 255
}  // namespace

Screenshot::Screenshot(MainWindow& window, ScreenshotOptions options)
    : QObject(&window), window_(window), options_(std::move(options)) {
  connect(&window_.client(), &CatalogClient::snapshotChanged, this, &Screenshot::onSnapshot);
  connect(&window_.client(), &CatalogClient::openFailed, this, [this](const Error& error) { fail(text(error.what())); });
}

void Screenshot::onSnapshot() {
  if (std::exchange(begun_, true)) return;
  if (options_.checkpoint.isEmpty() && options_.compared.isEmpty()) return settle(kRounds);
  connect(&window_.client(), &CatalogClient::commandFailed, this, [this](const Error& error) { fail(text(error.what())); });
  window_.client().query<Named>(
      this,
      [options = options_](storage::Catalog& catalog) {
        Named named;
        if (!options.checkpoint.isEmpty()) named.selected = catalog.findCheckpoint(options.checkpoint.toStdString());
        for (const auto& one : options.compared) named.compared.push_back(catalog.findCheckpoint(one.toStdString()).id);
        return named;
      },
      [this](const Named& named) { show(named); });
}

void Screenshot::show(const Named& named) {
  if (named.selected) window_.selection().selectCheckpoint(named.selected->run, named.selected->id);
  if (!named.compared.empty()) {
    window_.selection().setCompared(named.compared);
    window_.compare().open();
    const auto& page = options_.comparePage;
    if (!page.isEmpty() && !window_.compare().view().showPage(page))
      return fail(tr("--compare-page: the comparison has no page \"%1\"").arg(page));
  }
  settle(kRounds);
}

// The panels ask the catalog thread, in order: when it answers us, it has answered them. An answer may lead to the
// next question, hence a few rounds.
void Screenshot::settle(int rounds) {
  const auto* page = window_.compare().view().currentPage();
  if (rounds == 0 && page && page->isBusy()) rounds = 1;
  if (rounds == 0) {
    openDialog();
    return;
  }
  QTimer::singleShot(kRoundLength, this, [this, rounds] { settle(rounds - 1); });
}

void Screenshot::openDialog() {
  if (options_.dialog == QLatin1String("new-run")) window_.commands().newRun();
  QTimer::singleShot(kRoundLength * 3, this, &Screenshot::draw);
}

void Screenshot::draw() {
  auto picture = window_.grab();
  for (auto* dialog : window_.findChildren<QDialog*>()) {
    if (!dialog->isVisible()) continue;
    QPainter painter(&picture);
    painter.fillRect(picture.rect(), QColor(0, 0, 0, kDimming));
    const auto front = dialog->grab();
    const QPoint at((window_.width() - dialog->width()) / 2, (window_.height() - dialog->height()) / 2);
    painter.drawPixmap(at, front);
    painter.setPen(Theme::instance().colors().border);
    painter.drawRect(QRect(at, dialog->size()).adjusted(0, 0, -1, -1));
  }
  if (!picture.save(options_.file)) return fail(tr("cannot write the picture %1").arg(options_.file));
  QCoreApplication::exit(0);
}

void Screenshot::fail(const QString& why) {
  std::fprintf(stderr, "cairn: %s\n", qUtf8Printable(why));
  QCoreApplication::exit(1);
}

}  // namespace cairn::ui
