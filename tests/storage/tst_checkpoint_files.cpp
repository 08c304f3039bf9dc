#include <QTest>

#include <QTemporaryDir>

#include <algorithm>
#include <cerrno>

#include "storage/checkpoint_files.h"
#include "support/test_registry.h"
#include "torch_samples.h"

using namespace cairn;
using namespace cairn::tests;
using storage::FileSystem;
namespace fs = std::filesystem;

namespace {

/// Counts the calls that change the disk, notes their order, and makes the Nth fail.
class FailingFileSystem : public FileSystem {
 public:
  int failAt = 0;  ///< from 1; 0: never
  std::vector<std::string> calls;

  void step(const std::string& call) {
    calls.push_back(call);
    if (static_cast<int>(calls.size()) == failAt) throw Error::system("do (injected) " + call, "file", ENOSPC);
  }
  std::unique_ptr<storage::WritableFile> createNew(const fs::path& path, std::uint64_t size) override;
  std::unique_ptr<storage::ReadableFile> open(const fs::path& path) override { return posix().open(path); }
  void renameNew(const fs::path& from, const fs::path& to) override {
    step("rename");
    posix().renameNew(from, to);
  }
  void unlink(const fs::path& path) override {
    step("unlink");
    posix().unlink(path);
  }
  void makeFolders(const fs::path& path) override {
    step("makeFolders");
    posix().makeFolders(path);
  }
  void syncFolder(const fs::path& path) override {
    step("syncFolder");
    posix().syncFolder(path);
  }
  bool exists(const fs::path& path) override { return posix().exists(path); }
  std::vector<std::string> list(const fs::path& folder) override { return posix().list(folder); }
  std::uint64_t freeBytes(const fs::path& path) override { return posix().freeBytes(path); }
  std::unique_ptr<storage::FileLock> tryLock(const fs::path& path) override { return posix().tryLock(path); }
  bool isLocked(const fs::path& path) override { return posix().isLocked(path); }
  bool isNetworkFileSystem(const fs::path& path) override { return posix().isNetworkFileSystem(path); }
};

class FailingFile : public storage::WritableFile {
 public:
  FailingFile(FailingFileSystem& system, std::unique_ptr<storage::WritableFile> file) : system_(system), file_(std::move(file)) {}
  void append(std::span<const std::byte> data) override {
    system_.step("append");
    file_->append(data);
  }
  void sync() override {
    system_.step("sync");
    file_->sync();
  }
  void close() override {
    system_.step("close");
    file_->close();
  }

