#include "ui/run_colors.h"

#include "ui/theme.h"

namespace cairn::ui {

QColor colorOfRun(const HomeSnapshot& snapshot, const std::string& run) {
  for (std::size_t place = 0; place < snapshot.runs.size(); ++place) {
    if (snapshot.runs[place].id == run) return Theme::instance().runColor(static_cast<int>(place));
  }
  return Theme::instance().colors().neutral;
}

}  // namespace cairn::ui
