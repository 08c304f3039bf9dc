// Files for a test's data readers, in a folder that goes with the test.
#pragma once

#include <zlib.h>

#include <QTemporaryDir>
#include <QtTest>
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "core/run_spec.h"
#include "support/thrown.h"

namespace cairn::tests {

class DataFiles {
 public:
  std::string path(const std::string& name) const {
    return folder_.filePath(QString::fromStdString(name)).toStdString();
  }

  std::string write(const std::string& name, const std::string& contents) const {
    std::ofstream(path(name), std::ios::binary) << contents;
    return path(name);
  }

  std::string writeGzip(const std::string& name, const std::string& contents) const {
    gzFile file = gzopen(path(name).c_str(), "wb");
    gzwrite(file, contents.data(), static_cast<unsigned>(contents.size()));
    gzclose(file);
    return path(name);
  }

  std::string read(const std::string& name) const {
    std::ifstream file(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  QTemporaryDir folder_;
};

/// An IDX file's bytes: unsigned bytes with these dimensions.
inline std::string idxBytes(const std::vector<std::uint32_t>& shape, const std::string& values, char type = 0x08) {
  std::string bytes = {0, 0, type, static_cast<char>(shape.size())};
  for (const auto size : shape)
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(size >> shift);
  return bytes + values;
}

inline core::DataSpec csvSpec(const std::string& path, std::vector<std::string> target,
                              core::Task task = core::Task::Classification) {
  core::DataSpec spec;
  spec.source = core::CsvData{path, std::move(target), task};
  return spec;
}

}  // namespace cairn::tests

#define CAIRN_CONTAINS(text, part) QVERIFY2((text).find(part) != std::string::npos, (text).c_str())
