// The beginning of an IDX file of images, to show beside what a model says of them. Any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/face/engine.h"

namespace cairn::ui {

/// At most `most` images; .gz too. Throws Error naming the file. Blocks.
std::vector<engine::DataPreview::Image> readIdxImages(const std::string& path, std::size_t most);

}  // namespace cairn::ui
