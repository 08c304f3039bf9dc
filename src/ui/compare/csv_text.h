// Lines of CSV as spreadsheets and Python read them (RFC 4180). Pure functions.
#pragma once

#include <QByteArray>
#include <QStringList>

#include "core/csv_field.h"

namespace cairn::ui {

/// One line with its end; cells are quoted where they must be.
inline QByteArray csvLine(const QStringList& cells) {
  QByteArray line;
  for (qsizetype i = 0; i < cells.size(); ++i)
    line += (i ? "," : "") + QByteArray::fromStdString(core::csvField(cells[i].toStdString()));
  return line + '\n';
}

}  // namespace cairn::ui
