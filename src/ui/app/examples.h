// The examples that come with the program: specs and their data, kept inside it and copied out when first used, since
// a run's data must be a real file that is still there when it is resumed. GUI thread.
#pragma once

#include <QString>
#include <vector>

#include "core/run_spec.h"
#include "storage/home.h"

namespace cairn::ui {

struct BuiltInExample {
  QString name;         ///< of its spec file, without ".json"
  QString title;
  QString description;  ///< a line or two
  QString icon;
  bool needsData = false;  ///< a person puts the files in place first
};

std::vector<BuiltInExample> builtInExamples();
/// Copies the examples' files into the home's folder "examples" (those that are not there yet) and reads the spec of
/// `name` from it. Throws Error.
core::RunSpec readExample(const QString& name, const storage::Home& home);

}  // namespace cairn::ui
