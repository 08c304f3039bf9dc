// Power is cut after each call that changes the disk, and every state that it could leave is recovered from: nothing that
// was reported saved is lost. CAIRN_POWER_LOSS_WHOLE=1 cuts after every call, else after each third.
#include <sqlite3.h>

#include <QDir>
#include <QFileInfo>
#include <QTest>
#include <algorithm>
#include <set>
#include <utility>

#include "power_loss_disk.h"
#include "storage_story.h"
#include "support/test_registry.h"

using namespace cairn;
using namespace cairn::tests;
namespace fs = std::filesystem;

namespace {

/// Passes all on to the real one: for mistakes to be planted in.
class PassingFiles : public storage::FileSystem {
 public:
  std::unique_ptr<storage::WritableFile> createNew(const fs::path& path, std::uint64_t size) override { return real_.createNew(path, size); }
  std::unique_ptr<storage::ReadableFile> open(const fs::path& path) override { return real_.open(path); }
  void renameNew(const fs::path& from, const fs::path& to) override { real_.renameNew(from, to); }
  void unlink(const fs::path& path) override { real_.unlink(path); }
  void makeFolders(const fs::path& path) override { real_.makeFolders(path); }
  void syncFolder(const fs::path& path) override { real_.syncFolder(path); }
  bool exists(const fs::path& path) override { return real_.exists(path); }
  std::vector<std::string> list(const fs::path& folder) override { return real_.list(folder); }
  std::uint64_t freeBytes(const fs::path& path) override { return real_.freeBytes(path); }
  std::unique_ptr<storage::FileLock> tryLock(const fs::path& path) override { return real_.tryLock(path); }
  bool isLocked(const fs::path& path) override { return real_.isLocked(path); }
  bool isNetworkFileSystem(const fs::path&) override { return false; }
  /// Called once a checkpoint is reported saved.
  virtual void reported() {}

 protected:
  storage::FileSystem& real_ = storage::FileSystem::posix();
};

/// Mistake: the row first, then the file.
class RowBeforeFile : public PassingFiles {
  class Held : public storage::WritableFile {
   public:
    Held(RowBeforeFile& owner, fs::path path) : owner_(owner), path_(std::move(path)) {}
    void append(std::span<const std::byte> data) override { bytes_.insert(bytes_.end(), data.begin(), data.end()); }
    void sync() override {}
    void close() override {
      owner_.held_.push_back([&files = owner_.real_, path = path_, bytes = std::move(bytes_)] {
        const auto file = files.createNew(path, bytes.size());
        file->append(bytes);
        file->sync();
        file->close();
      });
    }

   private:
    RowBeforeFile& owner_;
    fs::path path_;
    std::vector<std::byte> bytes_;
  };

 public:
  std::unique_ptr<storage::WritableFile> createNew(const fs::path& path, std::uint64_t) override {
    return std::make_unique<Held>(*this, path);
  }
  void renameNew(const fs::path& from, const fs::path& to) override {
    if (held_.empty()) return real_.renameNew(from, to);
    held_.push_back([this, from, to] {
      real_.renameNew(from, to);
      real_.syncFolder(to.parent_path());
    });
  }
  void syncFolder(const fs::path& path) override {
    if (held_.empty()) real_.syncFolder(path);
  }
  void reported() override {
    for (const auto& one : std::exchange(held_, {})) one();
  }

 private:
  std::vector<std::function<void()>> held_;
};

/// Mistake: no fdatasync.
class NoDataSync : public PassingFiles {
  class Unsynced : public storage::WritableFile {
   public:
    explicit Unsynced(std::unique_ptr<storage::WritableFile> file) : file_(std::move(file)) {}
    void append(std::span<const std::byte> data) override { file_->append(data); }
    void sync() override {}
    void close() override { file_->close(); }

   private:
    std::unique_ptr<storage::WritableFile> file_;
  };

 public:
  std::unique_ptr<storage::WritableFile> createNew(const fs::path& path, std::uint64_t size) override {
    return std::make_unique<Unsynced>(real_.createNew(path, size));
  }
};

/// Mistake: no fsync of the folder.
class NoFolderSync : public PassingFiles {
 public:
  void syncFolder(const fs::path&) override {}
};

/// Mistake: synchronous=NORMAL, on the connection of whoever writes a checkpoint.
class SynchronousNormal : public PassingFiles {
 public:
  SynchronousNormal() { sqlite3_auto_extension(reinterpret_cast<void (*)()>(&keep)); }
  ~SynchronousNormal() override { sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(&keep)); }
  std::unique_ptr<storage::WritableFile> createNew(const fs::path& path, std::uint64_t size) override {
    for (auto* connection : connections()) sqlite3_exec(connection, "PRAGMA synchronous=NORMAL", nullptr, nullptr, nullptr);
    return PassingFiles::createNew(path, size);
  }

 private:
  static int keep(sqlite3* connection, char**, const void*) {
    // The first of a thread: the recorder's, which lives as long as its thread. Later ones come and go.
    if (connections().empty()) connections().push_back(connection);
    return SQLITE_OK;
  }
  static std::vector<sqlite3*>& connections() {
    thread_local std::vector<sqlite3*> ofThread;
    return ofThread;
  }
};

