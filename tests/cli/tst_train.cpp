#include <QTest>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>

#include "cairnctl.h"
#include "support/test_registry.h"

using namespace cairn::tests;
using nlohmann::json;

namespace {
std::set<std::string> keysOf(const json& object) {
  std::set<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.insert(key);
  return keys;
}
bool holds(const json& object, const std::set<std::string>& wanted) {
  const auto keys = keysOf(object);
  return std::includes(keys.begin(), keys.end(), wanted.begin(), wanted.end());
}
}  // namespace

/// The tutorial's straight line through every command.
class TestTrain : public QObject {
  Q_OBJECT
  Cairnctl cairnctl_;

 private Q_SLOTS:
  void trainPrintsTheRun() {
    const auto outcome = cairnctl_({"train", Cairnctl::example("line.json"), "--json"});
    QVERIFY2(outcome.code == 0, outcome.err.c_str());
    const auto run = outcome.json();
    QVERIFY2(holds(run, {"id", "name", "status", "step", "total_steps", "epoch", "parent_checkpoint", "created_at",
                         "spec", "device", "threads", "best"}),
             outcome.out.c_str());
    QCOMPARE(run["name"].get<std::string>(), std::string("line"));
    QCOMPARE(run["status"].get<std::string>(), std::string("completed"));
    QCOMPARE(run["step"].get<int>(), 3);
    QCOMPARE(run["total_steps"].get<int>(), 3);
    QCOMPARE(run["epoch"].get<int>(), 3);
    QVERIFY(run["parent_checkpoint"].is_null());
    QCOMPARE(run["device"].get<std::string>(), std::string("cpu"));
    QCOMPARE(run["threads"].get<int>(), 1);
    QCOMPARE(run["spec"]["optimizer"]["lr"].get<double>(), 0.1);
    QVERIFY(holds(run["best"], {"step", "metric", "value"}));
  }

  void runsAndShowAgree() {
    const auto runs = cairnctl_.json({"runs"});
    QCOMPARE(runs.size(), 1u);
    QVERIFY(cairnctl_.json({"show", "line"}) == runs[0]);
    QVERIFY(cairnctl_.json({"show", runs[0]["id"].get<std::string>().substr(0, 6)}) == runs[0]);
    const auto text = cairnctl_({"runs"}).out;
    QVERIFY2(text.find("line") != std::string::npos && text.find("completed") != std::string::npos, text.c_str());
    QVERIFY(cairnctl_({"show", "line"}).out.find("optimizer.lr") != std::string::npos);
  }

  void checkpointsHaveTheirKeys() {
    const auto list = cairnctl_.json({"checkpoints", "line"});
    QVERIFY(list.size() >= 1);
    for (const auto& checkpoint : list) {
      QVERIFY(holds(checkpoint, {"id", "run", "step", "epoch", "kind", "roles", "loss", "metrics", "path", "bytes",
                                 "hash", "pinned", "note", "tags", "created_at", "state"}));
      QCOMPARE(std::filesystem::file_size(checkpoint["path"].get<std::string>()),
               checkpoint["bytes"].get<std::uintmax_t>());
    }
    QCOMPARE(list.back()["step"].get<int>(), 3);
    QCOMPARE(cairnctl_.json({"show", "line@latest"})["step"].get<int>(), 3);
    QCOMPARE(cairnctl_.json({"show", "line@2"})["step"].get<int>(), 2);
    const auto text = cairnctl_({"checkpoints"}).out;
    QVERIFY2(text.find("final") != std::string::npos && text.find("KIND") < text.find("ROLES"), text.c_str());
    QCOMPARE(cairnctl_({"show", "line@77"}).code, 1);
    QCOMPARE(cairnctl_({"show", "nothing"}).code, 1);
  }

