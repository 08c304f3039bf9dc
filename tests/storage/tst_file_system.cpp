#include <QTest>

#include <QTemporaryDir>
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <span>
#include <vector>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/error.h"
#include "storage/file_system.h"
#include "storage/home.h"
#include "support/test_registry.h"

using namespace cairn;
using storage::FileSystem;
using storage::Home;
namespace fs = std::filesystem;

class FileSystemTest : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { folder_ = std::make_unique<QTemporaryDir>(); }
  void aLockIsHeldByOneAtATime();
  void aKilledProcessFreesItsLock();
  void aChildDoesNotInheritTheLock();
  void renameDoesNotReplace();
  void createDoesNotReplace();
  void foldersAreMade();
  void readsAreWholeOrErrors();
  void aLargeFileIsWrittenWhole();
  void aFailedWriteOfALargeFileIsTold();
  void roomAndKindAreTold();
  void homeIsFound();

 private:
  fs::path path(const char* name) const { return fs::path(folder_->path().toStdString()) / name; }
  FileSystem& files_ = FileSystem::posix();
  std::unique_ptr<QTemporaryDir> folder_;
};

namespace {

void create(FileSystem& files, const fs::path& path, std::string_view content) {
  const auto file = files.createNew(path, content.size());
  file->append(std::as_bytes(std::span(content)));
  file->sync();
  file->close();
}

template <typename Call>
int errorCode(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  return 0;
}

}  // namespace

void FileSystemTest::aLockIsHeldByOneAtATime() {
  QVERIFY(!files_.isLocked(path("lock")));  // no such file
  auto lock = files_.tryLock(path("lock"));
  QVERIFY(lock);
  QVERIFY(files_.isLocked(path("lock")));
  QVERIFY(!files_.tryLock(path("lock")));
  lock.reset();
  QVERIFY(!files_.isLocked(path("lock")));
  QVERIFY(files_.tryLock(path("lock")));
}

void FileSystemTest::aKilledProcessFreesItsLock() {
  int ready[2];
  QCOMPARE(::pipe(ready), 0);
  const auto child = ::fork();
  if (child == 0) {
    const auto lock = files_.tryLock(path("lock"));
    const char told = lock ? 'y' : 'n';
    if (::write(ready[1], &told, 1) == 1) ::pause();
    ::_exit(0);
  }
  char told = 0;
  QCOMPARE(::read(ready[0], &told, 1), ssize_t{1});
  QCOMPARE(told, 'y');
  QVERIFY(files_.isLocked(path("lock")));
  QVERIFY(!files_.tryLock(path("lock")));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  QVERIFY(files_.tryLock(path("lock")));
  ::close(ready[0]);
  ::close(ready[1]);
}

