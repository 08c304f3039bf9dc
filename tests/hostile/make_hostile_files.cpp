// make_hostile_files FOLDER: writes every hostile file, a folder a kind, for fuzzers and for trying other readers.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "hostile_files.h"

namespace fs = std::filesystem;
using cairn::tests::HostileFile;

namespace {

void write(const fs::path& folder, const std::vector<HostileFile>& files, const char* ending) {
  fs::create_directories(folder);
  for (const auto& file : files) std::ofstream(folder / (file.name + ending), std::ios::binary) << file.bytes;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: make_hostile_files FOLDER\n", stderr);
    return 2;
  }
  const fs::path folder = argv[1];
  write(folder / "pickles", cairn::tests::hostilePickles(), ".pt");
  write(folder / "zips", cairn::tests::hostileZips(), ".pt");
  write(folder / "attacks", cairn::tests::attackingPickles((folder / "executed").string()), ".pt");
  write(folder / "safetensors", cairn::tests::hostileSafetensors(), ".safetensors");
}
