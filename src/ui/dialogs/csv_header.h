// The column names of a CSV file, for offering them; the engine's reader stays the judge of the file.
#pragma once

#include <QString>
#include <QStringList>

namespace cairn::ui {

/// Reads the first line (quoted fields, .gz too). Empty if it cannot. Reads 64 kB at most.
QStringList readCsvHeader(const QString& path);

}  // namespace cairn::ui
