// What resume and recreate say: of data that changed or moved, of steps that differ, of runs that would fail again.
#include <QFile>
#include <QTest>
#include <filesystem>

#include "cairnctl.h"
#include "storage/catalog.h"
#include "support/test_registry.h"

using namespace cairn;
using tests::Cairnctl;
using tests::Outcome;

namespace {

bool says(const Outcome& outcome, const std::string& words) { return outcome.err.find(words) != std::string::npos; }

/// The iris example on a copy of its data that may change; 8 steps an epoch, stopped after `steps`.
void trainIris(Cairnctl& cairnctl, int steps) {
  QVERIFY(QFile::copy(QString::fromStdString(Cairnctl::example("iris.csv")),
                      QString::fromStdString(cairnctl.file("iris.csv"))));
  QVERIFY(QFile::copy(QString::fromStdString(Cairnctl::example("iris.json")),
                      QString::fromStdString(cairnctl.file("iris.json"))));
  const auto outcome = cairnctl({"train", cairnctl.file("iris.json"), "--name", "iris", "--max-steps",
                                 std::to_string(steps), "--set", "training.threads=1", "--set", "training.device=cpu",
                                 "--set", "checkpoints.keep_last=2", "--set", "checkpoints.every_epochs=1"});
  QVERIFY2(outcome.code == 0, outcome.err.c_str());
}

}  // namespace

