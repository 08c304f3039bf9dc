// Reads IDX files, the format of MNIST's images and labels (yann.lecun.com/exdb/mnist), plain or gzip. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/progress.h"

namespace cairn::engine {

struct IdxContents {
  std::vector<std::int64_t> shape;
  std::vector<std::uint8_t> bytes;  ///< row-major
  std::string digest;               ///< of the file's contents
};

/// A file of unsigned bytes with `dimensions` dimensions, none of them 0: 3 for images (count, height, width), 1 for
/// labels. Throws Error naming the file if it is another format, cut short or too long. Blocks.
IdxContents readIdx(const std::string& path, int dimensions, const core::Progress& progress);

}  // namespace cairn::engine
