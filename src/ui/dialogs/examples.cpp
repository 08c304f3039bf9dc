#include "ui/dialogs/examples.h"

#include <QCoreApplication>
#include <QDir>

namespace cairn::ui {

namespace {
// Beside the program as it is installed, and as it is built (build/PRESET/).
constexpr const char* kPlaces[] = {"/../share/cairn/examples", "/../../resources/examples", "/../../../resources/examples"};
}  // namespace

std::vector<Example> installedExamples() {
  for (const char* place : kPlaces) {
    const QDir folder(QCoreApplication::applicationDirPath() + QLatin1String(place));
    std::vector<Example> examples;
    for (const auto& file : folder.entryInfoList({"*.json"}, QDir::Files, QDir::Name)) {
      examples.push_back({file.completeBaseName(), file.canonicalFilePath().toStdString()});
    }
    if (!examples.empty()) return examples;
  }
  return {};
}

}  // namespace cairn::ui
