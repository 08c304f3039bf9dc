#include "engine/data/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "core/error.h"

namespace cairn::engine {

namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;  // bytes between two reports of progress

std::string hex(const XXH128_hash_t& hash) { return fmt::format("{:016x}{:016x}", hash.high64, hash.low64); }

bool startsAsGzip(int file) {
  std::array<unsigned char, 3> magic{};
  return pread(file, magic.data(), magic.size(), 0) == 3 && magic[0] == 0x1f && magic[1] == 0x8b && magic[2] == 8;
}

}  // namespace

struct ByteSource::State {
  std::string path, phase;
  core::Progress progress;
  int file = -1;
  gzFile gzip = nullptr;  // owns `file` if set
  std::int64_t fileSize = 0, taken = 0;
  XXH3_state_t* hash = XXH3_createState();

  ~State() {
    if (gzip) gzclose_r(gzip);
    else if (file >= 0) ::close(file);
    XXH3_freeState(hash);
  }

  void open() {
    file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) throw Error::system("open the data file", path, errno, "check the path, or choose another file");
    struct stat info {};
    if (fstat(file, &info) != 0) throw Error::system("read the data file", path, errno);
    if (S_ISDIR(info.st_mode)) throw Error(path, "is a folder, not a data file", "name the file itself");
    fileSize = info.st_size;
    const bool packed = startsAsGzip(file);
    if (!packed && path.ends_with(".gz") && fileSize > 0)
      throw Error(path, "is named .gz but does not begin as a gzip file", "unpack it, or fetch it again");
    if (!packed) return;
    gzip = gzdopen(file, "rb");
    if (!gzip) throw Error(path, "there is no memory to unpack it");
    gzbuffer(gzip, 1u << 18);
  }

  std::size_t readPacked(char* into, std::size_t size) {
    const int got = gzread(gzip, into, static_cast<unsigned>(size));
    int code = Z_OK;
    const char* text = gzerror(gzip, &code);
    if (code == Z_BUF_ERROR) throw Error(path, "ends in the middle of its gzip data", "fetch the file again");
    if (got < 0 || code != Z_OK)
      throw Error(path, std::string("its gzip data is damaged (") + text + ")", "fetch the file again");
    return static_cast<std::size_t>(got);
  }

  std::size_t readPlain(char* into, std::size_t size) const {
    for (;;) {
      const ssize_t got = ::read(file, into, size);
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) throw Error::system("read the data file", path, errno);
    }
  }

  void report() {
    const std::int64_t at = gzip ? gzoffset(gzip) : taken;
    if (progress && !progress(phase, std::min(at, fileSize), fileSize)) throw Error::cancelled(phase);
  }
};

ByteSource::ByteSource(std::string path, core::Progress progress) : state_(std::make_unique<State>()) {
  state_->phase = "Reading " + std::filesystem::path(path).filename().string();
  state_->path = std::move(path);
  state_->progress = std::move(progress);
  XXH3_128bits_reset(state_->hash);
  state_->open();
  state_->report();
}

ByteSource::~ByteSource() = default;

std::size_t ByteSource::read(void* into, std::size_t size) {
  auto* to = static_cast<char*>(into);
  std::size_t filled = 0;
  while (filled < size) {
    const std::size_t piece = std::min(size - filled, kPiece);
    const std::size_t got =
        state_->gzip ? state_->readPacked(to + filled, piece) : state_->readPlain(to + filled, piece);
    if (got == 0) break;
    XXH3_128bits_update(state_->hash, to + filled, got);
    filled += got;
    state_->taken += static_cast<std::int64_t>(got);
    state_->report();
  }
  return filled;
}

const std::string& ByteSource::path() const { return state_->path; }
std::int64_t ByteSource::fileSize() const { return state_->fileSize; }
bool ByteSource::packed() const { return state_->gzip != nullptr; }
std::string ByteSource::digest() const { return hex(XXH3_128bits_digest(state_->hash)); }

std::string digestOf(const std::string& text) { return hex(XXH3_128bits(text.data(), text.size())); }

}  // namespace cairn::engine
