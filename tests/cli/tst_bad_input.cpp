#include <QTest>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cairnctl.h"
#include "support/test_registry.h"

using namespace cairn::tests;
using nlohmann::json;

namespace {
std::string read(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}
void write(const std::string& file, const std::string& bytes) { std::ofstream(file, std::ios::binary) << bytes; }

/// An IDX file: magic, extents, bytes.
std::string idx(unsigned char dimensions, const std::vector<std::uint32_t>& extents, const std::string& bytes) {
  std::string file{'\0', '\0', '\x08', static_cast<char>(dimensions)};
  for (const auto extent : extents)
    for (const int shift : {24, 16, 8, 0}) file += static_cast<char>(extent >> shift & 0xff);
  return file + bytes;
}
}  // namespace

/// Each fault gives one line on stderr that names what is wrong, and the right exit code.
class TestBadInput : public QObject {
  Q_OBJECT
  Cairnctl cairnctl_;

  void check(const std::vector<std::string>& arguments, int code, const std::vector<std::string>& named) {
    const auto outcome = cairnctl_(arguments);
    QVERIFY2(outcome.code == code, (std::to_string(outcome.code) + ": " + outcome.err).c_str());
    const auto at = outcome.err.rfind("cairnctl: ");
    QVERIFY2(at != std::string::npos && (at == 0 || outcome.err[at - 1] == '\n'), outcome.err.c_str());
    const auto line = outcome.err.substr(at);
    QVERIFY2(line.find('\n') == line.size() - 1, line.c_str());
    QVERIFY(outcome.out.empty());
    for (const auto& word : named)
      QVERIFY2(line.find(word) != std::string::npos, (word + " is not in: " + line).c_str());
  }
  std::string spec(const std::string& name, const json& value) {
    write(cairnctl_.file(name), value.dump());
    return cairnctl_.file(name);
  }
  json csvSpec(const std::string& data) {
    return {{"data", {{"format", "csv"}, {"path", data}, {"target", "y"}, {"task", "regression"}}},
            {"model", {{"type", "MLP"}, {"hidden", json::array()}}},
            {"loss", "MSELoss"},
            {"training", {{"epochs", 1}, {"batch_size", 2}, {"threads", 1}}}};
  }
  json idxSpec() {
    return {{"data", {{"format", "idx"}, {"images", "images"}, {"labels", "labels"}}},
            {"model", {{"type", "MLP"}}},
            {"loss", "CrossEntropyLoss"},
            {"training", {{"epochs", 1}, {"batch_size", 2}, {"threads", 1}}}};
  }

 private Q_SLOTS:
  void init() {
    write(cairnctl_.file("good.csv"), "x,y\n1,2\n2,4\n3,6\n4,8\n");
    write(cairnctl_.file("images"), idx(3, {4, 2, 2}, std::string(16, 'a')));
    write(cairnctl_.file("labels"), idx(1, {4}, std::string{0, 1, 0, 1}));
  }

  void specs() {
    auto unknown = csvSpec("good.csv");
    unknown["optimizer"]["learning_rate"] = 0.5;
    check({"train", spec("a.json", unknown)}, 2, {"optimizer.learning_rate", "0.5", "optimizer.lr"});
    auto wrong = csvSpec("good.csv");
    wrong["training"]["epochs"] = "ten";
    check({"train", spec("b.json", wrong)}, 2, {"training.epochs", "ten"});
    auto impossible = csvSpec("good.csv");
    impossible["optimizer"]["lr"] = -1;
    check({"train", spec("c.json", impossible)}, 2, {"optimizer.lr", "-1"});
    write(cairnctl_.file("d.json"), "{\n\"data\": nothing\n}");
    check({"train", cairnctl_.file("d.json")}, 2, {"d.json", "line 2"});
    check({"train", cairnctl_.file("absent.json")}, 1, {"absent.json"});
    QVERIFY(!std::filesystem::exists(cairnctl_.home()));  // nothing was begun
  }

