#include "fuzz_input.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace cairn::tests {

InputFile::InputFile(std::span<const std::uint8_t> bytes) : file_(memfd_create("input", MFD_CLOEXEC)) {
  require(file_ >= 0, "a file in memory");
  while (!bytes.empty()) {
    const auto written = ::write(file_, bytes.data(), bytes.size());
    require(written > 0, "writing to a file in memory");
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  path_ = "/proc/self/fd/" + std::to_string(file_);
}

InputFile::~InputFile() { ::close(file_); }

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

}  // namespace cairn::tests
