#include "ui/dialogs/idx_companions.h"

#include <QDir>
#include <QFileInfo>

namespace cairn::ui {

namespace {

/// The file of that name in `folder`, packed or not; "" if there is none.
QString existing(const QDir& folder, QString name) {
  if (folder.exists(name)) return folder.filePath(name);
  const QString gz = QStringLiteral(".gz");
  if (name.endsWith(gz))
    name.chop(gz.size());
  else
    name += gz;
  return folder.exists(name) ? folder.filePath(name) : QString();
}

QString labelsName(QString images) {
  return images.replace(QStringLiteral("images"), QStringLiteral("labels"))
      .replace(QStringLiteral("idx3"), QStringLiteral("idx1"));
}

}  // namespace

IdxCompanions idxCompanions(const QString& images) {
  const QFileInfo chosen(images);
  const auto folder = chosen.dir();
  const auto name = chosen.fileName();
  if (!chosen.isFile() || !name.contains(QStringLiteral("images"))) return {};
  IdxCompanions found{.labels = existing(folder, labelsName(name)), .validationImages = {}, .validationLabels = {}};
  if (!name.contains(QStringLiteral("train"))) return found;
  for (const auto* part : {"t10k", "test", "val"}) {
    auto validation = name;
    validation.replace(QStringLiteral("train"), QString::fromLatin1(part));
    found.validationImages = existing(folder, validation);
    found.validationLabels = existing(folder, labelsName(validation));
    if (!found.validationImages.isEmpty() && !found.validationLabels.isEmpty()) return found;
  }
  found.validationImages.clear();
  found.validationLabels.clear();
  return found;
}

}  // namespace cairn::ui
