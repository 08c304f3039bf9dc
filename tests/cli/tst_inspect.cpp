// `cairnctl inspect`: of a real checkpoint, of hostile ones, and of what is no such file at all.
#include <sys/stat.h>

#include <QTest>
#include <filesystem>
#include <fstream>

#include "cairnctl.h"
#include "hostile/hostile_files.h"
#include "support/test_registry.h"

using namespace cairn::tests;
using nlohmann::json;

namespace {

void write(const std::string& file, const std::string& bytes) { std::ofstream(file, std::ios::binary) << bytes; }

/// The node at a path of names; null if there is none.
json find(const json& inspection, const std::vector<std::string>& path) {
  json node = inspection["tree"];
  for (const auto& name : path) {
    json next;
    for (const auto& child : node.value("children", json::array()))
      if (child["name"] == name) next = child;
    node = next;
    if (node.is_null()) break;
  }
  return node;
}

}  // namespace

class TestInspect : public QObject {
  Q_OBJECT
  Cairnctl cairnctl_;

 private Q_SLOTS:
  void ofACheckpoint() {
    const auto run =
        cairnctl_.json({"train", Cairnctl::example("iris.json"), "--max-steps", "12", "--set", "training.threads=1"});
    const auto checkpoints = cairnctl_.json({"checkpoints"});
    const auto path = checkpoints.back()["path"].get<std::string>();
    const auto inspection = cairnctl_.json({"inspect", path});
    QCOMPARE(inspection["format"].get<std::string>(), std::string("PyTorch"));
    QVERIFY2(inspection["warnings"].empty(), inspection["warnings"].dump().c_str());
    QCOMPARE(find(inspection, {"step"})["value"].dump(), std::string("12"));
    const auto weight = find(inspection, {"model_state_dict", "layers.0.weight"});
    QCOMPARE(weight["dtype"].get<std::string>(), std::string("float32"));
    QCOMPARE(weight["shape"][1].get<int>(), 4);
    const auto text = cairnctl_({"inspect", path});
    QCOMPARE(text.code, 0);
    QVERIFY(text.out.find("layers.0.weight") != std::string::npos);
    QVERIFY(text.out.find("WARNING") == std::string::npos);
    QVERIFY(!std::filesystem::exists(cairnctl_.home() + "/quarantine"));
  }

  void anAttackIsSaidAndNotMade() {
    const auto trace = cairnctl_.file("executed");
    for (const auto& file : attackingPickles(trace)) {
      const auto path = cairnctl_.file("attack.pt");
      write(path, file.bytes);
      const auto text = cairnctl_({"inspect", path});
      QCOMPARE(text.code, 0);
      QVERIFY2(text.out.find(file.says) != std::string::npos && text.out.find("dangerous") != std::string::npos,
               (file.name + ": " + text.out).c_str());
      QVERIFY(!std::filesystem::exists(trace));
    }
    const auto inspection = cairnctl_.json({"inspect", cairnctl_.file("attack.pt")});
    QCOMPARE(inspection["globals"][0]["risk"].get<std::string>(), std::string("dangerous"));
  }

  void whatIsNoSuchFileIsOneError_data() {
    QTest::addColumn<QString>("bytes");
    QTest::addColumn<QString>("says");
    QTest::newRow("empty") << ""
                           << "is empty";
    QTest::newRow("text") << "hello, world, this is no model"
                          << "no zip";
  }
  void whatIsNoSuchFileIsOneError() {
    QFETCH(QString, bytes);
    QFETCH(QString, says);
    const auto path = cairnctl_.file("other.pt");
    write(path, bytes.toStdString());
    requireError(path, says.toStdString());
  }

  void whatIsNoFileIsOneError() {
    requireError(cairnctl_.file("nowhere.pt"), "No such file");
    requireError(cairnctl_.folder(), "directory");
    requireError("/dev/zero", "not a regular file");
    const auto pipe = cairnctl_.file("pipe.pt");
    QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0);
    requireError(pipe, "not a regular file");
  }

  void safetensorsAreShown() {
    const auto path = cairnctl_.file("weights.safetensors");
    write(path,
          safetensorsOf(R"({"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
                        std::string(8, '\1')));
    const auto inspection = cairnctl_.json({"inspect", path});
    QCOMPARE(inspection["format"].get<std::string>(), std::string("safetensors"));
    QCOMPARE(inspection["metadata"]["format"].get<std::string>(), std::string("pt"));
    QCOMPARE(find(inspection, {"w"})["shape"].dump(), std::string("[2]"));
  }

 private:
  void requireError(const std::string& path, const std::string& says) {
    const auto outcome = cairnctl_({"inspect", path});
    QCOMPARE(outcome.code, 1);
    QVERIFY(outcome.out.empty());
    QVERIFY2(outcome.err.starts_with("cairnctl: ") && outcome.err.find(says) != std::string::npos, outcome.err.c_str());
    QCOMPARE(std::count(outcome.err.begin(), outcome.err.end(), '\n'), std::ptrdiff_t{1});
  }
};

CAIRN_TEST(TestInspect, inspect)
#include "tst_inspect.moc"
