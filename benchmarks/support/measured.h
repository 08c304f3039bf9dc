// What the benchmarks share: clocks, medians, the process's memory, and figures as one line of JSON. Any thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace cairn::bench {

using Clock = std::chrono::steady_clock;

inline double secondsSince(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// The value below which `part` (0 to 1) of them lie.
inline double quantile(std::vector<double> values, double part) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

inline double median(std::vector<double> values) { return quantile(std::move(values), 0.5); }

/// A line of /proc/self/status, such as "VmRSS" or "VmHWM" (the most there ever was), in bytes.
inline std::int64_t memoryBytes(const std::string& line) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    std::int64_t kib = 0;
    if (word == line + ":" && status >> kib) return kib * 1024;
  }
  return 0;
}

inline void print(const nlohmann::ordered_json& figures) {
  std::printf("%s\n", figures.dump().c_str());
  std::fflush(stdout);
}

}  // namespace cairn::bench
