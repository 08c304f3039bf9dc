#include "ui/dialogs/csv_header.h"

#include <zlib.h>

#include <memory>
#include <string>

namespace cairn::ui {

namespace {
constexpr unsigned kMostBytes = 64 * 1024;

struct GzClose {
  void operator()(gzFile_s* file) const { gzclose(file); }
};
}  // namespace

QStringList readCsvHeader(const QString& path) {
  // gzread reads a plain file as it is.
  const std::unique_ptr<gzFile_s, GzClose> file(gzopen(path.toLocal8Bit().constData(), "rb"));
  if (!file) return {};
  std::string head(kMostBytes, '\0');
  const int got = gzread(file.get(), head.data(), kMostBytes);
  if (got <= 0) return {};
  head.resize(static_cast<std::size_t>(got));
  if (head.starts_with("\xEF\xBB\xBF")) head.erase(0, 3);

  QStringList names;
  std::string name;
  bool quoted = false;
  for (std::size_t i = 0; i < head.size(); ++i) {
    const char c = head[i];
    if (c == '\0') return {};
    if (c == '"') {
      if (quoted && i + 1 < head.size() && head[i + 1] == '"') name += head[++i];
      else quoted = !quoted;
    } else if (!quoted && (c == ',' || c == '\n' || c == '\r')) {
      names << QString::fromStdString(name);
      name.clear();
      if (c != ',') return names;
    } else {
      name += c;
    }
  }
  return names;
}

}  // namespace cairn::ui