void FileSystemTest::aChildDoesNotInheritTheLock() {
  auto lock = files_.tryLock(path("lock"));
  const auto child = ::fork();
  if (child == 0) {
    ::execlp("sleep", "sleep", "5", nullptr);
    ::_exit(1);
  }
  lock.reset();
  // Free as soon as the child has become another program: O_CLOEXEC.
  QTRY_VERIFY_WITH_TIMEOUT(!files_.isLocked(path("lock")), 2000);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

void FileSystemTest::renameDoesNotReplace() {
  create(files_, path("a"), "a");
  create(files_, path("b"), "b");
  QCOMPARE(errorCode([&] { files_.renameNew(path("a"), path("b")); }), EEXIST);
  QVERIFY(files_.exists(path("a")));
  files_.renameNew(path("a"), path("c"));
  QVERIFY(!files_.exists(path("a")) && files_.exists(path("c")));
  QCOMPARE(files_.list(path("")), (std::vector<std::string>{"b", "c"}));
  files_.unlink(path("c"));
  QCOMPARE(errorCode([&] { files_.unlink(path("c")); }), ENOENT);
  QVERIFY(files_.list(path("none")).empty());
}

void FileSystemTest::createDoesNotReplace() {
  create(files_, path("a"), "first");
  QCOMPARE(errorCode([&] { create(files_, path("a"), "second"); }), EEXIST);
  QCOMPARE(files_.open(path("a"))->size(), std::uint64_t{5});
  QCOMPARE(errorCode([&] { create(files_, path("no/folder"), "x"); }), ENOENT);
}

void FileSystemTest::foldersAreMade() {
  files_.makeFolders(path("one/two/three"));
  files_.makeFolders(path("one/two/three"));
  QVERIFY(fs::is_directory(path("one/two/three")));
  create(files_, path("file"), "x");
  QVERIFY(errorCode([&] { files_.makeFolders(path("file/below")); }) != 0);
}

void FileSystemTest::readsAreWholeOrErrors() {
  create(files_, path("a"), "0123456789");
  const auto file = files_.open(path("a"));
  std::byte into[4];
  file->read(6, into);
  QCOMPARE(static_cast<char>(into[3]), '9');
  QVERIFY_EXCEPTION_THROWN(file->read(7, into), Error);
  QCOMPARE(errorCode([&] { files_.open(path("none")); }), ENOENT);
  QCOMPARE(errorCode([&] { files_.open(path("")); }), EISDIR);
}

void FileSystemTest::roomAndKindAreTold() {
  QVERIFY(files_.freeBytes(path("not/there/yet")) > 0);
  QVERIFY(!files_.isNetworkFileSystem("/proc"));
}

void FileSystemTest::homeIsFound() {
  const auto before = qgetenv("CAIRN_HOME"), data = qgetenv("XDG_DATA_HOME");
  qputenv("CAIRN_HOME", "/cairns/mine");
  QCOMPARE(Home::locate("").root(), fs::path("/cairns/mine"));
  QCOMPARE(Home::locate("/asked").root(), fs::path("/asked"));
  qunsetenv("CAIRN_HOME");
  qputenv("XDG_DATA_HOME", "/data");
  QCOMPARE(Home::locate("").root(), fs::path("/data/cairn"));
  qunsetenv("XDG_DATA_HOME");
  QVERIFY(Home::locate("").root().string().ends_with("/.local/share/cairn"));
  QVERIFY(Home("relative").root().is_absolute());
  QCOMPARE(Home("/h").checkpointFile("run1", 100, "1a2b3c4d5e6f7081"), fs::path("/h/checkpoints/run1/step-100-1a2b3c4d.pt"));
  if (!before.isNull()) qputenv("CAIRN_HOME", before);
  if (!data.isNull()) qputenv("XDG_DATA_HOME", data);
}

// Large files are written behind the filling, and directly: in pieces that fit no block, with an end that is no whole one.
void FileSystemTest::aLargeFileIsWrittenWhole() {
  std::vector<std::byte> content(23'000'017);
  for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<std::byte>((i * 2654435761u) >> 13);
  const auto file = files_.createNew(path("large"), content.size());
  std::size_t piece = 1;
  for (std::size_t at = 0; at < content.size(); at += piece, piece = piece * 3 % 6'000'011 + 1)
    file->append(std::span(content).subspan(at, std::min(piece, content.size() - at)));
  file->sync();
  file->close();
  std::vector<std::byte> read(content.size());
  const auto back = files_.open(path("large"));
  QCOMPARE(back->size(), std::uint64_t{content.size()});
  back->read(0, read);
  QVERIFY(read == content);
}

void FileSystemTest::aFailedWriteOfALargeFileIsTold() {
  rlimit before{};
  QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const std::vector<std::byte> piece(3 << 20);
  bool failed = false;
  {
    const auto file = files_.createNew(path("limited"), 8 << 20);
    const rlimit limited{10 << 20, before.rlim_max};
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &limited), 0);
    try {
      for (int i = 0; i < 8; ++i) file->append(piece);
      file->sync();
    } catch (const Error& error) {
      failed = error.code() == EFBIG;
    }
  }  // goes quietly, whatever was still being written
  QCOMPARE(setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  QVERIFY(failed);
}

CAIRN_TEST(FileSystemTest, file_system)
#include "tst_file_system.moc"
