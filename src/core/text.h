// Small conversions between values and text that every layer shares.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::core {

std::string newId();  ///< 16 random hex digits, from the kernel
std::string toIso8601(std::chrono::system_clock::time_point time);  ///< "2026-11-23T20:51:04.123Z"
std::string nowIso8601();
std::string roundTrip(double value);              ///< shortest text that reads back the same; "nan", "inf", "-inf"
std::string humanBytes(std::int64_t bytes);       ///< "1.3 MB" (powers of 1000)
std::string humanDuration(double seconds);        ///< "00:41", "1:02:03"
bool isUtf8(std::string_view text);               ///< well-formed, as JSON and SQLite want it
std::string withThousands(std::int64_t value);    ///< "421,642"

}  // namespace cairn::core
