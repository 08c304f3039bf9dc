#include "ui/dialogs/idx_images.h"

#include <zlib.h>

#include <array>
#include <memory>

#include "core/error.h"

namespace cairn::ui {

namespace {

constexpr std::uint32_t kImagesMagic = 0x803;
constexpr std::uint32_t kMostSide = 4096;

struct GzClose {
  void operator()(gzFile_s* file) const { gzclose(file); }
};

/// Big-endian.
std::uint32_t readNumber(gzFile_s* file, const std::string& path) {
  std::array<std::uint8_t, 4> bytes{};
  if (gzread(file, bytes.data(), bytes.size()) != static_cast<int>(bytes.size()))
    throw Error(path, "it ends within its header", "choose an IDX file of images");
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 | bytes[3];
}

}  // namespace

std::vector<engine::DataPreview::Image> readIdxImages(const std::string& path, std::size_t most) {
  const std::unique_ptr<gzFile_s, GzClose> file(gzopen(path.c_str(), "rb"));
  if (!file) throw Error(path, "it cannot be opened", "check the path");
  if (readNumber(file.get(), path) != kImagesMagic)
    throw Error(path, "it is not an IDX file of images", "choose one such as t10k-images-idx3-ubyte");
  const auto count = readNumber(file.get(), path);
  const auto height = readNumber(file.get(), path);
  const auto width = readNumber(file.get(), path);
  if (width == 0 || height == 0 || width > kMostSide || height > kMostSide)
    throw Error(path, "its images' size makes no sense", "the file may be damaged");
  std::vector<engine::DataPreview::Image> images;
  for (std::size_t i = 0; i < std::min<std::size_t>(count, most); ++i) {
    engine::DataPreview::Image image{static_cast<int>(width), static_cast<int>(height), {}, {}};
    image.pixels.resize(std::size_t{width} * height);
    if (gzread(file.get(), image.pixels.data(), static_cast<unsigned>(image.pixels.size())) != static_cast<int>(image.pixels.size()))
      throw Error(path, "it ends within image " + std::to_string(i + 1), "the file may be damaged");
    images.push_back(std::move(image));
  }
  return images;
}

}  // namespace cairn::ui
