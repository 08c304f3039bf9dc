#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>

#include "data_files.h"
#include "engine/data/batch.h"
#include "engine/data/class_names.h"
#include "engine/data/dataset.h"
#include "engine/data/idx_reader.h"
#include "engine/data/random.h"
#include "support/test_registry.h"

using namespace cairn;
using namespace cairn::engine;
using namespace cairn::tests;

class TestDataset : public QObject {
  Q_OBJECT

  DataFiles files_;

  std::string rows(int count) {
    std::string text = "a,b,y\n";
    for (int i = 0; i < count; ++i) text += std::to_string(i) + ",7," + (i % 2 ? "odd" : "even") + "\n";
    return text;
  }

  core::DataSpec idxSpec(const std::string& images, const std::string& labels) {
    core::DataSpec spec;
    spec.source = core::IdxData{images, labels, "", ""};
    return spec;
  }

  core::DataSpec textSpec(const std::string& text, std::int64_t block) {
    core::DataSpec spec;
    spec.source = core::TextData{files_.write("text.txt", text), block};
    return spec;
  }

 private Q_SLOTS:
  void splitsBySeedAlone() {
    auto spec = csvSpec(files_.write("rows.csv", rows(100)), {"y"});
    spec.validationFraction = 0.25;
    const auto first = loadDataset(spec, 7, {});
    QCOMPARE(first.validation.size(), std::size_t{25});
    QCOMPARE(first.training.size(), std::size_t{75});
    QVERIFY(std::is_sorted(first.training.begin(), first.training.end()));
    std::set<std::int64_t> all(first.training.begin(), first.training.end());
    all.insert(first.validation.begin(), first.validation.end());
    QCOMPARE(all.size(), std::size_t{100});
    std::srand(1);  // no global generator has a part in it
    QVERIFY(loadDataset(spec, 7, {}).validation == first.validation);
    QVERIFY(loadDataset(spec, 8, {}).validation != first.validation);
  }

  void splitIsTheSameForEver() {
    SplitMix64 random(0);
    QCOMPARE(random.next(), 0xe220a8397b1dcdafull);  // the published first value of SplitMix64 from 0
    SplitMix64 other(42);
    QCOMPARE(permutation(8, other), (std::vector<std::int64_t>{3, 1, 6, 2, 4, 0, 7, 5}));
  }

