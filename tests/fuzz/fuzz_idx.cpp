// The IDX reader, as images and as labels, plain and gzip.
#include "core/error.h"
#include "engine/data/idx_reader.h"
#include "fuzz_input.h"

using namespace cairn;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const tests::InputFile file({data, size});
  for (const int dimensions : {1, 3}) {
    try {
      const auto contents = engine::readIdx(file.path(), dimensions, {});
      std::size_t count = 1;
      for (const auto extent : contents.shape) count *= static_cast<std::size_t>(extent);
      tests::require(contents.bytes.size() == count, "as many bytes as the shape says");
    } catch (const Error&) {
    }
  }
  return 0;
}