  void csvFiles() {
    const auto train = [&](const std::string& data, const std::vector<std::string>& named) {
      check({"train", spec("s.json", csvSpec(data))}, 1, named);
    };
    train("absent.csv", {"absent.csv"});
    write(cairnctl_.file("empty.csv"), "");
    train("empty.csv", {"empty.csv", "empty"});
    write(cairnctl_.file("ragged.csv"), "x,y\n1,2\n3\n");
    train("ragged.csv", {"ragged.csv", "line 3"});
    write(cairnctl_.file("words.csv"), "x,y\n1,2\ntwo,4\n");
    train("words.csv", {"words.csv", "line 3", "x", "two"});
    write(cairnctl_.file("columns.csv"), "x,z\n1,2\n");
    const auto outcome = cairnctl_({"train", spec("s.json", csvSpec("columns.csv"))});
    QVERIFY2((outcome.code == 1 || outcome.code == 2) && outcome.err.find("y") != std::string::npos,
             outcome.err.c_str());
  }

  void idxFiles() {
    const auto file = spec("i.json", idxSpec());
    write(cairnctl_.file("images"), idx(3, {4, 2, 2}, std::string(9, 'a')));
    check({"train", file}, 1, {"images"});
    write(cairnctl_.file("images"), "not an IDX file at all");
    check({"train", file}, 1, {"images"});
    write(cairnctl_.file("images"), idx(3, {4, 2, 2}, std::string(16, 'a')));
    write(cairnctl_.file("labels"), idx(1, {3}, std::string{0, 1, 0}));
    check({"train", file}, 1, {"labels"});
  }

  void aBatchLargerThanTheData() {
    const auto outcome = cairnctl_({"train", spec("s.json", csvSpec("good.csv")), "--set", "training.batch_size=5"});
    QVERIFY2(outcome.code == 1 || outcome.code == 2, outcome.err.c_str());
    QVERIFY2(outcome.err.find("batch_size") != std::string::npos && outcome.err.find("5") != std::string::npos,
             outcome.err.c_str());
  }

  void aHomeThatCannotBe() {
    write(cairnctl_.file("plain"), "");
    check({"--home", cairnctl_.file("plain") + "/home", "train", spec("s.json", csvSpec("good.csv"))}, 1, {"plain"});
    check({"--home", "/proc/cairn", "train", spec("s.json", csvSpec("good.csv"))}, 1, {"/proc/cairn"});
  }

  void aFolderThatIsNoHomeStaysAsItIs() {
    const auto folder = cairnctl_.file("documents");
    std::filesystem::create_directory(folder);
    for (const auto& arguments : {std::vector<std::string>{"resume", "x"}, {"branch", "x@1"}, {"recover"}, {"note", "x", "y"}, {"trash", "--empty"}, {"runs"}}) {
      std::vector<std::string> all{"--home", folder};
      all.insert(all.end(), arguments.begin(), arguments.end());
      check(all, 1, {"documents", "--home"});
      QVERIFY2(std::filesystem::is_empty(folder), arguments[0].c_str());
    }
  }

  void catalogs() {
    QCOMPARE(cairnctl_({"train", spec("s.json", csvSpec("good.csv")), "--set", "data.normalize=false"}).code, 0);
    const auto catalog = cairnctl_.home() + "/catalog.sqlite";
    const auto good = read(catalog);
    auto newer = good;
    newer[60] = 0, newer[61] = 0, newer[62] = 1, newer[63] = 0;  // SQLite's user_version, big-endian: 256
    for (const auto& [bytes, words] : std::vector<std::pair<std::string, std::vector<std::string>>>{
             {newer, {"catalog.sqlite", "newer"}},
             {"this is a text file, and has been one for long enough to fill a header of SQLite's, which it is not",
              {"catalog.sqlite", "SQLite"}}}) {
      std::filesystem::remove(catalog + "-wal");
      std::filesystem::remove(catalog + "-shm");
      write(catalog, bytes);
      for (const auto& arguments :
           std::vector<std::vector<std::string>>{{"runs"}, {"train", cairnctl_.file("s.json")}, {"recover"}}) {
        check(arguments, 1, words);
        QVERIFY(read(catalog) == bytes);  // and it is as it was
      }
    }
    write(catalog, good);
    QCOMPARE(cairnctl_.json({"runs"}).size() >= 1, true);
  }
};

CAIRN_TEST(TestBadInput, bad_input)
#include "tst_bad_input.moc"
