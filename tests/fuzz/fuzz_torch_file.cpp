// Reading and inspecting a PyTorch file. An input that does not begin as a zip is taken as a pickle and put into one,
// so that the fuzzer need not find its way through the zip first.
#include <memory>

#include "core/error.h"
#include "fuzz_input.h"
#include "hostile/hostile_files.h"
#include "storage/inspection.h"
#include "storage/torch_file.h"
#include "storage/torch_file_reader.h"

using namespace cairn;

namespace {

/// What was read and holds nothing of an unknown class is written and read again: it must be the same.
void requireRoundTrip(const core::StateTree& tree) {
  std::string bytes;
  try {
    const storage::TorchFileWriter writer(tree, "again");
    writer.writeTo([&](std::span<const std::byte> piece) {
      bytes.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    });
  } catch (const Error&) {
    return;  // it holds an inert node
  }
  const auto kept = std::make_shared<const std::string>(std::move(bytes));
  const storage::MemorySource source("again", {std::as_bytes(std::span(*kept)), kept});
  tests::require(core::sameState(tree, *storage::readTorchSource(source, {}, {})),
                 "what is written reads back the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  if (!bytes.starts_with("PK"))
    bytes = tests::zipOf({{"a/data.pkl", bytes}, {"a/data/0", std::string(64, '\1')}, {"a/version", "3\n"}});
  const auto kept = std::make_shared<const std::string>(std::move(bytes));
  const storage::MemorySource source("input", {std::as_bytes(std::span(*kept)), kept});
  try {
    storage::inspectSource(source);
  } catch (const Error&) {
  }
  try {
    // Small enough that an input cannot slow the fuzzer down by being unfolded.
    requireRoundTrip(
        *storage::readTorchSource(source, {.pickleBytes = 1u << 20, .depth = 64, .fixedMemory = 16u << 20}, {}));
  } catch (const Error&) {
  }
  return 0;
}
