#include "training/run_data.h"

#include <fmt/format.h>

#include <filesystem>
#include <variant>

#include "core/error_codes.h"
#include "engine/face/engine.h"

namespace cairn::training {

namespace fs = std::filesystem;

namespace {

/// All of a data spec's paths, to be read or changed; empty ones are files that it does not have.
std::vector<std::string*> pathsOf(core::DataSpec& spec) {
  if (auto* csv = std::get_if<core::CsvData>(&spec.source)) return {&csv->path, &spec.validationPath};
  if (auto* text = std::get_if<core::TextData>(&spec.source)) return {&text->path, &spec.validationPath};
  auto& idx = std::get<core::IdxData>(spec.source);
  return {&idx.images, &idx.labels, &idx.validationImages, &idx.validationLabels};
}

bool isAbsent(const std::string& path) {
  std::error_code ignored;
  return !fs::exists(path, ignored);
}

}  // namespace

std::string dataFingerprintOf(const core::StateTree& checkpoint) {
  const auto* cairn = checkpoint.find("cairn");
  const auto* known = cairn ? cairn->find("data_fingerprint") : nullptr;
  const auto* text = known ? known->as<std::string>() : nullptr;
  return text ? *text : std::string();
}

std::vector<std::string> dataFiles(const core::DataSpec& spec) {
  auto copy = spec;
  std::vector<std::string> files;
  for (const auto* path : pathsOf(copy))
    if (!path->empty()) files.push_back(*path);
  return files;
}

core::DataSpec movedTo(const core::DataSpec& spec, const std::string& path) {
  auto moved = spec;
  const auto place = fs::absolute(path).lexically_normal();
  std::error_code ignored;
  const bool folder = fs::is_directory(place, ignored);
  if (!folder && std::holds_alternative<core::IdxData>(spec.source))
    throw Error::invalid("data", fmt::format("'{}' is no folder, and the data is several files", path),
                         "name the folder that they lie in");
  bool first = true;
  for (auto* file : pathsOf(moved)) {
    if (file->empty()) continue;
    const auto name = fs::path(*file).filename();
    *file = (folder ? place / name : std::exchange(first, false) ? place : place.parent_path() / name).string();
  }
  return moved;
}

DataFound lookAtData(const core::DataSpec& spec, const core::StateTree* checkpoint, const core::Progress& progress) {
  for (const auto& file : dataFiles(spec))
    if (isAbsent(file))
      throw Error(file, "the data is not there any more",
                  "put it back, or say where it lies now (cairnctl: --data PATH)", ErrorKind::Failed, kDataMissing);
  const auto before = checkpoint ? dataFingerprintOf(*checkpoint) : std::string();
  if (before.empty()) return {};
  const auto now = engine::engine().dataFingerprint(spec, progress);
  return {now != before, now};
}

Error changedDataError(const core::DataSpec& spec) {
  return {dataFiles(spec).front(), "is not the data that the checkpoint was trained on: its contents have changed",
          "put the old data back or say where it lies (cairnctl: --data PATH), go on with the new "
          "(cairnctl: --changed-data), or branch from the checkpoint",
          ErrorKind::Failed, kDataChanged};
}

}  // namespace cairn::training
