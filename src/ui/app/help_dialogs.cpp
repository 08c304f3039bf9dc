#include "ui/app/help_dialogs.h"

#include <QAction>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include "engine/face/engine.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr int kIconSize = 64;

QString tr(const char* words) { return QObject::tr(words); }

QDialog* dialogOf(QWidget* window, const QString& title, QWidget* content) {
  auto* dialog = new QDialog(window);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(title);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
  QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
  auto* layout = new QVBoxLayout(dialog);
  layout->setContentsMargins(20, 20, 20, 16);
  layout->setSpacing(16);
  layout->addWidget(content);
  layout->addWidget(buttons);
  return dialog;
}

// The engine is not loaded for this: what it is built on is told once it is.
QString versionsText() {
  auto words = tr("Qt %1 · QCustomPlot · SQLite").arg(QString::fromLatin1(qVersion()));
  if (!engine::engineLoaded()) return words;
  const auto versions = engine::engine().versions();
  words += tr(" · LibTorch %1 · %2 · %3").arg(text(versions.libtorch), text(versions.blas), text(versions.cpuCapability));
  if (!versions.warning.empty()) words += QStringLiteral("\n") + text(versions.warning);
  return words;
}

}  // namespace

void openAbout(QWidget* window) {
  auto* content = new QWidget;
  auto* layout = new QHBoxLayout(content);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(20);
  auto* mark = new QLabel;
  mark->setPixmap(Theme::instance().icon(QStringLiteral("cairn")).pixmap(kIconSize, kIconSize));
  layout->addWidget(mark, 0, Qt::AlignTop);
  auto* words = new QVBoxLayout;
  auto* title = new QLabel(tr("Cairn %1").arg(QStringLiteral(CAIRN_VERSION)));
  title->setProperty("role", QStringLiteral("title"));
  words->addWidget(title);
  for (const auto& line :
       {tr("A desktop training workbench. A cairn is a stack of stones that marks the way back on a trail."), versionsText(),
        tr("Free software under the GNU General Public License, version 3 or later. It comes without any warranty."),
        tr("QCustomPlot by Emanuel Eichhammer (GPL-3). Digits: UCI Machine Learning Repository, E. Alpaydin and "
           "C. Kaynak (CC BY 4.0). Sonnets: William Shakespeare, public domain.")}) {
    auto* label = new QLabel(line);
    label->setWordWrap(true);
    label->setMinimumWidth(400);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    words->addWidget(label);
  }
  layout->addLayout(words, 1);
  dialogOf(window, tr("About Cairn"), content)->open();
}

void openShortcuts(QWidget* window, const std::vector<QAction*>& actions) {
  auto* content = new QWidget;
  auto* layout = new QFormLayout(content);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setHorizontalSpacing(32);
  layout->setVerticalSpacing(Theme::kSpacing);
  const auto add = [layout](QString words, const QString& keys) {
    auto* name = new QLabel(words.remove(QLatin1Char('&')).remove(QStringLiteral("…")));
    auto* shortcut = new QLabel(keys);
    shortcut->setProperty("role", QStringLiteral("strong"));
    layout->addRow(name, shortcut);
  };
  for (const auto* action : actions) {
    if (!action->shortcut().isEmpty()) add(action->text(), action->shortcut().toString(QKeySequence::NativeText));
  }
  add(tr("Tick a checkpoint on the timeline for comparison"), tr("Ctrl+click, or Space"));
  dialogOf(window, tr("Keyboard shortcuts"), content)->open();
}

}  // namespace cairn::ui
