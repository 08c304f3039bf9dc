// The list of a layer's test classes, by the name that ctest gives them.
#pragma once

#include <QObject>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace cairn::tests {

using TestFactory = std::function<std::unique_ptr<QObject>()>;

inline std::map<std::string, TestFactory>& registry() {
  static std::map<std::string, TestFactory> tests;
  return tests;
}

struct Registration {
  Registration(const std::string& name, TestFactory make) { registry().emplace(name, std::move(make)); }
};

}  // namespace cairn::tests

/// Registers Class for `tst_LAYER --only name`; name is that of its file without "tst_" and ".cpp".
#define CAIRN_TEST(Class, name) \
  static const cairn::tests::Registration registration_##name(#name, [] { return std::make_unique<Class>(); });
