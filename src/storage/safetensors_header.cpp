#include "storage/safetensors_header.h"

#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "core/error.h"

namespace cairn::storage {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kDimensions = 64;  // PyTorch's own limit
constexpr std::uint64_t kCost = 512;     // of a tensor or an entry of the metadata, names apart
constexpr std::string_view kMetadata = "__metadata__";

/// Receives the parser's events. Where it stands: outside, in the header's object, in a tensor's (or the metadata's),
/// in one of its arrays.
class HeaderEvents final : public nlohmann::json_sax<Json> {
 public:
  explicit HeaderEvents(MemoryBudget& budget) : budget_(budget) {}

  SafetensorsHeader take() { return std::move(header_); }

  bool null() override { return refuse("null"); }
  bool boolean(bool) override { return refuse("a truth value"); }
  bool number_float(number_float_t, const string_t&) override { return refuse("a broken number"); }
  bool binary(binary_t&) override { return refuse("binary data"); }
  bool number_integer(number_integer_t) override { return refuse("a negative number"); }
  bool number_unsigned(number_unsigned_t number) override;
  bool string(string_t& text) override;
  bool start_object(std::size_t) override;
  bool key(string_t& name) override;
  bool end_object() override;
  bool start_array(std::size_t) override;
  bool end_array() override;
  bool parse_error(std::size_t position, const std::string&, const Json::exception&) override {
    fail(fmt::format("is not valid JSON at byte {}", position));
  }

 private:
  enum class Place { Outside, Header, Metadata, Tensor, Array };

  [[noreturn]] void fail(const std::string& why) const {
    throw Error(budget_.file(), "its header " + why, "the file is damaged or is not a safetensors file");
  }
  [[noreturn]] void failTensor(const std::string& why) const {
    fail(fmt::format("describes '{}' wrongly: {}", shownName(name_), why));
  }
  bool refuse(const char* what) const {
    if (place_ == Place::Outside || place_ == Place::Header)
      fail(fmt::format("holds {} where an object should be", what));
    failTensor(fmt::format("{} is {}", field_.empty() ? std::string_view("it") : field_, what));
  }
  void meet(std::set<std::string>& known, const std::string& name) {
    budget_.charge(kCost + 4 * name.size());
    if (!known.insert(name).second) fail(fmt::format("holds '{}' twice", shownName(name)));
  }
  DescribedTensor& tensor() { return header_.tensors.back(); }

  MemoryBudget& budget_;
  SafetensorsHeader header_;
  Place place_ = Place::Outside;
  bool done_ = false;
  std::string name_;   ///< of the tensor
  std::string field_;  ///< "dtype", "shape", "data_offsets", or the metadata's key
  std::set<std::string> names_, fields_;
  std::size_t offsets_ = 0;  ///< how many data_offsets were met
};

bool HeaderEvents::start_object(std::size_t) {
  if (place_ == Place::Outside && !done_) {
    place_ = Place::Header;
    return true;
  }
  if (place_ != Place::Header) return refuse("an object");
  fields_.clear();
  if (name_ == kMetadata) {
    place_ = Place::Metadata;
    return true;
  }
  place_ = Place::Tensor;
  offsets_ = 0;
  header_.tensors.push_back({.name = name_, .type = nullptr, .shape = {}});
  return true;
}

bool HeaderEvents::key(string_t& name) {
  if (place_ == Place::Header) {
    meet(names_, name);
    name_ = std::move(name);
    field_.clear();
    return true;
  }
  field_ = name;
  if (place_ == Place::Tensor && name != "dtype" && name != "shape" && name != "data_offsets")
    failTensor(fmt::format("the key '{}' is unknown", shownName(name)));
  meet(fields_, name);
  return true;
}

bool HeaderEvents::string(string_t& text) {
  if (place_ == Place::Metadata) {
    budget_.charge(kCost + 2 * text.size());
    header_.metadata.emplace(field_, std::move(text));
    return true;
  }
  if (place_ != Place::Tensor || field_ != "dtype") return refuse("a text");
  tensor().type = safetensorsType(text);
  if (!tensor().type) failTensor(fmt::format("the type '{}' is unknown", shownName(text)));
  return true;
}

bool HeaderEvents::start_array(std::size_t) {
  if (place_ != Place::Tensor || field_ == "dtype") return refuse("a list");
  place_ = Place::Array;
  return true;
}

bool HeaderEvents::end_array() {
  place_ = Place::Tensor;
  return true;
}

bool HeaderEvents::number_unsigned(number_unsigned_t number) {
  if (place_ != Place::Array) return refuse("a number");
  if (field_ == "shape") {
    if (tensor().shape.size() == kDimensions) failTensor(fmt::format("it has more than {} dimensions", kDimensions));
    if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
      failTensor("its shape is impossible");
    tensor().shape.push_back(static_cast<std::int64_t>(number));
    return true;
  }
  if (offsets_ == 2) failTensor("it has more than two data_offsets");
  (offsets_++ == 0 ? tensor().begin : tensor().end) = number;
  return true;
}

bool HeaderEvents::end_object() {
  if (place_ == Place::Tensor && (fields_.size() != 3 || offsets_ != 2))
    failTensor("it needs dtype, shape and two data_offsets");
  if (place_ == Place::Header) done_ = true;
  place_ = place_ == Place::Header ? Place::Outside : Place::Header;
  return true;
}

}  // namespace

SafetensorsHeader parseSafetensorsHeader(std::string_view text, MemoryBudget& budget) {
  HeaderEvents events(budget);
  Json::sax_parse(text.begin(), text.end(), &events);
  return events.take();
}

std::string shownName(std::string_view name) {
  std::string text;
  for (const unsigned char c : name.substr(0, 100)) text += c < 0x20 || c == 0x7f ? '?' : static_cast<char>(c);
  return text;
}

}  // namespace cairn::storage
