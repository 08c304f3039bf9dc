// The specs that come with the program, to start a run from. GUI thread.
#pragma once

#include <QString>
#include <string>
#include <vector>

namespace cairn::ui {

struct Example {
  QString name;      ///< the file's, without its ending
  std::string path;  ///< of the spec
};

/// In the order of their names; empty if the examples are not installed.
std::vector<Example> installedExamples();

}  // namespace cairn::ui
