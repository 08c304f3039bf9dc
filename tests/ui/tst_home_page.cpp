// Homes that cannot be opened, or only read: each says what is wrong and what to do; a damaged catalog is rebuilt by a click.
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <QLabel>
#include <QPushButton>
#include <array>

#include "support/test_registry.h"
#include "ui/support/recovery_fixture.h"

using namespace cairn;
using tests::kRecoveryPatience;
using tests::RecoveryFixture;

namespace {

// Place in a SQLite file's header, of a big-endian number of 4 bytes.
constexpr off_t kUserVersion = 60;
constexpr off_t kFirstTree = 100;  // where the schema's own tree begins

void overwrite(const std::filesystem::path& file, off_t at, std::string_view bytes) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CLOEXEC);
  QVERIFY(descriptor >= 0);
  QCOMPARE(::pwrite(descriptor, bytes.data(), bytes.size(), at), static_cast<ssize_t>(bytes.size()));
  ::close(descriptor);
}

/// A user who may write nothing here, also where the tests run as root.
class NoRights {
 public:
  explicit NoRights(const std::filesystem::path& home) : home_(home) {
    namespace fs = std::filesystem;
    fs::permissions(home_.parent_path(), fs::perms::owner_write | readable(true));
    for (const auto& entry : fs::recursive_directory_iterator(home_)) fs::permissions(entry, readable(entry.is_directory()));
    fs::permissions(home_, readable(true));
    wasRoot_ = ::geteuid() == 0;
    if (wasRoot_) [[maybe_unused]] const int done = ::seteuid(kNobody);
  }
  ~NoRights() {
    namespace fs = std::filesystem;
    if (wasRoot_) [[maybe_unused]] const int done = ::seteuid(0);
    fs::permissions(home_, fs::perms::owner_all);
    for (const auto& entry : fs::recursive_directory_iterator(home_)) fs::permissions(entry, fs::perms::owner_all);
  }

 private:
  static constexpr uid_t kNobody = 65534;
  static std::filesystem::perms readable(bool folder) {
    using std::filesystem::perms;
    const auto read = perms::owner_read | perms::group_read | perms::others_read;
    return folder ? read | perms::owner_exec | perms::group_exec | perms::others_exec : read;
  }
  std::filesystem::path home_;
  bool wasRoot_ = false;
};

}  // namespace

class HomePageTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { fixture_ = std::make_unique<RecoveryFixture>(); }
  void cleanup() { fixture_.reset(); }

  void aDamagedCatalogIsRebuiltByAClick() {
    const auto run = fixture_->jobs.trained();
    damage();
    openFailing();
    QVERIFY2(title().contains("damaged"), qPrintable(title()));
    QVERIFY(fixture_->find("rebuildHome")->isVisible());
    RecoveryFixture::picture(fixture_->window.get(), "home-damaged");
    fixture_->click("rebuildHome");
    QTRY_VERIFY_WITH_TIMEOUT(fixture_->window->client().loaded(), kRecoveryPatience);
    QTRY_VERIFY(!fixture_->find("homeErrorPage")->isVisible());
    QCOMPARE(fixture_->run(run).status, core::RunStatus::Completed);
    QVERIFY2(fixture_->bannerText().contains("made anew"), qPrintable(fixture_->bannerText()));
    RecoveryFixture::picture(fixture_->window.get(), "home-rebuilt");
  }

  void withoutABackupTheFilesAreEnough() {
    const auto run = fixture_->jobs.trained();
    const auto rows = fixture_->jobs.read().checkpoints(run).size();
    std::filesystem::remove(fixture_->jobs.home().catalogBackup());
    damage();
    openFailing();
    fixture_->click("rebuildHome");
    QTRY_VERIFY_WITH_TIMEOUT(fixture_->window->client().loaded(), kRecoveryPatience);
    QTRY_VERIFY2(fixture_->bannerText().contains("no sound backup"), qPrintable(fixture_->bannerText()));
    QCOMPARE(fixture_->snapshot()->checkpointCount(), rows);
  }

  void aCancelledRebuildCanBeTriedAgain() {
    fixture_->jobs.trained();
    damage();
    openFailing();
    fixture_->click("rebuildHome");
    QTRY_VERIFY(fixture_->find("cancelRebuild")->isVisible() || fixture_->window->client().loaded());
    if (fixture_->find("cancelRebuild")->isVisible()) fixture_->click("cancelRebuild");
    QTRY_VERIFY(fixture_->find("rebuildHome")->isVisible() || fixture_->window->client().loaded());
    // What was under way ends by itself: it may hold the home for a moment yet.
    QTRY_VERIFY_WITH_TIMEOUT(rebuildAgain() || fixture_->window->client().loaded(), kRecoveryPatience);
  }

  void aNewerHomeIsSaidToBeOne() {
    fixture_->jobs.trained();
    overwrite(fixture_->jobs.home().catalog(), kUserVersion, std::string_view("\0\0\3\0", 4));
    openFailing();
    QVERIFY2(title().contains("newer version"), qPrintable(title()));
    QVERIFY(!fixture_->find("rebuildHome")->isVisible());
    QVERIFY(fixture_->find("otherHome")->isVisible());
    RecoveryFixture::picture(fixture_->window.get(), "home-newer");
  }

  void anotherProgramsDatabaseIsLeftAlone() {
    std::filesystem::create_directories(fixture_->jobs.home().root());
    sqlite3* database = nullptr;
    QCOMPARE(sqlite3_open(fixture_->jobs.home().catalog().c_str(), &database), SQLITE_OK);
    QCOMPARE(sqlite3_exec(database, "CREATE TABLE songs (title TEXT)", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
    openFailing();
    QVERIFY2(title().contains("another program"), qPrintable(title()));
    QVERIFY(!fixture_->find("rebuildHome")->isVisible());
    QVERIFY(std::filesystem::remove(fixture_->jobs.home().catalog()));
    fixture_->click("retryHome");
    QTRY_VERIFY(fixture_->find("startPage")->isVisible());
  }

  void aCatalogThatIsGoneIsRebuilt() {
    const auto run = fixture_->jobs.trained();
    std::filesystem::remove(fixture_->jobs.home().catalog());
    openFailing();
    QVERIFY2(title().contains("is gone"), qPrintable(title()));
    fixture_->click("rebuildHome");
    QTRY_VERIFY_WITH_TIMEOUT(fixture_->window->client().loaded(), kRecoveryPatience);
    QVERIFY(fixture_->snapshot()->run(run));
  }

  void aHomeThatCanOnlyBeReadSaysSo() {
    const auto run = fixture_->jobs.trained();
    const NoRights none(fixture_->jobs.home().root());
    fixture_->open();
    QTRY_VERIFY2(fixture_->bannerText().contains("This home can only be read"), qPrintable(fixture_->bannerText()));
    QCOMPARE(fixture_->snapshot()->runs.size(), std::size_t{1});
    fixture_->window->selection().selectRun(run);
    RecoveryFixture::picture(fixture_->window.get(), "home-read-only");
    QVERIFY(!fixture_->find("newRun")->isEnabled());
    fixture_->window.reset();
  }

 private:
  /// The tree of the schema is rubbish; the header still says SQLite.
  void damage() const { overwrite(fixture_->jobs.home().catalog(), kFirstTree, std::string(2000, '\x5a')); }
  void openFailing() const {
    fixture_->show();
    QTRY_VERIFY(fixture_->find("homeErrorPage")->isVisible());
  }
  QString title() const { return fixture_->find<QLabel>("homeErrorTitle")->text(); }
  bool rebuildAgain() const {
    auto* button = fixture_->find<QPushButton>("rebuildHome");
    if (button->isVisible()) QTest::mouseClick(button, Qt::LeftButton);
    return fixture_->window->client().loaded();
  }

  std::unique_ptr<RecoveryFixture> fixture_;
};

CAIRN_TEST(HomePageTest, home_page)
#include "tst_home_page.moc"
