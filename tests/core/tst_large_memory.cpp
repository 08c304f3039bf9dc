#include <QTest>
#include <cstdint>
#include <cstring>

#include "core/large_memory.h"
#include "support/test_registry.h"

using namespace cairn;

class TestLargeMemory : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void isAlignedAndAsLargeAsAsked() {
    for (const std::size_t bytes :
         {std::size_t{0}, std::size_t{1}, std::size_t{65}, std::size_t{4} << 20, (std::size_t{9} << 20) + 7}) {
      const auto memory = core::allocateLarge(bytes);
      QCOMPARE(reinterpret_cast<std::uintptr_t>(memory.get()) % 64, std::uintptr_t{0});
      std::memset(memory.get(), 0x5a, bytes);
      if (bytes > 0) QCOMPARE(memory.get()[bytes - 1], std::byte{0x5a});
    }
  }

  void tooMuchThrows() {
    QVERIFY_EXCEPTION_THROWN(core::allocateLarge(SIZE_MAX - 3), std::bad_alloc);
    QVERIFY_EXCEPTION_THROWN(core::allocateLarge(SIZE_MAX / 2), std::bad_alloc);
  }
};

CAIRN_TEST(TestLargeMemory, large_memory)
#include "tst_large_memory.moc"
