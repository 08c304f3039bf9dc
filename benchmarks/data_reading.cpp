// Loads a run's data as a session does, and prints how long it took and how much memory there was at most.
// Usage: bench_data_reading SPEC.json [--make-csv FILE BYTES | --make-idx FOLDER IMAGES]
#include <fmt/format.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>

#include "core/run_spec.h"
#include "engine/data/dataset.h"
#include "support/measured.h"

using namespace cairn;

namespace {

/// Sixteen columns of six digits and a class, as measurements are.
void makeCsv(const std::filesystem::path& file, std::int64_t bytes) {
  std::ofstream out(file, std::ios::binary);
  std::mt19937 random(1);
  std::string text;
  for (int column = 0; column < 16; ++column) text += fmt::format("x{},", column);
  text += "kind\n";
  for (std::int64_t written = 0; written < bytes;) {
    while (text.size() < (1u << 20)) {
      for (int column = 0; column < 16; ++column) {
        const auto digits = random() % 2'000'000;
        text += fmt::format("{}{}.{:05},", digits & 1 ? "-" : "", digits / 200'000, digits / 2 % 100'000);
      }
      text += fmt::format("{}\n", random() % 10);
    }
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    written += static_cast<std::int64_t>(text.size());
    text.clear();
  }
}

void putBig(std::string& out, std::uint32_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(number >> shift));
}

/// Images of MNIST's size: a blurred stroke whose place tells the class, so that a model has something to learn.
void makeIdx(const std::filesystem::path& folder, const std::string& name, std::uint32_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::string images("\0\0\x08\x03", 4), labels("\0\0\x08\x01", 4);
  for (const auto extent : {count, 28u, 28u}) putBig(images, extent);
  putBig(labels, count);
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto label = random() % 10;
    labels.push_back(static_cast<char>(label));
    for (unsigned pixel = 0; pixel < 28 * 28; ++pixel) {
      const bool stroke = (pixel / 28 + pixel % 28) / 6 == label;
      images.push_back(static_cast<char>(stroke ? 128 + random() % 128 : random() % 8 == 0 ? random() % 64 : 0));
    }
  }
  std::ofstream(folder / (name + "-images-idx3-ubyte"), std::ios::binary) << images;
  std::ofstream(folder / (name + "-labels-idx1-ubyte"), std::ios::binary) << labels;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4 && std::strcmp(argv[1], "--make-csv") == 0) return makeCsv(argv[2], std::atoll(argv[3])), 0;
  if (argc == 4 && std::strcmp(argv[1], "--make-idx") == 0) {
    const auto count = static_cast<std::uint32_t>(std::atoll(argv[3]));
    makeIdx(argv[2], "train", count, 1);
    makeIdx(argv[2], "t10k", count / 6, 2);
    return 0;
  }
  if (argc != 2) return std::fprintf(stderr, "usage: bench_data_reading SPEC.json\n"), 2;
  const auto spec = core::readRunSpec(argv[1]);
  int reports = 0;
  const auto begin = bench::Clock::now();
  const auto data = engine::loadDataset(spec.data, spec.training.seed, [&](auto, auto, auto) { return ++reports > 0; });
  bench::print({{"seconds", bench::secondsSince(begin)},
                {"samples", data.training.size() + data.validation.size()},
                {"progress_reports", reports},
                {"most_memory", bench::memoryBytes("VmHWM")}});
  return 0;
}
