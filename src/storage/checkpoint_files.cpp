#include "storage/checkpoint_files.h"

#include <cerrno>
#include <algorithm>
#include <array>
#include <cctype>
#include <future>
#include <string_view>

#include <fmt/format.h>

#include "core/error.h"
#include "core/text.h"
#include "storage/byte_source.h"
#include "storage/checksums.h"
#include "storage/room.h"
#include "storage/torch_file.h"
#include "storage/torch_file_reader.h"

namespace cairn::storage {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kTempMark = ".pt.tmp-";
constexpr std::size_t kPiece = 1u << 20;  // hashed and copied while it is in the processor's cache
constexpr std::size_t kReadPiece = 8u << 20;

fs::path tempPath(const fs::path& target) {
  return target.parent_path() / fmt::format(".{}.tmp-{}", target.filename().string(), core::newId());
}

core::StateTree withStateHash(const core::StateTree& state, const std::string& hash) {
  auto tree = state;  // tensors are views: their bytes are not copied
  if (!tree.find("cairn")) tree.set("cairn", core::StateTree::dict());
  tree.find("cairn")->set("state_hash", hash);
  return tree;
}

/// Steps 1 to 4. The state is hashed while the disk works.
void writeTemp(FileSystem& files, const fs::path& temp, const core::StateTree& state, WrittenFile& written) {
  // Takes the hash's place until it is known: in the tree no other text is equal to it.
  const auto planned = withStateHash(state, core::newId() + core::newId());
  const TorchFileWriter writer(planned, written.path.stem().string());
  const auto file = files.createNew(temp, writer.size());
  auto hashing = std::async(std::launch::async, [&] { return stateHash(state); });
  Hash128 hash;
  const auto append = [&](std::span<const std::byte> data) {
    while (!data.empty()) {
      const auto piece = data.first(std::min(kPiece, data.size()));
      hash.add(piece);
      file->append(piece);
      data = data.subspan(piece.size());
    }
  };
  writer.writeTo(append, [&] { return withStateHash(state, written.stateHash = hashing.get()); });
  file->sync();
  file->close();
  written.bytes = writer.size();
  written.fileHash = hash.hex();
}

/// For clean-up behind an error: the first error is what counts.
void unlinkQuietly(FileSystem& files, const fs::path& path) {
  try {
    files.unlink(path);
  } catch (const Error&) {
  }
}

std::string adviceFor(const Error& error) {
  return isForLackOfRoom(error) ? "make room on that disk: it is then saved by itself" : error.advice();
}

/// Steps 5 and 6.
void publish(FileSystem& files, const fs::path& temp, const fs::path& target) {
  files.renameNew(temp, target);
  try {
    files.syncFolder(target.parent_path());
  } catch (...) {
    unlinkQuietly(files, target);  // not known to be durable: it must not look as if it were
    throw;
  }
}

void checkSize(const ReadableFile& file, const core::CheckpointRecord& record) {
  if (file.size() == static_cast<std::uint64_t>(record.bytes)) return;
  throw Error(record.path, fmt::format("has {} bytes where {} were written", file.size(), record.bytes),
              "it is damaged: choose another checkpoint");
}

void checkHash(const Hash128& hash, const core::CheckpointRecord& record) {
  if (hash.hex() == record.fileHash) return;
  throw Error(record.path, "its content is not what was written (its hash differs)",
              "it is damaged: choose another checkpoint");
}

/// Feeds the file from its start to its end in pieces to `take`.
template <typename Take>
void readInPieces(const core::CheckpointRecord& record, std::string_view verb, const core::Progress& progress, Take take) {
  const auto total = static_cast<std::uint64_t>(record.bytes);
  const auto phase = fmt::format("{} {}", verb, fs::path(record.path).filename().string());
  for (std::uint64_t done = 0; done < total;) {
    if (progress && !progress(phase, static_cast<std::int64_t>(done), record.bytes)) throw Error::cancelled(phase);
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(kReadPiece, total - done));
    take(done, count);
    done += count;
  }
  if (progress) progress(phase, record.bytes, record.bytes);
}

/// Says of a file that is known to be gone how to have it again; any other is looked at.
void requireThere(FileSystem& files, const core::CheckpointRecord& record) {
  if (record.state == core::CheckpointState::Ready || files.exists(record.path)) return;
  const char* advice = record.state == core::CheckpointState::Pruned    ? "recreate it, or choose another"
                       : record.state == core::CheckpointState::Deleted ? "undelete it, or choose another"
                                                                        : "choose another";
  throw Error("checkpoint " + record.id, fmt::format("its file cannot be read: it is {}", core::toText(record.state)), advice);
}

}  // namespace

WrittenFile writeCheckpointFile(FileSystem& files, const fs::path& target, const core::StateTree& state) {
  WrittenFile written{target, 0, {}, {}};
  files.makeFolders(target.parent_path());
  const auto temp = tempPath(target);
  try {
    writeTemp(files, temp, state, written);
    publish(files, temp, target);
  } catch (const Error& error) {
    unlinkQuietly(files, temp);
    throw Error(target.string(), error.why(), adviceFor(error), error.kind(), error.code());
  } catch (...) {
    unlinkQuietly(files, temp);
    throw;
  }
  return written;
}

std::shared_ptr<const core::StateTree> readCheckpoint(FileSystem& files, const core::CheckpointRecord& record,
                                                      const core::Progress& progress) {
  requireThere(files, record);
  const auto file = files.open(record.path);
  checkSize(*file, record);
  const auto whole = allocateBytes(file->size());
  Hash128 hash;
  readInPieces(record, "Reading", progress, [&](std::uint64_t offset, std::size_t count) {
    const auto piece = whole.view.subspan(offset, count);
    file->read(offset, piece);
    hash.add(piece);
  });
  checkHash(hash, record);
  return readTorchSource(MemorySource(record.path, {whole.view, whole.owner}), {}, {});
}

void verifyCheckpointFile(FileSystem& files, const core::CheckpointRecord& record, const core::Progress& progress) {
  const auto file = files.open(record.path);
  checkSize(*file, record);
  const auto buffer = allocateBytes(kReadPiece);
  Hash128 hash;
  readInPieces(record, "Checking", progress, [&](std::uint64_t offset, std::size_t count) {
    const auto piece = buffer.view.first(count);
    file->read(offset, piece);
    hash.add(piece);
  });
  checkHash(hash, record);
}

bool tellsOfContents(const Error& error) {
  constexpr std::array kPassing = {EACCES, EPERM, EMFILE, ENFILE, ENOMEM, EINTR, EAGAIN};
  return error.kind() != ErrorKind::Cancelled && std::find(kPassing.begin(), kPassing.end(), error.code()) == kPassing.end();
}

bool isTempName(const std::string& name) {
  const auto mark = name.rfind(kTempMark);
  if (!name.starts_with(".step-") || mark == std::string::npos) return false;
  const auto random = std::string_view(name).substr(mark + kTempMark.size());
  return !random.empty() && std::all_of(random.begin(), random.end(), [](unsigned char c) { return std::isxdigit(c); });
}

}  // namespace cairn::storage
