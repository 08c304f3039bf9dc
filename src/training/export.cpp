#include "training/export.h"

#include <algorithm>
#include <cctype>
#include <map>

#include "core/error.h"
#include "engine/face/engine.h"
#include "storage/export_file.h"

namespace cairn::training {

namespace {

using core::StateTree;
using Files = std::vector<std::filesystem::path>;

const StateTree& weightsOf(const StateTree& checkpoint) { return checkpoint.at("model_state_dict"); }

std::map<std::string, std::string> metadataOf(const StateTree& checkpoint) {
  std::map<std::string, std::string> metadata{{"format", "pt"}};
  for (const auto key : {"epoch", "step"})
    if (const auto* count = checkpoint.find(key); count && count->asInteger())
      metadata[key] = std::to_string(*count->asInteger());
  if (const auto* cairn = checkpoint.find("cairn"))
    for (const auto key : {"name", "checkpoint"})
      if (const auto* text = cairn->find(key); text && text->as<std::string>())
        metadata[std::string("cairn.") + key] = *text->as<std::string>();
  return metadata;
}

void writeTorch(storage::FileSystem& files, const std::filesystem::path& file, const StateTree& checkpoint,
                const ExportOptions& options, const core::Progress& progress) {
  const auto& what = options.weightsOnly ? weightsOf(checkpoint) : checkpoint;
  if (options.forTorch113)
    storage::exportTorchFile(files, file, storage::withTensorFloats(what), progress);
  else
    storage::exportTorchFile(files, file, what, progress);
}

}  // namespace

std::optional<ExportFormat> exportFormatOf(const std::filesystem::path& file) {
  auto ending = file.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return std::tolower(c); });
  if (ending == ".pt" || ending == ".pth") return ExportFormat::Torch;
  if (ending == ".safetensors") return ExportFormat::Safetensors;
  if (ending == ".py") return ExportFormat::Python;
  return {};
}

Files exportedFiles(const std::filesystem::path& file) {
  const auto format = exportFormatOf(file);
  if (!format)
    throw Error::invalid("FILE", "'" + file.filename().string() + "' has no ending that says what to write",
                         "end it in .pt, .pth, .safetensors or .py");
  if (*format != ExportFormat::Python) return {file};
  auto weights = file;
  weights.replace_extension(".pt");
  return {file, weights};
}

void requireOutside(const storage::Home& home, const std::filesystem::path& file) {
  std::error_code ignored;
  const auto canonical = [&](const std::filesystem::path& path) {
    return std::filesystem::weakly_canonical(std::filesystem::absolute(path), ignored);
  };
  const auto place = canonical(file);
  for (const auto& folder : {home.checkpoints(), home.trash(), home.quarantine()}) {
    const auto own = canonical(folder);
    if (std::mismatch(own.begin(), own.end(), place.begin(), place.end()).first == own.end())
      throw Error(file.string(), "lies among Cairn's own files, which nothing overwrites", "choose another folder");
  }
}

Files exportCheckpoint(const StateTree& checkpoint, const std::filesystem::path& file, const ExportOptions& options,
                       const core::Progress& progress, storage::FileSystem& files) {
  const auto written = exportedFiles(file);
  const auto format = *exportFormatOf(file);
  if (format == ExportFormat::Torch) {
    writeTorch(files, file, checkpoint, options, progress);
  } else if (format == ExportFormat::Safetensors) {
    storage::exportSafetensors(files, file, weightsOf(checkpoint), metadataOf(checkpoint), progress);
  } else {
    const auto& weights = written.back();
    const auto script = engine::engine().exportScript(checkpoint, weights.filename().string());
    writeTorch(files, weights, checkpoint, options, progress);  // first: a script without its weights is of no use
    storage::exportText(files, file, script);
  }
  return written;
}

}  // namespace cairn::training
