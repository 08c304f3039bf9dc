// What the summary's rows say. Pure functions.
#pragma once

#include <vector>

#include "ui/compare/summary_model.h"

namespace cairn::ui {

/// Every series that a checkpoint has a value of, the best marked where they were measured on the same samples, then
/// where it stands and when it was saved.
std::vector<SummaryModel::Row> metricRows(const ComparedItems& items);
/// Every key of the runs' specs, the name apart, in the order of docs/spec.md.
std::vector<SummaryModel::Row> settingRows(const ComparedItems& items);

}  // namespace cairn::ui
