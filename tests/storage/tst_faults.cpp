// Every call by which storage and SQLite change files fails in turn, once or until the fault is cleared: nothing crashes,
// nothing saved is lost, the message names the file, and what was held is written afterwards.
// CAIRN_FAULTS_WHOLE=1 fails every one, else each eleventh.
#include <QDir>
#include <QFileInfo>
#include <QTest>
#include <atomic>
#include <cerrno>
#include <map>
#include <mutex>

#include "storage_story.h"
#include "support/test_registry.h"
#include "system_calls.h"

using namespace cairn;
using namespace cairn::tests;
namespace fs = std::filesystem;

namespace {

constexpr int kShort = -1;  // not an errno: a write takes only half

struct Fault {
  Call call = Call::Write;
  int number = 0;  ///< of the calls of that kind: the one that fails
  int code = 0;
  bool lasting = false;  ///< all that follow, too, until it is cleared
};

/// Thread-safe as a watcher is; clear() and hits() at any time.
class FaultyCalls : public SystemCallWatcher {
 public:
  explicit FaultyCalls(Fault fault) : fault_(fault) {}
  int before(const SystemCall& call, std::size_t& count) override {
    const int number = ++counts_[call.call];
    if (cleared_ || call.call != fault_.call || number < fault_.number || (number > fault_.number && !fault_.lasting)) return 0;
    ++hits_;
    if (fault_.code != kShort) return fault_.code;
    count = std::max<std::size_t>(1, count / 2);
    return 0;
  }
  void clear() { cleared_ = true; }
  int hits() const { return hits_; }
  std::map<Call, int> counts_;

 private:
  const Fault fault_;
  std::atomic<bool> cleared_{false};
  std::atomic<int> hits_{0};
};

QString textOf(const Fault& fault) {
  return QString("%1 %2 %3 %4").arg(nameOf(fault.call)).arg(fault.number).arg(fault.code == kShort ? "short" : strerror(fault.code))
      .arg(fault.lasting ? "from then on" : "once");
}

std::vector<int> codesOf(Call call) {
  switch (call) {
    case Call::Write: return {ENOSPC, EDQUOT, EIO, EINTR, kShort};
    case Call::Open: return {ENOSPC, EIO, EINTR, EMFILE};
    case Call::Allocate:
    case Call::Truncate:
    case Call::MakeFolder:
    case Call::Rename: return {ENOSPC, EDQUOT, EIO};
    case Call::Sync:
    case Call::SyncFolder: return {EIO, ENOSPC, EDQUOT, EINTR};
    case Call::Unlink: return {EIO};
    case Call::Close: return {EIO, EINTR, EDQUOT};
  }
  return {};
}

}  // namespace

class TestFaults : public QObject {
  Q_OBJECT

  int stories_ = 0, hits_ = 0, told_ = 0;

  static std::map<Call, int> countCalls() {
    QTemporaryDir folder(fastFolder());
    const fs::path root = folder.path().toStdString();
    FaultyCalls calls({});
    const WatchedCalls watch(root, calls);
    Story story(storage::Home(root / "home"), storage::FileSystem::posix());
    for (const auto& step : story.steps()) step.take();
    return calls.counts_;
  }

  /// "" if all went as it must.
  QString live(const Fault& fault) {
    QTemporaryDir folder(fastFolder());
    const fs::path root = folder.path().toStdString();
    FaultyCalls calls(fault);
    std::vector<std::string> saved;  // by the recorder's thread, which ends with the story
    std::mutex mutex;                // guards it
    Story story(storage::Home(root / "home"), storage::FileSystem::posix());
    Story::Truth truth;
    {
      const WatchedCalls watch(root, calls);
      story.sink().saved = [&](const std::string& id) {
        const std::lock_guard lock(mutex);
        saved.push_back(id);
      };
      for (const auto& step : story.steps()) {
        if (const auto wrong = take(step, calls, root.string()); !wrong.isEmpty()) return wrong;
        if (auto now = story.truth(); !now.checkpoints.empty()) truth = std::move(now);
      }
    }
    ++stories_;
    hits_ += calls.hits();
    if (saved.size() < std::size_t{Story::kCheckpoints}) return QString("%1 checkpoints were saved").arg(saved.size());
    if (truth.losses != std::size_t{Story::kCheckpoints * Story::kStepsEach}) return QString("%1 losses are on record").arg(truth.losses);
    return violation(story.home(), storage::FileSystem::posix(), truth, truth, saved, story.run().id);
  }

  /// A step that fails is taken again once the fault is cleared.
  QString take(const Story::Step& step, FaultyCalls& calls, const std::string& root) {
    try {
      step.take();
      return {};
    } catch (const Error& error) {
      ++told_;
      if (std::string_view(error.what()).find(root) == std::string_view::npos) return QString("%1: the message names no file: %2").arg(step.name, error.what());
    } catch (const std::exception& error) {
      return QString("%1: not an Error: %2").arg(step.name, error.what());
    }
    calls.clear();
    try {
      step.take();
      return {};
    } catch (const std::exception& error) {
      return QString("%1, after the fault was cleared: %2").arg(step.name, error.what());
    }
  }

 private Q_SLOTS:
  void eachCallFailsInTurn() {
    const int stride = qEnvironmentVariableIsSet("CAIRN_FAULTS_WHOLE") ? 1 : 11;
    const auto counts = countCalls();
    QStringList wrong;
    int turn = 0;
    for (const auto call : kAllCalls) {
      QVERIFY2(counts.contains(call), nameOf(call));
      for (int number = 1; number <= counts.at(call); ++number)
        for (const int code : codesOf(call))
          for (const bool lasting : {false, true}) {
            if (lasting && (code == EINTR || code == kShort)) continue;  // these are continued at once
            if (turn++ % stride != 0) continue;
            const Fault fault{call, number, code, lasting};
            if (const auto what = live(fault); !what.isEmpty()) wrong << textOf(fault) + ": " + what;
            if (wrong.size() > 20) QFAIL(qPrintable("\n" + wrong.join("\n")));
          }
    }
    qInfo("%d stories, %d failed calls, %d messages", stories_, hits_, told_);
    QVERIFY2(wrong.isEmpty(), qPrintable("\n" + wrong.join("\n")));
    QVERIFY(told_ > 20 && hits_ >= stories_ / 2);
  }
};

CAIRN_TEST(TestFaults, faults)
#include "tst_faults.moc"