  void metricsAreCsvBySeriesThenStep() {
    const auto csv =
        QString::fromStdString(cairnctl_({"metrics", "line", "--json"}).out).split('\n', Qt::SkipEmptyParts);
    QCOMPARE(csv.first(), QString("series,step,epoch,seconds,value"));
    QStringList losses;
    for (const auto& line : csv)
      if (line.startsWith("train/loss,")) losses << line;
    QCOMPARE(losses.size(), 3);
    for (int i = 0; i < 3; ++i) QCOMPARE(losses[i].split(',')[1].toInt(), i + 1);
    QVERIFY(losses[2].split(',')[4].toDouble() < losses[0].split(',')[4].toDouble());
    const auto one = QString::fromStdString(cairnctl_({"metrics", "line", "--series", "train/loss"}).out)
                         .split('\n', Qt::SkipEmptyParts);
    QCOMPARE(one.mid(1), losses);
  }

  void aCompletedRunIsLeftAlone() {
    const auto before = cairnctl_.json({"show", "line"});
    const auto outcome = cairnctl_({"resume", "line", "--json"});
    QCOMPARE(outcome.code, 0);
    QVERIFY(outcome.json()["step"] == before["step"]);
    QCOMPARE(outcome.json()["resume_check"]["steps_repeated"].get<int>(), 0);
  }

  void trainLongerRaisesTheLimit() {
    const auto run = cairnctl_.json({"resume", "line", "--epochs", "5"});
    QCOMPARE(run["step"].get<int>(), 5);
    QCOMPARE(run["status"].get<std::string>(), std::string("completed"));
    QCOMPARE(run["spec"]["training"]["epochs"].get<int>(), 5);
    QVERIFY(run["resume_check"]["identical"] == run["resume_check"]["steps_repeated"]);
    const auto lower = cairnctl_({"resume", "line", "--steps", "4"});  // in the other unit, too, it can only be raised
    QCOMPARE(lower.code, 2);
    QVERIFY2(lower.err.find("4 is below the run's 5") != std::string::npos, lower.err.c_str());
  }

  void aBranchGoesOnFromItsCheckpoint() {
    const auto outcome = cairnctl_(
        {"branch", "line@3", "--name", "slow", "--set", "optimizer.lr=0.01", "--set", "training.epochs=6", "--json"});
    QVERIFY2(outcome.code == 0, outcome.err.c_str());
    const auto run = outcome.json();
    QCOMPARE(run["name"].get<std::string>(), std::string("slow"));
    QCOMPARE(run["step"].get<int>(), 6);
    QVERIFY(run["parent_checkpoint"] == cairnctl_.json({"show", "line@3"})["id"]);
    const auto whole = cairnctl_({"metrics", "slow", "--series", "train/loss"}).out;
    const auto own = cairnctl_({"metrics", "slow", "--series", "train/loss", "--own"}).out;
    QCOMPARE(std::count(whole.begin(), whole.end(), '\n'), 7);
    QCOMPARE(std::count(own.begin(), own.end(), '\n'), 4);
  }

  void maxStepsStopsAndResumeEqualsOneGo() {
    const auto first = cairnctl_.json({"train", Cairnctl::example("line.json"), "--name", "parts", "--max-steps", "2"});
    QCOMPARE(first["step"].get<int>(), 2);
    QVERIFY(first["status"] != "completed");
    QCOMPARE(cairnctl_.json({"resume", "parts"})["status"].get<std::string>(), std::string("completed"));
    QVERIFY(cairnctl_.json({"show", "parts@3"})["hash"] == cairnctl_.json({"show", "line@3"})["hash"]);
  }

  void predictUsesTheModel() {
    std::ofstream(cairnctl_.file("in.csv")) << "x\n1\n10\n";
    const auto outcome = cairnctl_({"predict", "line@latest", cairnctl_.file("in.csv")});
    QVERIFY2(outcome.code == 0, outcome.err.c_str());
    const auto lines = QString::fromStdString(outcome.out).split('\n', Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 3);
    QCOMPARE(lines[0], QString("y"));
    QVERIFY(lines[2].toDouble() > lines[1].toDouble());
    const auto rows = cairnctl_.json({"predict", "line@latest", cairnctl_.file("in.csv")});
    QCOMPARE(rows.size(), 2u);
    QCOMPARE(rows[1]["y"].get<double>(), lines[2].toDouble());
    QCOMPARE(cairnctl_({"predict", "line@latest"}).code, 2);
    QCOMPARE(cairnctl_({"predict", "line@latest", "--prompt", "x"}).code, 2);
    QCOMPARE(cairnctl_({"predict", "line@latest", cairnctl_.file("absent.csv")}).code, 1);
  }

