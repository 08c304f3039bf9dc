// Lines of CSV as spreadsheets and Python read them (RFC 4180). Pure functions.
#pragma once

#include <QByteArray>
#include <QStringList>

namespace cairn::ui {

/// One line with its end; a cell with a comma, a quote or a line break is quoted.
inline QByteArray csvLine(const QStringList& cells) {
  QString line;
  for (qsizetype i = 0; i < cells.size(); ++i) {
    auto cell = cells[i];
    if (cell.contains(QLatin1Char(',')) || cell.contains(QLatin1Char('"')) || cell.contains(QLatin1Char('\n'))) {
      cell = QString(QLatin1Char('"') + cell.replace(QLatin1Char('"'), QLatin1String("\"\"")) + QLatin1Char('"'));
    }
    line += (i ? QStringLiteral(",") : QString()) + cell;
  }
  return (line + QLatin1Char('\n')).toUtf8();
}

}  // namespace cairn::ui
