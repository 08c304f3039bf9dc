#include "ui/run_colors.h"

#include "ui/theme.h"

namespace cairn::ui {

QColor colorOfRun(const HomeSnapshot& snapshot, const std::string& run) {
  for (std::size_t place = 0; place < snapshot.runs.size(); ++place) {
    if (snapshot.runs[place].id == run) return colorOfRun(snapshot.runs[place], place);
  }
  return Theme::instance().colors().neutral;
}

QColor colorOfRun(const core::RunRecord& run, std::size_t place) {
  return Theme::instance().runColor(run.color.value_or(static_cast<int>(place)));
}

}  // namespace cairn::ui
