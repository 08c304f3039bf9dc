#include "ui/compare/compare_commands.h"

#include <QApplication>
#include <QFileInfo>
#include <QMenu>
#include <QStackedWidget>
#include <QToolButton>

#include "ui/app/actions.h"
#include "ui/app/run_commands.h"
#include "ui/app/verb_menu.h"
#include "ui/catalog_client.h"
#include "ui/compare/compare_offers.h"
#include "ui/compare/compare_view.h"
#include "ui/panels/banner.h"
#include "ui/panels/tool_strip.h"
#include "ui/selection.h"
#include "ui/text.h"

namespace cairn::ui {

CompareCommands::CompareCommands(QStackedWidget& pages, ToolStrip& tools, Actions& actions, CatalogClient& client,
                                 Selection& selection, RunCommands& runs, Banner& banner, QObject* parent)
    : QObject(parent),
      pages_(pages),
      actions_(actions),
      client_(client),
      selection_(selection),
      runs_(runs),
      banner_(banner),
      button_(tools.addVerb(actions.compare)) {
  button_->setObjectName(QStringLiteral("openCompare"));
  connect(actions.compare, &QAction::triggered, this, &CompareCommands::open);
  connect(&selection, &Selection::comparedChanged, this, &CompareCommands::update);
  connect(&pages, &QStackedWidget::currentChanged, this, &CompareCommands::update);
  update();
}

CompareView& CompareCommands::view() {
  if (view_) return *view_;
  view_ = new CompareView(client_, selection_);
  pages_.addWidget(view_);
  connect(view_, &CompareView::closeRequested, this, &CompareCommands::close);
  connect(view_, &CompareView::branchRequested, &runs_, &RunCommands::branch);
  connect(view_, &CompareView::showRequested, this, [this](const std::string& run, const std::string& checkpoint) {
    close();
    selection_.selectCheckpoint(run, checkpoint);
  });
  connect(view_, &CompareView::exported, &banner_, [&banner = banner_](const QString& path) {
    banner.post({.key = QStringLiteral("exported"),
                 .tone = Notice::Tone::Done,
                 .title = {},
                 .text = tr("%1 is written.").arg(QFileInfo(path).fileName()),
                 .actions = {},
                 .dismissed = {}});
  });
  connect(view_, &CompareView::exportFailed, &banner_, [&banner = banner_](const Error& error) {
    banner.post({.key = QStringLiteral("exported"),
                 .tone = Notice::Tone::Failure,
                 .title = {},
                 .text = text(error.what()),
                 .actions = {},
                 .dismissed = {}});
  });
  return *view_;
}

void CompareCommands::open() {
  if (selection_.compared().size() >= 2) pages_.setCurrentWidget(&view());
}

void CompareCommands::compare(const std::vector<std::string>& checkpoints) {
  selection_.setCompared(checkpoints);
  open();
}

void CompareCommands::close() {
  pages_.setCurrentIndex(0);
  if (pages_.currentWidget()) pages_.currentWidget()->setFocus();
}

std::vector<Verb> CompareCommands::verbs(const VerbTarget& target) {
  if (!target.checkpoint) return {};
  const auto icon = QStringLiteral("compare");
  const auto offers = compareOffers(*target.home, selection_.compared(), *target.checkpoint);
  if (offers.empty()) {
    return {{Verb::Group::Use,
             icon,
             tr("Compare"),
             tr("Ctrl-click another checkpoint on the timeline to compare it with this one."),
             {}}};
  }
  const auto& first = offers.front();
  return {{Verb::Group::Use, icon, tr("Compare %1").arg(first.words), {}, [this, ids = first.checkpoints] { compare(ids); }}};
}

void CompareCommands::showMenu(const HomeSnapshot& home, const core::CheckpointRecord& checkpoint, const QPoint& at) {
  auto* menu = new QMenu(pages_.window());
  menu->setObjectName(QStringLiteral("compareMenu"));
  menu->setAttribute(Qt::WA_DeleteOnClose);
  for (const auto& offer : compareOffers(home, selection_.compared(), checkpoint)) {
    auto* action = menu->addAction(withoutMnemonic(tr("Compare %1").arg(offer.words)));
    connect(action, &QAction::triggered, this, [this, ids = offer.checkpoints] { compare(ids); });
  }
  if (!menu->isEmpty()) menu->addSeparator();
  const bool ticked = selection_.isCompared(checkpoint.id);
  auto* tick = menu->addAction(ticked ? tr("Take the tick away") : tr("Tick it, and Ctrl-click others on the timeline"));
  connect(tick, &QAction::triggered, this, [this, id = checkpoint.id] { selection_.toggleCompared(id); });
  menu->popup(at);
}

void CompareCommands::update() {
  const auto ticked = selection_.compared().size();
  actions_.compare->setEnabled(ticked >= 2);
  actions_.compare->setIconText(ticked == 0 ? tr("Compare") : tr("Compare %1").arg(ticked));
  actions_.compare->setToolTip(ticked >= 2
                                   ? tr("Compare the %1 ticked checkpoints (Ctrl+M)").arg(ticked)
                                   : tr("Ctrl-click two to four checkpoints on the timeline to compare them"));
  if (ticked == 0 && view_ && pages_.currentWidget() == view_) close();
  const bool atWork = !view_ || pages_.currentWidget() != view_;
  button_->setVisible(atWork);
  actions_.setSelectionInSight(atWork);
}

}  // namespace cairn::ui
