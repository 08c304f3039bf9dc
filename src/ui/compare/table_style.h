// How tables of the comparison look and behave: no grid but lines between rows, whole rows selected. GUI thread.
#pragma once

class QPainter;
class QRect;
class QTableView;

namespace cairn::ui {

void dressTable(QTableView& table);
/// The line under a row, for delegates that paint cells themselves.
void paintRowLine(QPainter& painter, const QRect& cell);

}  // namespace cairn::ui
