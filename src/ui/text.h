// Values as the window writes them. Pure functions.
#pragma once

#include <QString>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/records.h"

namespace cairn::ui {

QString text(std::string_view utf8);
/// For a menu: an & in a name is an &, not the mark of a shortcut.
QString withoutMnemonic(QString words);
QString number(double value);         ///< four significant digits, no needless zeros: "0.0412", "2.3e-05"
QString count(std::int64_t value);    ///< "5,420"
QString epochs(std::int64_t number);  ///< "1 epoch", "18 epochs"
QString steps(std::int64_t number);   ///< "1 step", "5,420 steps"
QString duration(double seconds);     ///< "00:41", "1:02:03"
QString milliseconds(double seconds);  ///< "12 ms", "under 1 ms"
QString bytes(std::int64_t value);    ///< "1.3 MB"
QString percent(double part);         ///< 0.987 -> "98.7 %"
QString stateName(core::RunStatus status);    ///< as a pill says it: "done" for completed
QString localTime(const std::string& iso);    ///< "17:31:04" today, else "2026-11-23 17:31"
QString ago(const std::string& iso);          ///< "3 min ago"
/// A series' value in its natural form: accuracies as percent.
QString metricValue(std::string_view series, double value);
QString shortMetricValue(std::string_view series, double value);  ///< where there is little room: "0.041"
QString metricTitle(std::string_view series);  ///< "Validation loss"
/// The model in a line: "MLP 64 · 64", "CNN 16 · 32", "Transformer 2 × 64".
QString modelTitle(const core::ModelSpec& model);

}  // namespace cairn::ui
