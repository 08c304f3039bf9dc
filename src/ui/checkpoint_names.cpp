#include "ui/checkpoint_names.h"

#include <QCoreApplication>
#include <QStringList>

#include "ui/text.h"

namespace cairn::ui {

namespace {
constexpr qsizetype kMostLetters = 40;  // of a run's name: the step is to be read too

QString tr(const char* source) { return QCoreApplication::translate("cairn::ui::checkpoint_names", source); }

QString shortened(const QString& name) {
  return name.size() > kMostLetters ? QString(name.left(kMostLetters - 1) + QChar(0x2026)) : name;
}
}  // namespace

QString checkpointName(const HomeSnapshot& home, const std::string& id) {
  const auto* checkpoint = home.checkpoint(id);
  const auto* run = checkpoint ? home.run(checkpoint->run) : nullptr;
  return run ? tr("%1 @ %2").arg(shortened(text(run->name)), count(checkpoint->step)) : tr("a checkpoint that is not on record");
}

QString namesOfParents(const HomeSnapshot& home, const core::CheckpointRecord& checkpoint) {
  QStringList names;
  for (const auto& parent : checkpoint.parents) names << checkpointName(home, parent);
  return names.join(QLatin1Char('\n'));
}

}  // namespace cairn::ui
