// Reading and inspecting a safetensors file.
#include <memory>

#include "core/error.h"
#include "fuzz_input.h"
#include "storage/inspection.h"
#include "storage/safetensors.h"

using namespace cairn;

namespace {

void requireRoundTrip(const storage::SafetensorsFile& file) {
  std::string bytes;
  try {
    const storage::SafetensorsWriter writer(file.tensors, file.metadata);
    writer.writeTo([&](std::span<const std::byte> piece) {
      bytes.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    });
  } catch (const Error&) {
    return;  // it holds a type that Cairn does not write
  }
  const auto kept = std::make_shared<const std::string>(std::move(bytes));
  const storage::MemorySource source("again", {std::as_bytes(std::span(*kept)), kept});
  const auto again = storage::readSafetensorsSource(source);
  const auto& dict = *file.tensors.as<core::StateTree::Dict>();
  for (const auto& [key, child] : dict.items) {
    const auto* tensor = again.tensors.findKey(key);
    tests::require(tensor && core::sameState(child, *tensor), "what is written reads back the same");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto kept = std::make_shared<const std::string>(reinterpret_cast<const char*>(data), size);
  const storage::MemorySource source("input", {std::as_bytes(std::span(*kept)), kept});
  try {
    storage::inspectSource(source);
  } catch (const Error&) {
  }
  try {
    requireRoundTrip(storage::readSafetensorsSource(source));
  } catch (const Error&) {
  }
  return 0;
}
