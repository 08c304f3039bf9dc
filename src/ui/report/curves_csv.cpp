#include "ui/report/curves_csv.h"

#include <fmt/format.h>

#include <QSaveFile>

#include "core/csv_field.h"
#include "core/error.h"
#include "core/text.h"
#include "storage/catalog.h"

namespace cairn::ui {

namespace {

class Writer {
 public:
  explicit Writer(const std::filesystem::path& path) : path_(path), file_(QString::fromStdString(path.string())) {
    if (!file_.open(QIODevice::WriteOnly)) fail();
  }
  void add(std::string_view text) {
    buffer_ += text;
    if (buffer_.size() > kBuffer) flush();
  }
  void commit() {
    flush();
    if (!file_.commit()) fail();
  }

 private:
  static constexpr std::size_t kBuffer = 1u << 20;
  void flush() {
    if (file_.write(buffer_.data(), static_cast<qint64>(buffer_.size())) != static_cast<qint64>(buffer_.size())) fail();
    buffer_.clear();
  }
  [[noreturn]] void fail() const {
    throw Error(path_.string(), "cannot be written: " + file_.errorString().toStdString(),
                "choose another place, or make room");
  }

  std::filesystem::path path_;
  QSaveFile file_;
  std::string buffer_;
};

}  // namespace

void writeCurvesCsv(const storage::Home& home, const std::vector<std::string>& runs,
                    const std::vector<core::Series>& series, const std::filesystem::path& file,
                    const core::Progress& progress) {
  storage::Catalog catalog(home, storage::Catalog::Access::Read);
  Writer writer(file);
  writer.add("id,run,series,step,epoch,seconds,value\n");
  std::int64_t done = 0;
  const auto total = static_cast<std::int64_t>(runs.size() * series.size());
  for (const auto& id : runs) {
    const auto name = core::csvField(catalog.run(id).name);
    for (const auto one : series) {
      if (progress && !progress("Writing", done++, total)) throw Error::cancelled(file.string());
      const auto data = catalog.metrics(id, one, /*own=*/false);
      for (std::size_t i = 0; i < data.step.size(); ++i)
        writer.add(fmt::format("{},{},{},{},{},{},{}\n", id, name, core::seriesName(one), data.step[i], data.epoch[i],
                               core::roundTrip(data.seconds[i]), core::roundTrip(data.value[i])));
    }
  }
  writer.commit();
}

}  // namespace cairn::ui
