#include <fmt/format.h>

#include <new>
#include <utility>

#include "core/error.h"
#include "storage/safetensors.h"
#include "storage/safetensors_layout.h"

namespace cairn::storage {

namespace {

class Reader {
 public:
  Reader(const ByteSource& source, const core::Progress& progress)
      : source_(source), progress_(progress), layout_(readSafetensorsLayout(source)) {}

  SafetensorsFile read() {
    SafetensorsFile file{core::StateTree::stateDict(), std::move(layout_.metadata)};
    auto& items = file.tensors.as<core::StateTree::Dict>()->items;
    items.reserve(layout_.tensors.size());
    for (auto& tensor : layout_.tensors) {
      auto value = load(tensor);
      items.emplace_back(std::move(tensor.name), std::move(value));
    }
    return file;
  }

 private:
  core::StateTree load(const DescribedTensor& tensor) {
    if (!tensor.type->dtype) {
      core::StateTree::Tuple shape;
      for (const auto extent : tensor.shape) shape.items.emplace_back(extent);
      return std::make_shared<const core::StateTree::Opaque>(
          core::StateTree::Opaque{fmt::format("safetensors.{}", tensor.type->name), {std::move(shape)}, {}});
    }
    if (progress_ && !progress_("Reading the weights", static_cast<std::int64_t>(tensor.begin),
                                static_cast<std::int64_t>(source_.size())))
      throw Error::cancelled("reading " + source_.name());
    if (tensor.begin == tensor.end) return core::Tensor{*tensor.type->dtype, tensor.shape, {}, nullptr};
    auto bytes = source_.fetch(layout_.dataStart + tensor.begin, static_cast<std::size_t>(tensor.end - tensor.begin));
    return core::Tensor{*tensor.type->dtype, tensor.shape, bytes.view, std::move(bytes.owner)};
  }

  const ByteSource& source_;
  const core::Progress& progress_;
  SafetensorsLayout layout_;
};

}  // namespace

SafetensorsFile readSafetensorsSource(const ByteSource& source, const core::Progress& progress) {
  try {
    return Reader(source, progress).read();
  } catch (const std::bad_alloc&) {
    throw Error(source.name(), "does not fit into memory", "close other programs, or use a machine with more memory");
  }
}

}  // namespace cairn::storage
