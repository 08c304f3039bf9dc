// Makes a run of a PyTorch or safetensors file: its first checkpoint, durable, and the run paused at it.
// Free functions; any thread.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/progress.h"
#include "core/records.h"
#include "core/run_spec.h"
#include "core/state_tree.h"
#include "engine/face/import_plan.h"
#include "storage/home.h"

namespace cairn::training {

struct ImportOptions {
  core::RunSpec spec;        ///< what to go on training; the file's settings win over it
  std::string name;          ///< of the run; "": the spec's, else by its data
  bool weightsOnly = false;  ///< as for fine-tuning: step 0, a fresh optimizer
};

/// A file that was read once: what a preview showed is what is imported, whatever becomes of the file meanwhile.
struct ImportSource {
  std::filesystem::path path;
  std::shared_ptr<const core::StateTree> tree;
  bool inOrder = true;  ///< as storage::ForeignFile
};
/// Executes nothing. Throws Error naming the file. Blocks.
ImportSource readImport(const std::filesystem::path& file, const core::Progress& progress = {});
/// The spec that a checkpoint of Cairn's carries; nothing if the file is another's, or carries one that is not valid.
std::optional<core::RunSpec> ownSpec(const ImportSource& source);

/// Works out what the file would become, for a person to accept. Blocks.
engine::ImportPlan previewImport(const ImportSource& source, const ImportOptions& options,
                                 const core::Progress& progress = {});
/// Reads the file and works out what it would become, for a person to accept. Blocks.
engine::ImportPlan previewImport(const std::filesystem::path& file, const ImportOptions& options,
                                 const core::Progress& progress = {});

struct Imported {
  engine::ImportPlan plan;
  core::CheckpointRecord checkpoint;
};
/// Throws Error naming the file and all that does not fit; then nothing was made. Blocks.
Imported importFile(const storage::Home& home, const ImportSource& source, const ImportOptions& options,
                    const core::Progress& progress = {});
Imported importFile(const storage::Home& home, const std::filesystem::path& file, const ImportOptions& options,
                    const core::Progress& progress = {});

}  // namespace cairn::training