 private:
  FailingFileSystem& system_;
  std::unique_ptr<storage::WritableFile> file_;
};

std::unique_ptr<storage::WritableFile> FailingFileSystem::createNew(const fs::path& path, std::uint64_t size) {
  step("create");
  return std::make_unique<FailingFile>(*this, posix().createNew(path, size));
}

core::CheckpointRecord recordOf(const storage::WrittenFile& written) {
  core::CheckpointRecord record;
  record.path = written.path.string();
  record.bytes = static_cast<std::int64_t>(written.bytes);
  record.fileHash = written.fileHash;
  record.hash = written.stateHash;
  return record;
}

std::string verifyError(const core::CheckpointRecord& record) {
  try {
    storage::verifyCheckpointFile(FileSystem::posix(), record);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

class CheckpointFilesTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { folder_ = std::make_unique<QTemporaryDir>(); }
  void writtenFileIsReadBack();
  void largeFileIsReadBack();
  void stepsComeInOrder();
  void anErrorAtAnyStepLeavesNoFile();
  void neverReplacesAFile();
  void everyFlippedByteIsFound();
  void cutAndMissingFilesAreFound();
  void progressCanStopIt();
  void tempNamesAreOurs();

 private:
  fs::path target() const { return fs::path(folder_->path().toStdString()) / "run" / "step-120-1a2b3c4d.pt"; }
  std::unique_ptr<QTemporaryDir> folder_;
};

void CheckpointFilesTest::writtenFileIsReadBack() {
  const auto tree = sampleCheckpoint();
  const auto written = storage::writeCheckpointFile(FileSystem::posix(), target(), tree);
  QCOMPARE(written.stateHash, storage::stateHash(tree));
  QCOMPARE(written.bytes, fs::file_size(target()));
  const auto back = storage::readCheckpoint(FileSystem::posix(), recordOf(written));
  QCOMPARE(back->at("cairn").text("state_hash"), written.stateHash);
  QCOMPARE(storage::stateHash(*back), written.stateHash);
  QVERIFY(core::sameState(back->at("model_state_dict"), tree.at("model_state_dict")));
  QVERIFY(!tree.at("cairn").find("state_hash"));
  QVERIFY(verifyError(recordOf(written)).empty());
  QCOMPARE(FileSystem::posix().list(target().parent_path()).size(), std::size_t{1});
}

/// Over the size from which O_DIRECT is used, and not of whole blocks.
void CheckpointFilesTest::largeFileIsReadBack() {
  auto tree = sampleCheckpoint();
  tree.find("model_state_dict")->set("large", countingTensor(core::DType::UInt8, {9'000'001}));
  const auto written = storage::writeCheckpointFile(FileSystem::posix(), target(), tree);
  QVERIFY(verifyError(recordOf(written)).empty());
  const auto back = storage::readTorchFile(FileSystem::posix(), target());
  QVERIFY(core::sameState(back->at("model_state_dict"), tree.at("model_state_dict")));
}

void CheckpointFilesTest::stepsComeInOrder() {
  FailingFileSystem files;
  storage::writeCheckpointFile(files, target(), sampleCheckpoint());
  files.calls.erase(std::unique(files.calls.begin(), files.calls.end()), files.calls.end());
  QCOMPARE(files.calls, (std::vector<std::string>{"makeFolders", "create", "append", "sync", "close", "rename", "syncFolder"}));
}

void CheckpointFilesTest::anErrorAtAnyStepLeavesNoFile() {
  FailingFileSystem counting;
  storage::writeCheckpointFile(counting, target(), sampleCheckpoint());
  const auto steps = static_cast<int>(counting.calls.size());
  QVERIFY(steps > 30);
  FileSystem::posix().unlink(target());
  for (int step = 1; step <= steps; ++step) {
    FailingFileSystem files;
    files.failAt = step;
    try {
      storage::writeCheckpointFile(files, target(), sampleCheckpoint());
      QFAIL("the injected error was lost");
    } catch (const Error& error) {
      QCOMPARE(error.code(), ENOSPC);
    }
    QVERIFY2(FileSystem::posix().list(target().parent_path()).empty(), files.calls.back().c_str());
  }
  // A failed clean-up leaves at most a file of our own temp name.
  struct Stuck : FailingFileSystem {
    void unlink(const fs::path& path) override { throw Error::system("remove the file", path.string(), EIO); }
  } unlinkFails;
  unlinkFails.failAt = steps - 1;
  QVERIFY_EXCEPTION_THROWN(storage::writeCheckpointFile(unlinkFails, target(), sampleCheckpoint()), Error);
  const auto left = FileSystem::posix().list(target().parent_path());
  QCOMPARE(left.size(), std::size_t{1});
  QVERIFY(storage::isTempName(left[0]));
}

void CheckpointFilesTest::neverReplacesAFile() {
  fs::create_directories(target().parent_path());
  writeFile(target(), "precious");
  try {
    storage::writeCheckpointFile(FileSystem::posix(), target(), sampleCheckpoint());
    QFAIL("it replaced a file");
  } catch (const Error& error) {
    QCOMPARE(error.code(), EEXIST);
    QVERIFY(std::string(error.what()).find(target().string()) != std::string::npos);
  }
  QCOMPARE(readFile(target()), std::string("precious"));
  QCOMPARE(FileSystem::posix().list(target().parent_path()).size(), std::size_t{1});
}

void CheckpointFilesTest::everyFlippedByteIsFound() {
  auto tree = core::StateTree::dict();
  tree.set("step", 1);
  tree.set("weight", countingTensor(core::DType::Float32, {5}));
  const auto record = recordOf(storage::writeCheckpointFile(FileSystem::posix(), target(), tree));
  const auto whole = readFile(target());
  for (std::size_t at = 0; at < whole.size(); ++at) {
    auto bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    writeFile(target(), bytes);
    QVERIFY(verifyError(record).find("its hash differs") != std::string::npos);
  }
  QVERIFY_EXCEPTION_THROWN(storage::readCheckpoint(FileSystem::posix(), record), Error);
  writeFile(target(), whole);
  QVERIFY(verifyError(record).empty());
}

void CheckpointFilesTest::cutAndMissingFilesAreFound() {
  const auto record = recordOf(storage::writeCheckpointFile(FileSystem::posix(), target(), sampleCheckpoint()));
  fs::resize_file(target(), fs::file_size(target()) - 1);
  QVERIFY(verifyError(record).find("bytes where") != std::string::npos);
  fs::remove(target());
  try {
    storage::verifyCheckpointFile(FileSystem::posix(), record);
    QFAIL("a missing file passed");
  } catch (const Error& error) {
    QCOMPARE(error.code(), ENOENT);
  }
}

void CheckpointFilesTest::progressCanStopIt() {
  const auto record = recordOf(storage::writeCheckpointFile(FileSystem::posix(), target(), sampleCheckpoint()));
  std::int64_t last = -1;
  storage::verifyCheckpointFile(FileSystem::posix(), record, [&](std::string_view, std::int64_t done, std::int64_t total) {
    if (total != record.bytes || done < last) return false;
    last = done;
    return true;
  });
  QCOMPARE(last, record.bytes);
  const auto stop = [](std::string_view, std::int64_t, std::int64_t) { return false; };
  try {
    storage::readCheckpoint(FileSystem::posix(), record, stop);
    QFAIL("it went on");
  } catch (const Error& error) {
    QVERIFY(error.kind() == ErrorKind::Cancelled);
  }
}

void CheckpointFilesTest::tempNamesAreOurs() {
  QVERIFY(storage::isTempName(".step-100-1a2b3c4d.pt.tmp-0123456789abcdef"));
  for (const auto* name : {"step-100-1a2b3c4d.pt", ".step-100-1a2b3c4d.pt", ".step-1.pt.tmp-", ".step-1.pt.tmp-x", "lock",
                           ".other.pt.tmp-12", "step-1.pt.tmp-12", ""})
    QVERIFY2(!storage::isTempName(name), name);
}

CAIRN_TEST(CheckpointFilesTest, checkpoint_files)
#include "tst_checkpoint_files.moc"
