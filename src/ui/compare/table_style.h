// How tables of the comparison look and behave: no grid but lines between rows, whole rows selected. GUI thread.
#pragma once

class QTableView;

namespace cairn::ui {

void dressTable(QTableView& table);

}  // namespace cairn::ui
