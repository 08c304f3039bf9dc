// How tables of the comparison look and behave: no grid but lines between rows, whole rows selected. GUI thread.
#pragma once

#include <functional>

class QPainter;
class QRect;
class QTableView;

namespace cairn::ui {

void dressTable(QTableView& table);
/// Calls `fit` whenever the columns have another room: also when a scroll bar came or went.
void fitColumnsWith(QTableView& table, std::function<void()> fit);
/// The line under a row, for delegates that paint cells themselves.
void paintRowLine(QPainter& painter, const QRect& cell);

}  // namespace cairn::ui
