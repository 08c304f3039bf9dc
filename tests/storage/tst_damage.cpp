// Damage in a checkpoint file is found, wherever it is: flipped bits, cut ends, zeroed ranges, bytes added.
#include <QTest>
#include <fstream>
#include <random>

#include "storage/checkpoint_files.h"
#include "storage/recovery.h"
#include "storage_fixture.h"
#include "support/test_registry.h"

using namespace cairn;
using namespace cairn::tests;
using storage::Catalog;
namespace fs = std::filesystem;

class TestDamage : public QObject {
  Q_OBJECT

  static constexpr int kFlips = 4000, kCuts = 500, kZeros = 1000;
  QTemporaryDir folder_{fastFolder()};
  std::optional<Catalog> catalog_;
  core::CheckpointRecord record_;
  std::string whole_;  // the file's bytes

  void write(const std::string& bytes) { std::ofstream(record_.path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size())); }
  /// Whether `verify` says so, and the reader too.
  bool isFound(const std::string& bytes) {
    write(bytes);
    const auto verifying = messageOf([&] { storage::verifyCheckpointFile(catalog_->files(), record_); });
    const auto reading = messageOf([&] { storage::readCheckpoint(catalog_->files(), record_); });
    return verifying.find(record_.path) == 0 && reading.find(record_.path) == 0;
  }

 private Q_SLOTS:
  void initTestCase() {
    catalog_.emplace(storage::Home(folder_.filePath("home").toStdString()), Catalog::Access::Write);
    const auto run = smallRun();
    catalog_->insertRun(run);
    record_ = smallCheckpoint(run, 10);
    auto tree = *smallState(record_);
    std::mt19937 random(1);
    std::vector<std::uint32_t> weights(4000);
    for (auto& weight : weights) weight = random() & 0x3fffffff;
    tree.find("model_state_dict")->set("1.weight", core::Tensor::copyOf(core::DType::Float32, {4000}, std::as_bytes(std::span(weights))));
    const auto written = storage::writeCheckpointFile(catalog_->files(), catalog_->home().checkpointFile(run.id, 10, record_.id), tree);
    record_.path = written.path.string();
    record_.bytes = static_cast<std::int64_t>(written.bytes);
    record_.fileHash = written.fileHash;
    record_.hash = written.stateHash;
    catalog_->insertCheckpoint(record_);
    std::ifstream in(record_.path, std::ios::binary);
    whole_.assign(std::istreambuf_iterator<char>(in), {});
    QCOMPARE(whole_.size(), static_cast<std::size_t>(record_.bytes));
  }

  void flippedBitsAreFound() {
    std::mt19937_64 random(20261125);
    for (int i = 0; i < kFlips; ++i) {
      auto bytes = whole_;
      const auto at = random() % bytes.size();
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8));
      QVERIFY2(isFound(bytes), qPrintable(QString("byte %1").arg(at)));
    }
  }

  void cutEndsAreFound() {
    std::mt19937_64 random(7);
    for (int i = 0; i < kCuts; ++i) {
      const auto left = i == 0 ? 0 : i == 1 ? whole_.size() - 1 : random() % whole_.size();
      QVERIFY2(isFound(whole_.substr(0, left)), qPrintable(QString("%1 bytes left").arg(left)));
    }
    QVERIFY(isFound(whole_ + '\0'));
    fs::remove(record_.path);
    QVERIFY(!messageOf([&] { storage::verifyCheckpointFile(catalog_->files(), record_); }).empty());
  }

  void zeroedRangesAreFound() {
    std::mt19937_64 random(11);
    int tried = 0;
    while (tried < kZeros) {
      auto bytes = whole_;
      const auto at = random() % bytes.size();
      const auto count = std::min<std::size_t>(bytes.size() - at, 1 + random() % 4096);
      std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), count, '\0');
      if (bytes == whole_) continue;  // they were zeros
      ++tried;
      QVERIFY2(isFound(bytes), qPrintable(QString("%1 bytes from %2").arg(count).arg(at)));
    }
  }

  void theRowSaysSoAndTakesItBack() {
    auto bytes = whole_;
    bytes[bytes.size() / 2] ^= 1;
    write(bytes);
    QCOMPARE(storage::verify(*catalog_, catalog_->checkpoints()), std::vector<std::string>{record_.id});
    QCOMPARE(catalog_->checkpoint(record_.id).state, core::CheckpointState::Damaged);
    write(whole_);
    QVERIFY(storage::verify(*catalog_, catalog_->checkpoints()).empty());
    QCOMPARE(catalog_->checkpoint(record_.id).state, core::CheckpointState::Ready);
  }
};

CAIRN_TEST(TestDamage, damage)
#include "tst_damage.moc"
