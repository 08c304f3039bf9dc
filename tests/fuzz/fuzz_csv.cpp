// The CSV reader: columns as they come, then with the last one as classes and as numbers.
#include "core/error.h"
#include "engine/data/csv_reader.h"
#include "fuzz_input.h"

using namespace cairn;

namespace {

engine::CsvContents read(const engine::CsvRequest& request) {
  auto contents = engine::readCsv(request, {});
  const auto rows = static_cast<std::size_t>(contents.rows);
  tests::require(contents.values.size() == rows * contents.features.size(), "a value a row and feature");
  for (const auto index : contents.classes)
    tests::require(index >= 0 && static_cast<std::size_t>(index) < contents.classNames.size(), "a class has a name");
  return contents;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const tests::InputFile file({data, size});
  for (const bool classes : {true, false}) {
    for (const std::vector<std::string>& targets : {std::vector<std::string>{}, {"y"}}) {
      if (targets.empty() && classes) continue;
      try {
        read({.path = file.path(), .targets = targets, .classes = classes, .features = {}, .previewRows = 3});
      } catch (const Error&) {
      }
    }
  }
  return 0;
}
