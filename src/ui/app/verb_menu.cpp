#include "ui/app/verb_menu.h"

#include <QMenu>
#include <QPainter>
#include <algorithm>

#include "ui/catalog_client.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr int kSwatch = 12;

QIcon swatchIcon(const QColor& color) {
  QPixmap picture(kSwatch * 2, kSwatch * 2);
  picture.setDevicePixelRatio(2);
  picture.fill(Qt::transparent);
  QPainter painter(&picture);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(color);
  painter.drawEllipse(1, 1, kSwatch - 2, kSwatch - 2);
  return QIcon(picture);
}

QIcon iconOf(const Verb& verb) {
  if (verb.swatch.isValid()) return swatchIcon(verb.swatch);
  return verb.icon.isEmpty() ? QIcon() : Theme::instance().icon(verb.icon);
}

}  // namespace

VerbMenu::VerbMenu(QWidget* window, CatalogClient& client) : QObject(window), window_(window), client_(client) {}

void VerbMenu::offer(Source source) { sources_.push_back(std::move(source)); }

std::vector<Verb> VerbMenu::verbsOf(const VerbTarget& target) const {
  std::vector<Verb> all;
  for (const auto& source : sources_) {
    for (auto& verb : source(target)) all.push_back(std::move(verb));
  }
  std::stable_sort(all.begin(), all.end(), [](const Verb& a, const Verb& b) { return a.group < b.group; });
  return all;
}

void VerbMenu::open(const std::string& run, const std::string& checkpoint, const QPoint& global) {
  VerbTarget target{client_.snapshot(), nullptr, nullptr};
  target.checkpoint = checkpoint.empty() ? nullptr : target.home->checkpoint(checkpoint);
  target.run = target.home->run(target.checkpoint ? target.checkpoint->run : run);
  if (!target.run || (!checkpoint.empty() && !target.checkpoint)) return;
  auto* menu = new QMenu(window_);
  menu->setObjectName(QStringLiteral("verbs"));
  menu->setAttribute(Qt::WA_DeleteOnClose);
  fill(*menu, verbsOf(target));
  menu->popup(global);
}

void VerbMenu::fill(QMenu& menu, const std::vector<Verb>& verbs) {
  menu.setToolTipsVisible(true);
  for (std::size_t i = 0; i < verbs.size(); ++i) {
    const auto& verb = verbs[i];
    if (i > 0 && verb.group != verbs[i - 1].group) menu.addSeparator();
    QAction* action = nullptr;
    if (verb.inside.empty()) {
      action = menu.addAction(iconOf(verb), inMenu(verb.words));
      if (verb.act) connect(action, &QAction::triggered, this, [act = verb.act] { act(); });
    } else {
      auto* within = menu.addMenu(iconOf(verb), inMenu(verb.words));
      fill(*within, verb.inside);
      action = within->menuAction();
    }
    action->setEnabled(verb.why.isEmpty());
    action->setToolTip(verb.why);
  }
}

QString whyNoFile(const core::CheckpointRecord& checkpoint) {
  switch (checkpoint.state) {
    case core::CheckpointState::Ready: return {};
    case core::CheckpointState::Pruned: return VerbMenu::tr("Its file was pruned to save space: recreate it first.");
    case core::CheckpointState::Deleted: return VerbMenu::tr("It is in the trash: restore it first.");
    case core::CheckpointState::Missing: return VerbMenu::tr("Its file is missing: put it back, or recreate it.");
    case core::CheckpointState::Damaged: return VerbMenu::tr("Its file is damaged: recreate it, or choose another.");
  }
  return {};
}

QString whyReadOnly(const CatalogClient& client) {
  return client.readOnly() ? VerbMenu::tr("This home can only be read.") : QString();
}

}  // namespace cairn::ui
