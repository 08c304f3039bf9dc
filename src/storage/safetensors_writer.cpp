#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

#include "core/error.h"
#include "core/text.h"
#include "storage/safetensors.h"
#include "storage/safetensors_types.h"
#include "storage/zip_format.h"

namespace cairn::storage {

namespace {

constexpr std::size_t kAlignment = 8;  // the header is padded so that the tensors are aligned for every type

[[noreturn]] void refuse(const std::string& name, const std::string& why) {
  throw Error("tensor '" + name + "'", why, "export the checkpoint as .pt");
}

const core::Tensor& tensorOf(const std::string& name, const core::StateTree& value) {
  const auto* tensor = value.as<core::Tensor>();
  if (!tensor) refuse(name, "is not a tensor, and a safetensors file holds nothing else");
  if (tensor->bytes.size() != static_cast<std::size_t>(tensor->numel()) * core::itemSize(tensor->dtype))
    refuse(name, "has another size than its shape says");
  return *tensor;
}

}  // namespace

SafetensorsWriter::SafetensorsWriter(const core::StateTree& stateDict, std::map<std::string, std::string> metadata) {
  const auto* dict = stateDict.as<core::StateTree::Dict>();
  if (!dict) throw Error("model_state_dict", "is not a dict of tensors", "choose another checkpoint");
  std::map<std::tuple<const std::byte*, std::size_t>, std::string_view> known;
  for (const auto& [key, value] : dict->items) {
    const auto* name = std::get_if<std::string>(&key);
    if (!name) throw Error("model_state_dict", "has a key that is not a name", "choose another checkpoint");
    if (*name == "__metadata__" || !core::isUtf8(*name)) refuse(*name, "has a name that the format does not allow");
    const auto& tensor = tensorOf(*name, value);
    const auto [first, isNew] = known.emplace(std::tuple(tensor.bytes.data(), tensor.bytes.size()), *name);
    if (!isNew && !tensor.bytes.empty()) {
      metadata.emplace(*name, first->second);
      continue;
    }
    tensors_.push_back({*name, &tensor});
  }
  // Large values first, so that each is aligned without a gap, which the format does not allow.
  std::stable_sort(tensors_.begin(), tensors_.end(), [](const Named& a, const Named& b) {
    return core::itemSize(a.tensor->dtype) > core::itemSize(b.tensor->dtype);
  });

  auto header = nlohmann::ordered_json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  for (const auto& [name, tensor] : tensors_) {
    const auto end = tensorBytes_ + tensor->bytes.size();
    header[std::string(name)] = {
        {"dtype", safetensorsName(tensor->dtype)}, {"shape", tensor->shape}, {"data_offsets", {tensorBytes_, end}}};
    tensorBytes_ = end;
  }
  auto text = header.dump();
  text.resize((text.size() + kAlignment - 1) / kAlignment * kAlignment, ' ');
  zip::put<std::uint64_t>(head_, text.size());
  head_ += text;
}

void SafetensorsWriter::writeTo(const std::function<void(std::span<const std::byte>)>& write) const {
  write(std::as_bytes(std::span(head_)));
  for (const auto& [name, tensor] : tensors_)
    if (!tensor->bytes.empty()) write(tensor->bytes);
}

}  // namespace cairn::storage
