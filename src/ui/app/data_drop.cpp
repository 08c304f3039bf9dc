#include "ui/app/data_drop.h"

#include <QDir>
#include <QFileInfo>
#include <algorithm>

namespace cairn::ui {

namespace {

enum class Kind { None, Table, Text, Images };

Kind kindOf(const QString& path) {
  auto name = QFileInfo(path).fileName().toLower();
  if (name.endsWith(QLatin1String(".gz"))) name.chop(3);
  if (name.endsWith(QLatin1String(".csv"))) return Kind::Table;
  if (name.endsWith(QLatin1String(".txt")) || name.endsWith(QLatin1String(".md"))) return Kind::Text;
  return name.endsWith(QLatin1String(".idx")) || name.endsWith(QLatin1String("ubyte")) ? Kind::Images : Kind::None;
}

QString imagesOf(const QString& path) {
  const QFileInfo info(path);
  auto name = info.fileName();
  if (!name.contains(QLatin1String("labels"))) return path;
  name.replace(QLatin1String("labels"), QLatin1String("images")).replace(QLatin1String("idx1"), QLatin1String("idx3"));
  const QFileInfo images(info.dir(), name);
  return images.isFile() ? images.filePath() : path;
}

}  // namespace

bool isDataFile(const QString& path) { return kindOf(path) != Kind::None; }

std::optional<core::DataSpec> dataOf(const QStringList& paths) {
  const auto training = std::find_if(paths.begin(), paths.end(), [](const QString& path) {
    return kindOf(path) == Kind::Images && path.contains(QLatin1String("train"));
  });
  const auto first = training != paths.end() ? training : std::find_if(paths.begin(), paths.end(), isDataFile);
  if (first == paths.end()) return {};
  core::DataSpec data;
  switch (kindOf(*first)) {
    case Kind::Table: data.source = core::CsvData{.path = first->toStdString(), .target = {}}; break;
    case Kind::Text: data.source = core::TextData{.path = first->toStdString()}; break;
    default:
      data.source = core::IdxData{
          .images = imagesOf(*first).toStdString(), .labels = {}, .validationImages = {}, .validationLabels = {}};
  }
  return data;
}

}  // namespace cairn::ui
