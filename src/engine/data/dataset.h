// Training data in memory, ready to be gathered into batches. Torch-free: a tensor here is a plain buffer.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/progress.h"
#include "core/run_spec.h"

namespace cairn::engine {

/// What the model must know of the data: the sizes of its two ends.
struct DataShape {
  std::int64_t inputs = 0;                           ///< csv: features; text: 256 byte values
  std::int64_t channels = 0, height = 0, width = 0;  ///< idx
  std::int64_t outputs = 0;                          ///< classes, or targets for regression
  std::int64_t blockSize = 0;                        ///< text
};

/// Mean and standard deviation (over n, not n - 1) of the training part: a column (csv) or an image channel (idx, of
/// pixels scaled to 0 to 1) each; text: empty. batch.h applies them.
struct Normalization {
  std::vector<double> mean, std;  ///< a deviation of 0 counts as 1
};

/// All samples of one data set, with the split into a training and a validation part. Immutable once loaded.
struct Dataset {
  core::DataSpec spec;
  DataShape shape;
  core::Task task = core::Task::Classification;

  std::vector<float> values;         ///< csv: samples x inputs, raw (not normalized), row-major
  std::vector<std::uint8_t> pixels;  ///< idx: samples x channels x height x width, 0 to 255
  std::vector<std::uint8_t>
      bytes;  ///< text: the whole text; with validation_path its bytes follow at validationBytesAt
  std::int64_t validationBytesAt = 0;  ///< text: where the validation file's bytes begin; 0 without one

  std::vector<std::int64_t> labels;  ///< classification by csv or idx: a class index a sample
  std::vector<float> targets;        ///< regression: samples x outputs, raw

  /// Sample numbers of each part. csv, idx: row or image numbers. text: a block's start offset in `bytes`
  /// (inputs are bytes[s, s + blockSize), targets bytes[s + 1, s + blockSize + 1)).
  std::vector<std::int64_t> training, validation;

  Normalization normalization;                      ///< empty if !spec.normalize; of inputs alone
  std::vector<std::string> features;                ///< csv: input columns
  std::vector<std::string> targetNames;             ///< csv
  std::vector<std::vector<std::string>> firstRows;  ///< csv: some rows' cells as written, features then targets
  std::vector<std::string> classes;  ///< sorted texts, or "0".."9" for idx; empty for regression and text
  std::string fingerprint;           ///< XXH3-128 (hex) of the files' contents and how they are read
};

/// Reads, checks and splits the data. A fraction of csv and idx is drawn at random by `seed`; of text it is the last
/// blocks, since neighbouring blocks tell of each other. Throws Error naming file, line and column, or the spec's key.
/// Blocks.
Dataset loadDataset(const core::DataSpec& spec, std::int64_t seed, const core::Progress& progress);

/// The fingerprint that loadDataset would give, without reading more into the files than their bytes. Blocks.
std::string fingerprintFiles(const core::DataSpec& spec, const core::Progress& progress);

}  // namespace cairn::engine
