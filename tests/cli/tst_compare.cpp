#include <QTest>

#include "cairnctl.h"
#include "support/test_registry.h"

using namespace cairn::tests;

class CompareTest : public QObject {
  Q_OBJECT
  Cairnctl ctl_;

 private Q_SLOTS:
  void initTestCase() {
    QCOMPARE(ctl_({"train", Cairnctl::example("iris.json"), "--set", "checkpoints.keep_last=0", "--set",
                   "checkpoints.every_epochs=1", "--set", "training.threads=1", "--max-steps", "16"})
                 .code,
             0);
  }
  void jsonHasThePromisedKeys();
  void textReadsWell();
  void usageIsChecked();
  void pathsAndAveragesPrintWhatTheyMade();
};

void CompareTest::jsonHasThePromisedKeys() {
  const auto found = ctl_.json({"compare", "iris@8", "iris@latest"});
  for (const char* key : {"identical", "settings", "metrics", "tensors", "only_in", "predictions"})
    QVERIFY2(found.contains(key), key);
  QVERIFY(found["identical"] == false && found["predictions"].is_null() && found["only_in"].empty());
  const auto& tensor = found["tensors"][0];
  for (const char* key : {"name", "shape", "norms", "relative_l2", "cosine", "max_abs", "max_index"})
    QVERIFY2(tensor.contains(key), key);
  QVERIFY(tensor["relative_l2"].is_number() && tensor["max_index"].size() == tensor["shape"].size() &&
          tensor["norms"].size() == 2);
  const auto three = ctl_.json({"compare", "iris@8", "iris@latest", "iris@8", "--predictions"});
  QCOMPARE(three["tensors"][0]["relative_l2"].size(), std::size_t{2});
  QVERIFY(three["tensors"][0]["relative_l2"][1] == 0);
  QCOMPARE(three["predictions"]["results"].size(), std::size_t{3});
  QVERIFY(ctl_.json({"compare", "iris@8", "iris@8"})["identical"] == true);
}

void CompareTest::textReadsWell() {
  const auto outcome = ctl_({"compare", "iris@8", "iris@latest", "--predictions"});
  QCOMPARE(outcome.code, 0);
  for (const char* part :
       {"METRIC", "all settings are the same", "layers.0.weight", "parameters in",
        "predictions on the 30 validation samples of A", "AGREES WITH B", "TRUE \\ PREDICTED", "setosa"})
    QVERIFY2(outcome.out.find(part) != std::string::npos, part);
  QVERIFY(ctl_({"compare", "iris@8", "iris@8", "--all-settings"}).out.find("training.batch_size") != std::string::npos);
}

void CompareTest::usageIsChecked() {
  QCOMPARE(ctl_({"compare", "iris@8"}).code, 2);
  QCOMPARE(ctl_({"compare", "iris@8", "iris@8", "iris@8", "iris@8", "iris@8"}).code, 2);
  QCOMPARE(ctl_({"compare", "iris@8", "iris@9"}).code, 1);
  QCOMPARE(ctl_({"compare", "iris@8", "iris@8", "--predictions", "--data-of", "C"}).code, 2);
  QCOMPARE(ctl_({"path", "iris@8", "iris@latest", "--points", "1"}).code, 2);
  QCOMPARE(ctl_({"average", "iris@8"}).code, 2);
}

void CompareTest::pathsAndAveragesPrintWhatTheyMade() {
  const auto path = ctl_.json({"path", "iris@8", "iris@latest", "--points", "3"});
  QCOMPARE(path["points"].size(), std::size_t{3});
  QVERIFY(path["points"][1]["t"] == 0.5 && path["points"][1]["loss"].is_number() &&
          path["points"][1]["accuracy"].is_number());
  const auto made = ctl_.json({"average", "iris@8", "iris@latest", "--name", "mean"});
  QVERIFY(made["status"] == "paused" && made["name"] == "mean" && made["checkpoint"]["kind"] == "averaged");
  QCOMPARE(made["checkpoint"]["parents"].size(), std::size_t{2});
  const auto shown = ctl_({"show", "mean@latest"});
  QVERIFY(shown.out.find("mean of") != std::string::npos);
  QVERIFY(ctl_({"resume", "mean", "--max-steps", "18"}).code == 0);
}

CAIRN_TEST(CompareTest, compare)
#include "tst_compare.moc"