/// A story on record: its disk changes, and what was true, and reported, after how many of them.
struct Recorded {
  std::vector<DiskChange> changes;
  std::vector<std::pair<std::size_t, Story::Truth>> truths;
  std::vector<std::pair<std::size_t, std::string>> saved;
  std::string run;
};

}  // namespace

class TestPowerLoss : public QObject {
  Q_OBJECT

  static bool whole() { return qEnvironmentVariableIsSet("CAIRN_POWER_LOSS_WHOLE"); }

  static Recorded record(PassingFiles& files) {
    QTemporaryDir folder(fastFolder());
    const fs::path root = folder.path().toStdString();
    DiskRecord disk(root);
    Recorded all;
    const WatchedCalls watch(root, disk);
    Story story(storage::Home(root / "home"), files);
    story.sink().saved = [&](const std::string& id) {
      all.saved.emplace_back(disk.size(), id);
      files.reported();
    };
    all.run = story.run().id;
    all.truths.emplace_back(0, Story::Truth{});
    for (const auto& step : story.steps()) {
      step.take();
      auto truth = story.truth();
      if (truth.checkpoints.empty()) truth = all.truths.back().second;  // before the first, and after the end
      all.truths.emplace_back(disk.size(), std::move(truth));
    }
    all.changes = disk.changes();
    return all;
  }

  struct Outcome {
    int states = 0;
    QStringList violations;
  };

  /// At most `enough` violations: one convicts a planted mistake.
  static Outcome cutAfterEach(const Recorded& all, std::size_t stride, int enough) {
    QTemporaryDir folder(fastFolder());
    const fs::path root = fs::path(folder.path().toStdString()) / "disk";
    PowerLossDisk disk;
    Outcome outcome;
    std::set<std::pair<std::uint64_t, std::size_t>> seen;
    std::size_t truth = 0, saved = 0;
    std::vector<std::string> reported;
    for (std::size_t cut = 0; cut <= all.changes.size(); ++cut) {
      while (truth + 1 < all.truths.size() && all.truths[truth + 1].first <= cut) ++truth;
      while (saved < all.saved.size() && all.saved[saved].first <= cut) reported.push_back(all.saved[saved++].second);
      if (cut % stride == 0) {
        const auto& next = all.truths[std::min(truth + 1, all.truths.size() - 1)].second;
        for (const auto& state : disk.statesNow(cut)) {
          if (!seen.emplace(state.digest(), truth * 100 + saved).second) continue;
          ++outcome.states;
          state.writeTo(root);
          const auto what = violation(storage::Home(root / "home"), storage::FileSystem::posix(), all.truths[truth].second, next, reported, all.run);
          if (what.isEmpty()) continue;
          outcome.violations << QString("after call %1 (%2 %3), %4: %5").arg(cut).arg(cut > 0 ? nameOf(all.changes[cut - 1].call) : "")
                                    .arg(QString::fromStdString(cut > 0 ? all.changes[cut - 1].path : "")).arg(state.how.c_str()).arg(what);
          if (outcome.violations.size() >= enough) return outcome;
        }
      }
      if (cut < all.changes.size()) disk.apply(all.changes[cut]);
    }
    return outcome;
  }

 private Q_SLOTS:
  void nothingSavedIsLost() {
    PassingFiles files;
    const auto all = record(files);
    QCOMPARE(all.saved.size(), std::size_t{Story::kCheckpoints});
    const auto outcome = cutAfterEach(all, whole() ? 1 : 3, 20);
    qInfo("%zu calls, %d states of the disk", all.changes.size(), outcome.states);
    QVERIFY2(outcome.violations.isEmpty(), qPrintable("\n" + outcome.violations.join("\n")));
    QVERIFY(outcome.states > (whole() ? 1000 : 100));
  }

  void plantedMistakesAreCaught_data() {
    QTest::addColumn<int>("mistake");
    QTest::newRow("row before file") << 0;
    QTest::newRow("no fdatasync") << 1;
    QTest::newRow("no fsync of the folder") << 2;
    QTest::newRow("synchronous=NORMAL") << 3;
  }
  void plantedMistakesAreCaught() {
    QFETCH(int, mistake);
    std::unique_ptr<PassingFiles> files;
    if (mistake == 0) files = std::make_unique<RowBeforeFile>();
    if (mistake == 1) files = std::make_unique<NoDataSync>();
    if (mistake == 2) files = std::make_unique<NoFolderSync>();
    if (mistake == 3) files = std::make_unique<SynchronousNormal>();
    const auto all = record(*files);
    const auto outcome = cutAfterEach(all, 1, 1);
    qInfo("caught in the %dth state: %s", outcome.states, qPrintable(outcome.violations.value(0)));
    QVERIFY(!outcome.violations.isEmpty());
  }
};

CAIRN_TEST(TestPowerLoss, power_loss)
#include "tst_power_loss.moc"
