#include "storage/metric_chunk.h"

#include <sqlite3.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "core/error.h"
#include "storage/sql.h"

namespace cairn::storage {

namespace {

static_assert(std::endian::native == std::endian::little, "values are written as they lie in memory");

constexpr std::uint8_t kFormat = 1;
constexpr double kMicro = 1e6;
constexpr double kMaxSeconds = 9e12;  // as microseconds it still fits 64 bits

[[noreturn]] void refuse(const char* why) {
  throw Error("metrics in the catalog", why, std::string("the catalog is damaged: ") + kRebuildAdvice, ErrorKind::Failed,
              SQLITE_CORRUPT);
}

void putVarint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

// Differences wrap around in 64 bits, so that any two values have one.
class DeltaWriter {
 public:
  explicit DeltaWriter(std::string& out) : out_(out) {}
  void put(std::int64_t value) {
    const auto delta = static_cast<std::int64_t>(static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(last_));
    putVarint(out_, static_cast<std::uint64_t>(delta) << 1 ^ static_cast<std::uint64_t>(delta >> 63));
    last_ = value;
  }

 private:
  std::string& out_;
  std::int64_t last_ = 0;
};

class Reader {
 public:
  explicit Reader(std::span<const std::byte> blob) : rest_(blob) {}

  std::span<const std::byte> take(std::size_t count) {
    if (count > rest_.size()) refuse("a stretch is cut short");
    const auto taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  std::uint8_t byte() { return std::to_integer<std::uint8_t>(take(1)[0]); }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const std::uint8_t next = byte();
      value |= static_cast<std::uint64_t>(next & 0x7f) << shift;
      if (next < 0x80) return value;
    }
    refuse("a number in a stretch is too long");
  }
  /// Calls `put` with `count` values.
  template <typename Put>
  void deltas(std::size_t count, Put put) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t coded = varint();
      value += coded >> 1 ^ (~(coded & 1) + 1);
      put(static_cast<std::int64_t>(value));
    }
  }
  std::size_t left() const { return rest_.size(); }

 private:
  std::span<const std::byte> rest_;
};

bool sameBits(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

bool allFloat32(const std::vector<double>& values) {
  for (const double value : values) {
    // A NaN's payload need not survive the narrowing, so it is looked at as bits too.
    if (!sameBits(static_cast<double>(static_cast<float>(value)), value)) return false;
  }
  return true;
}

std::int64_t microseconds(double seconds) {
  if (!(std::abs(seconds) < kMaxSeconds)) return 0;
  return std::llround(seconds * kMicro);
}

template <typename T>
void readValues(Reader& reader, std::size_t count, std::vector<double>& into) {
  const auto bytes = reader.take(count * sizeof(T));
  for (std::size_t i = 0; i < count; ++i) {
    T value;
    std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
    into.push_back(value);
  }
}

}  // namespace

void SeriesData::append(std::int64_t atStep, std::int64_t atEpoch, double atSeconds, double atValue) {
  step.push_back(atStep);
  epoch.push_back(atEpoch);
  seconds.push_back(atSeconds);
  value.push_back(atValue);
}

void SeriesData::append(const SeriesData& other, std::size_t from, std::size_t to) {
  const auto copy = [&](auto& into, const auto& source) {
    into.insert(into.end(), source.begin() + static_cast<std::ptrdiff_t>(from), source.begin() + static_cast<std::ptrdiff_t>(to));
  };
  copy(step, other.step);
  copy(epoch, other.epoch);
  copy(seconds, other.seconds);
  copy(value, other.value);
}

std::string packChunk(const SeriesData& data) {
  std::string out;
  const bool narrow = allFloat32(data.value);
  out.reserve(data.size() * (narrow ? 8 : 12) + 16);
  out.push_back(static_cast<char>(kFormat));
  out.push_back(static_cast<char>(narrow ? sizeof(float) : sizeof(double)));
  putVarint(out, data.size());
  DeltaWriter steps(out), epochs(out), times(out);
  for (const auto step : data.step) steps.put(step);
  for (const auto epoch : data.epoch) epochs.put(epoch);
  for (const auto seconds : data.seconds) times.put(microseconds(seconds));
  for (const double value : data.value) {
    if (narrow) {
      const auto bits = std::bit_cast<std::array<char, sizeof(float)>>(static_cast<float>(value));
      out.append(bits.data(), bits.size());
    } else {
      const auto bits = std::bit_cast<std::array<char, sizeof(double)>>(value);
      out.append(bits.data(), bits.size());
    }
  }
  return out;
}

void unpackChunk(std::span<const std::byte> blob, SeriesData& into) {
  Reader reader(blob);
  if (reader.byte() != kFormat) refuse("a stretch is of an unknown format");
  const std::uint8_t width = reader.byte();
  if (width != sizeof(float) && width != sizeof(double)) refuse("a stretch has values of an unknown width");
  const std::uint64_t count = reader.varint();
  if (count > reader.left()) refuse("a stretch is cut short");
  reader.deltas(count, [&](std::int64_t step) { into.step.push_back(step); });
  reader.deltas(count, [&](std::int64_t epoch) { into.epoch.push_back(epoch); });
  reader.deltas(count, [&](std::int64_t micros) { into.seconds.push_back(static_cast<double>(micros) / kMicro); });
  if (width == sizeof(float)) {
    readValues<float>(reader, count, into.value);
  } else {
    readValues<double>(reader, count, into.value);
  }
  if (reader.left() != 0) refuse("a stretch is longer than it says");
}

}  // namespace cairn::storage