class TestResume : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aPrunedStepIsMadeAgain() {
    Cairnctl cairnctl;
    trainIris(cairnctl, 60);
    const auto before = cairnctl({"metrics", "iris"}).out;
    nlohmann::json pruned;
    for (const auto& checkpoint : cairnctl.json({"checkpoints", "iris"}))
      if (checkpoint["state"] == "pruned") pruned = checkpoint;
    QVERIFY(!pruned.is_null());
    const auto step = "iris@" + pruned["step"].dump();
    const auto made = cairnctl.json({"recreate", step});
    QVERIFY2(made["id"] == pruned["id"] && made["hash"] == pruned["hash"], made.dump().c_str());
    QVERIFY(made["kind"] == "recreated" && made["state"] == "ready");
    const auto& check = made["resume_check"];
    QVERIFY2(
        check["steps_repeated"] > 0 && check["identical"] == check["steps_repeated"] && check["same_state"] == true,
        check.dump().c_str());
    QVERIFY(cairnctl({"verify", step}).code == 0);
    QCOMPARE(cairnctl({"metrics", "iris"}).out, before);
    // One that no checkpoint was ever taken of, for people.
    const auto text = cairnctl({"recreate", "iris@17"});
    QVERIFY2(text.code == 0 && text.out.find("repeated steps identical") != std::string::npos,
             (text.out + text.err).c_str());
    QVERIFY(cairnctl.json({"show", "iris@17"})["kind"] == "recreated");
  }

  void whatCannotBeMadeIsSaid() {
    Cairnctl cairnctl;
    trainIris(cairnctl, 20);
    QVERIFY(says(cairnctl({"recreate", "iris@21"}), "has come to step 20"));
    QCOMPARE(cairnctl({"recreate", "iris@0"}).code, 1);
    QCOMPARE(cairnctl({"recreate", "iris@many"}).code, 1);
    QCOMPARE(cairnctl({"recreate"}).code, 2);
  }

  void changedDataNeedsAWord() {
    Cairnctl cairnctl;
    trainIris(cairnctl, 20);
    QFile data(QString::fromStdString(cairnctl.file("iris.csv")));
    QVERIFY(data.open(QIODevice::ReadWrite));
    const auto lines = data.readAll().split('\n');
    data.write(lines[1] + "\n");
    data.close();
    const auto refused = cairnctl({"resume", "iris"});
    QCOMPARE(refused.code, 1);
    QVERIFY2(says(refused, "iris.csv") && says(refused, "--changed-data"), refused.err.c_str());
    QVERIFY(cairnctl.json({"show", "iris"})["status"] == "paused");
    const auto accepted = cairnctl.json({"resume", "iris", "--changed-data", "--max-steps", "30"});
    QVERIFY2(accepted["step"] == 30, accepted.dump().c_str());
  }

  void movedDataIsPointedAt() {
    Cairnctl cairnctl;
    trainIris(cairnctl, 20);
    std::filesystem::create_directory(cairnctl.file("away"));
    std::filesystem::rename(cairnctl.file("iris.csv"), cairnctl.file("away/iris.csv"));
    const auto refused = cairnctl({"resume", "iris"});
    QVERIFY2(refused.code == 1 && says(refused, "--data PATH"), refused.err.c_str());
    QVERIFY(cairnctl.json({"show", "iris"})["status"] == "paused");
    QCOMPARE(cairnctl({"resume", "iris", "--set", "optimizer.lr=1"}).code, 2);
    const auto resumed = cairnctl.json({"resume", "iris", "--data", cairnctl.file("away"), "--max-steps", "30"});
    QVERIFY2(resumed["step"] == 30, resumed.dump().c_str());
    std::filesystem::rename(cairnctl.file("away/iris.csv"), cairnctl.file("iris.csv"));
    const auto again =
        cairnctl.json({"resume", "iris", "--set", "data.path=" + cairnctl.file("iris.csv"), "--max-steps", "40"});
    QVERIFY2(again["spec"]["data"]["path"] == cairnctl.file("iris.csv"), again.dump().c_str());
  }

  void aDifferenceIsSaidAndTrainingGoesOn() {
    Cairnctl cairnctl;
    trainIris(cairnctl, 30);
    const auto id = cairnctl.json({"show", "iris"})["id"].get<std::string>();
    {
      // As if two steps had been recorded after the checkpoint, the second by another machine.
      storage::Catalog catalog(storage::Home(cairnctl.home()), storage::Catalog::Access::Write);
      catalog.appendMetrics(id, std::vector<core::MetricPoint>{{core::Series::TrainLoss, 31, 2, 0.1, 123.5}});
    }
    qputenv("ATEN_CPU_CAPABILITY", "default");
    const auto outcome = cairnctl({"resume", "iris", "--max-steps", "36", "--json"});
    qunsetenv("ATEN_CPU_CAPABILITY");
    QVERIFY2(outcome.code == 0, outcome.err.c_str());
    QVERIFY2(says(outcome, "a repeated step differs: step 31, train/loss: 123.5 on record"), outcome.err.c_str());
    const auto run = outcome.json();
    QVERIFY(run["step"] == 36);
    const auto& check = run["resume_check"];
    QVERIFY2(check["steps_repeated"] == 1 && check["identical"] == 0, check.dump().c_str());
    QVERIFY(check["first_difference"].get<std::string>().starts_with("step 31, train/loss: 123.5 on record"));
    if (cairnctl.json({"devices"})[0]["description"].get<std::string>().find("DEFAULT") == std::string::npos)
      QVERIFY2(check["changes"].dump().find("CPU capability") != std::string::npos, check.dump().c_str());
    // The run carries it.
    const auto shown = cairnctl({"show", "iris"}).out;
    const auto said = shown.find("0 of 1 repeated steps identical");
    QVERIFY2(said != std::string::npos, shown.c_str());
    QVERIFY2(shown.find("repeated steps identical", said + 20) == std::string::npos, shown.c_str());
    QVERIFY(cairnctl({"metrics", "iris", "--series", "train/loss"}).out.find("123.5") == std::string::npos);
  }

  void aRunThatDivergedWouldFailAgain() {
    Cairnctl cairnctl;
    const auto failed = cairnctl({"train", Cairnctl::example("line.json"), "--name", "wild", "--set", "optimizer.lr=5",
                                  "--set", "training.epochs=200", "--set", "checkpoints.every_epochs=1"});
    QVERIFY2(failed.code == 1, failed.err.c_str());
    const auto run = cairnctl.json({"show", "wild"});
    QVERIFY(run["status"] == "failed");
    const auto again = cairnctl({"resume", "wild"});
    QVERIFY2(again.code == 1 && says(again, "fails there again") && says(again, "cairnctl branch wild@latest"),
             again.err.c_str());
    const auto good = cairnctl.json({"show", "wild@latest"});
    QVERIFY(good["loss"].is_number() && good["step"] < run["step"]);
    const auto branch = cairnctl.json({"branch", "wild@latest", "--set", "optimizer.lr=0.001", "--max-steps", "50"});
    QVERIFY2(branch["parent_step"] == good["step"], branch.dump().c_str());
  }
};

CAIRN_TEST(TestResume, resume)
#include "tst_resume.moc"
