#include <QTest>

#include "support/test_registry.h"
#ifdef QT_WIDGETS_LIB
#include <QApplication>
#else
#include <QCoreApplication>
#endif

#include <cstdio>

/// `tst_LAYER [--only NAME] [Qt Test's arguments]`: runs one registered test class, or all.
int main(int argc, char** argv) {
  // The long form of a test takes more than Qt Test's five minutes; ctest ends what hangs.
  if (qEnvironmentVariableIsEmpty("QTEST_FUNCTION_TIMEOUT")) qputenv("QTEST_FUNCTION_TIMEOUT", "86400000");
#ifdef QT_WIDGETS_LIB
  QApplication app(argc, argv);
#else
  QCoreApplication app(argc, argv);
#endif
  QStringList arguments = QCoreApplication::arguments();
  std::string only;
  if (const auto at = arguments.indexOf(QStringLiteral("--only")); at >= 0 && at + 1 < arguments.size()) {
    only = arguments.takeAt(at + 1).toStdString();
    arguments.removeAt(at);
  }
  int failures = 0;
  int ran = 0;
  for (const auto& [name, make] : cairn::tests::registry()) {
    if (!only.empty() && name != only) continue;
    ++ran;
    const auto test = make();
    failures += QTest::qExec(test.get(), arguments);
  }
  if (ran == 0) std::fprintf(stderr, "no test class is named %s\n", only.c_str());
  return failures == 0 && ran > 0 ? 0 : 1;
}
