// A picture of a widget, for a person to look at: into the folder that CAIRN_PICTURES names, if it does.
#pragma once

#include <QDir>
#include <QWidget>

namespace cairn::tests {

inline void picture(QWidget& widget, const QString& name) {
  const auto folder = qEnvironmentVariable("CAIRN_PICTURES");
  if (!folder.isEmpty()) widget.grab().save(QDir(folder).filePath(name + QStringLiteral(".png")));
}

}  // namespace cairn::tests