  void belowIsUniform() {
    SplitMix64 random(3);
    std::array<int, 7> counts{};
    for (int i = 0; i < 70'000; ++i) ++counts[random.below(7)];
    for (const int count : counts) QVERIFY(std::abs(count - 10'000) < 500);
  }

  void leavesNoneToTrainOn() {
    auto spec = csvSpec(files_.write("one.csv", rows(1)), {"y"});
    spec.validationFraction = 0.1;
    CAIRN_CONTAINS(messageOf([&] { loadDataset(spec, 0, {}); }), "data.validation_fraction");
  }

  void normalizesByTheTrainingPart() {
    auto spec = csvSpec(files_.write("train.csv", "a,b,y\n0,7,u\n2,7,v\n4,7,u\n"), {"y"});
    spec.validationPath = files_.write("valid.csv", "y,b,a\nw,8,100\n");  // other order, a class of its own
    const auto data = loadDataset(spec, 0, {});
    QCOMPARE(data.normalization.mean, (std::vector<double>{2, 7}));
    QCOMPARE(data.normalization.std, (std::vector<double>{std::sqrt(8.0 / 3), 1}));
    QCOMPARE(data.classes, (std::vector<std::string>{"u", "v", "w"}));
    QCOMPARE(data.validation, (std::vector<std::int64_t>{3}));
    std::vector<float> out(4);
    gatherInputs(data, std::vector<std::int64_t>{3, 0}, out);
    QCOMPARE(out[0], static_cast<float>(98 / std::sqrt(8.0 / 3)));
    QCOMPARE(out[1], 1.0f);
    QCOMPARE(out[2], static_cast<float>(-2 / std::sqrt(8.0 / 3)));
    QCOMPARE(out[3], 0.0f);
    std::vector<std::int64_t> labels(2);
    gatherLabels(data, std::vector<std::int64_t>{3, 1}, labels);
    QCOMPARE(labels, (std::vector<std::int64_t>{2, 1}));
  }

  void keepsRawValuesWithoutNormalization() {
    auto spec = csvSpec(files_.write("raw.csv", "a,y\n3,1.5\n5,2.5\n"), {"y"}, core::Task::Regression);
    spec.normalize = false;
    const auto data = loadDataset(spec, 0, {});
    std::vector<float> out(2), targets(1);
    gatherInputs(data, std::vector<std::int64_t>{1, 0}, out);
    gatherTargets(data, std::vector<std::int64_t>{1}, targets);
    QCOMPARE(out, (std::vector<float>{5, 3}));
    QCOMPARE(targets, (std::vector<float>{2.5f}));
    QVERIFY(data.normalization.mean.empty() && data.classes.empty());
  }

  void sortsClasses() {
    QCOMPARE(sortClasses({"10", "9", "-1"}).names, (std::vector<std::string>{"-1", "9", "10"}));
    QCOMPARE(sortClasses({"10", "9", "x"}).names, (std::vector<std::string>{"10", "9", "x"}));
    const auto equal = sortClasses({"2.0", "1", "2"});
    QCOMPARE(equal.names, (std::vector<std::string>{"1", "2"}));
    QCOMPARE(equal.numberOf, (std::vector<std::int64_t>{1, 0, 1}));
  }

  void fingerprintsContentsAndReading() {
    const auto text = rows(10);
    const auto spec = csvSpec(files_.write("f.csv", text), {"y"});
    const auto print = loadDataset(spec, 1, {}).fingerprint;
    QCOMPARE(print.size(), std::size_t{32});
    QCOMPARE(fingerprintFiles(spec, {}), print);
    QCOMPARE(fingerprintFiles(csvSpec(files_.writeGzip("f.csv.gz", text), {"y"}), {}), print);
    QVERIFY(fingerprintFiles(csvSpec(spec.format() == "csv" ? files_.path("f.csv") : "", {"a"}, core::Task::Regression),
                             {}) != print);
    QVERIFY(fingerprintFiles(csvSpec(files_.write("g.csv", text + "1,7,odd\n"), {"y"}), {}) != print);
  }

  void readsImagesAndLabels() {
    const std::string pixels("\x00\x33\xff\x00\xff\xff\x00\x00\x00\x00\x00\x33", 12);
    auto spec = idxSpec(files_.writeGzip("images.gz", idxBytes({3, 2, 2}, pixels)),
                        files_.write("labels", idxBytes({3}, std::string("\x01\x09\x00", 3))));
    spec.normalize = false;
    const auto data = loadDataset(spec, 0, {});
    QCOMPARE(data.shape.channels, 1);
    QCOMPARE(data.shape.height, 2);
    QCOMPARE(data.shape.outputs, 10);
    QCOMPARE(data.labels, (std::vector<std::int64_t>{1, 9, 0}));
    QCOMPARE(data.classes.size(), std::size_t{10});
    std::vector<float> out(4);
    gatherInputs(data, std::vector<std::int64_t>{0}, out);
    QCOMPARE(out, (std::vector<float>{0, 0.2f, 1, 0}));
    spec.normalize = true;
    const auto scaled = loadDataset(spec, 0, {});
    const double mean = (3 + 2 * 0.2) / 12;
    const double square = (3 + 2 * 0.04) / 12;
    QVERIFY(std::abs(scaled.normalization.mean[0] - mean) < 1e-12);
    QVERIFY(std::abs(scaled.normalization.std[0] - std::sqrt(square - mean * mean)) < 1e-12);
  }

  void offersAtLeastTenClassesOfImages() {
    const auto spec =
        idxSpec(files_.write("i", idxBytes({1, 1, 1}, "x")), files_.write("l", idxBytes({1}, std::string(1, '\0'))));
    QCOMPARE(loadDataset(spec, 0, {}).shape.outputs, 10);
  }

  void refusesLabelsOutOfRange() {
    auto spec = idxSpec(files_.write("three", idxBytes({3, 1, 1}, "xyz")),
                        files_.write("labels", idxBytes({3}, std::string("\x01\x4d\x00", 3))));
    CAIRN_CONTAINS(messageOf([&] { loadDataset(spec, 0, {}); }), "label 77 of image 1 is out of range");
    auto& idx = std::get<core::IdxData>(spec.source);
    idx.validationImages = idx.images;
    idx.validationLabels = idx.labels;
    idx.labels = files_.write("good", idxBytes({3}, std::string("\x01\x02\x00", 3)));
    CAIRN_CONTAINS(messageOf([&] { loadDataset(spec, 0, {}); }), "0 to 9");
  }

  void refusesBadIdx_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("why");
    const auto row = [](const char* name, const std::string& bytes, const char* why) {
      QTest::newRow(name) << QByteArray::fromStdString(bytes) << QByteArray(why);
    };
    row("empty", "", "is empty");
    row("text", "a,b\n1,2\n", "is not an IDX file: it begins with 61 2c 62 0a");
    row("floats", idxBytes({1, 1, 1}, "1234", 0x0D), "holds 32-bit floats");
    row("labels", idxBytes({1}, "x"), "has 1 dimensions where an images file has 3");
    row("short magic", std::string("\0\0\x08", 3), "cut short in its header");
    row("short header", idxBytes({2, 2, 2}, "").substr(0, 10), "cut short in its header");
    row("cut short", idxBytes({2, 2, 2}, "1234567"), "has 7 of 8 values");
    row("too long", idxBytes({2, 2, 2}, "123456789"), "goes on after the 8 values");
    row("none", idxBytes({0, 2, 2}, ""), "is empty: its header says 0 x 2 x 2");
    row("a lie", idxBytes({0xffffffffu, 0xffffffffu, 0xffffffffu}, "x"), "which cannot be");
    row("a large lie", idxBytes({0x10000u, 0x1000u, 0x400u}, "x"), "has 1 of 274877906944 values");
  }
  void refusesBadIdx() {
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, why);
    const auto message = messageOf([&] { readIdx(files_.write("bad-images", bytes.toStdString()), 3, {}); });
    CAIRN_CONTAINS(message, "bad-images");
    CAIRN_CONTAINS(message, why.toStdString());
  }

  void refusesPairsThatDoNotFit() {
    auto spec = idxSpec(files_.write("two", idxBytes({2, 1, 1}, "xy")), files_.write("three", idxBytes({3}, "abc")));
    CAIRN_CONTAINS(messageOf([&] { loadDataset(spec, 0, {}); }), "has 3 labels for the 2 images");
    auto& idx = std::get<core::IdxData>(spec.source);
    idx.labels = files_.write("pair", idxBytes({2}, "ab"));
    idx.validationImages = files_.write("wide", idxBytes({2, 1, 2}, "wxyz"));
    idx.validationLabels = idx.labels;
    CAIRN_CONTAINS(messageOf([&] { loadDataset(spec, 0, {}); }), "its images are 1 x 2, those to train on 1 x 1");
  }

  void cutsTextIntoBlocks() {
    auto spec = textSpec("abcdefghijk", 3);  // 11 bytes: floor(10 / 3) blocks
    spec.validationFraction = 0.34;
    const auto data = loadDataset(spec, 5, {});
    QCOMPARE(data.training, (std::vector<std::int64_t>{0, 3}));
    QCOMPARE(data.validation, (std::vector<std::int64_t>{6}));
    std::vector<std::int64_t> in(3), out(3);
    gatherBlocks(data, std::vector<std::int64_t>{6}, in, out);
    QCOMPARE(in, (std::vector<std::int64_t>{'g', 'h', 'i'}));
    QCOMPARE(out, (std::vector<std::int64_t>{'h', 'i', 'j'}));
  }

  void keepsAValidationTextApart() {
    auto spec = textSpec("abcdef", 2);
    spec.validationPath = files_.write("valid.txt", "vwxyz");
    const auto data = loadDataset(spec, 5, {});
    QCOMPARE(data.training, (std::vector<std::int64_t>{0, 2}));
    QCOMPARE(data.validationBytesAt, 6);
    QCOMPARE(data.validation, (std::vector<std::int64_t>{6, 8}));
    std::vector<std::int64_t> in(2), out(2);
    gatherBlocks(data, std::vector<std::int64_t>{8}, in, out);
    QCOMPARE(out, (std::vector<std::int64_t>{'y', 'z'}));
  }

  void refusesTextThatIsTooShort() {
    CAIRN_CONTAINS(messageOf([&] { loadDataset(textSpec("abcd", 4), 0, {}); }),
                   "has 4 bytes, and a block of 4 needs 5");
    CAIRN_CONTAINS(messageOf([&] { loadDataset(textSpec("", 4), 0, {}); }), "is empty");
    QCOMPARE(loadDataset(textSpec("abcde", 4), 0, {}).training.size(), std::size_t{1});
  }
};

CAIRN_TEST(TestDataset, dataset)
#include "tst_dataset.moc"