  void curationSticks() {
    QCOMPARE(cairnctl_.json({"note", "line", "the first"})["note"].get<std::string>(), std::string("the first"));
    QCOMPARE(cairnctl_.json({"note", "line@3", "good"})["note"].get<std::string>(), std::string("good"));
    QVERIFY(cairnctl_.json({"tag", "line@3", "a", "b"})["tags"] == json({"a", "b"}));
    QVERIFY(cairnctl_.json({"tag", "line@3", "a", "--remove"})["tags"] == json({"b"}));
    QCOMPARE(cairnctl_.json({"pin", "line@4"})["pinned"].get<bool>(), true);
    QCOMPARE(cairnctl_.json({"unpin", "line@4"})["pinned"].get<bool>(), false);
  }

  void theTrashGivesBackUntilItIsEmptied() {
    const auto id = cairnctl_.json({"show", "line@4"})["id"].get<std::string>();
    QCOMPARE(cairnctl_.json({"delete", id})["state"].get<std::string>(), std::string("deleted"));
    QCOMPARE(cairnctl_.json({"trash"}).size(), 1u);
    QCOMPARE(cairnctl_.json({"undelete", id})["state"].get<std::string>(), std::string("ready"));
    QCOMPARE(cairnctl_.json({"trash"}).size(), 0u);
    cairnctl_({"delete", id});
    QVERIFY(cairnctl_.json({"trash", "--empty"})["freed_bytes"].get<int>() > 0);
    QVERIFY(cairnctl_({"undelete", id}).code == 1);
    // A branch starts at line@3: it stays.
    QCOMPARE(cairnctl_({"delete", "line@3"}).code, 1);
    const auto before = cairnctl_.json({"runs"}).size();
    const auto run = cairnctl_.json({"delete", "line"})["id"].get<std::string>();
    QCOMPARE(cairnctl_.json({"runs"}).size(), before - 1);
    QCOMPARE(cairnctl_({"resume", run}).code, 1);
    QCOMPARE(cairnctl_.json({"undelete", "line"})["id"].get<std::string>(), run);
    QCOMPARE(cairnctl_.json({"runs"}).size(), before);
  }

  void verifyFindsADamagedFile() {
    QCOMPARE(cairnctl_({"verify"}).code, 0);
    const auto checkpoint = cairnctl_.json({"show", "line@5"});
    {
      std::fstream file(checkpoint["path"].get<std::string>(), std::ios::in | std::ios::out | std::ios::binary);
      file.seekp(checkpoint["bytes"].get<int>() / 2);
      file.put('\x5a').put('\xa5');
    }
    const auto outcome = cairnctl_({"verify", "line"});
    QCOMPARE(outcome.code, 1);
    QVERIFY2(outcome.err.find(checkpoint["id"].get<std::string>()) != std::string::npos, outcome.err.c_str());
    QCOMPARE(cairnctl_.json({"show", checkpoint["id"]})["state"].get<std::string>(), std::string("damaged"));
    QVERIFY(cairnctl_({"predict", checkpoint["id"], cairnctl_.file("in.csv")}).code == 1);
  }

  void recoverReportsAsJson() {
    const auto outcome = cairnctl_({"recover", "--json"});
    QVERIFY2(outcome.code == 0, outcome.err.c_str());
    QVERIFY(holds(outcome.json(), {"interrupted", "adopted", "quarantined", "missing", "damaged"}));
  }
};

CAIRN_TEST(TestTrain, train)
#include "tst_train.moc"
