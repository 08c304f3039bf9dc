#include <functional>
#include <numeric>

#include "storage/inspect_formats.h"
#include "storage/safetensors_layout.h"

namespace cairn::storage {

namespace {

InspectedNode nodeOf(const DescribedTensor& tensor, const InspectionLimits& limits) {
  InspectedNode node;
  node.name = printable(tensor.name, limits.textShown);
  node.type = "Tensor";
  const auto& type = *tensor.type;
  node.tensor = InspectedTensor{std::string(type.dtype ? core::dtypeName(*type.dtype) : type.name),
                                tensor.shape,
                                tensor.end - tensor.begin,
                                {},
                                {}};
  if (!type.dtype) node.warning = "is of a type that Cairn does not hold";
  return node;
}

}  // namespace

void inspectSafetensors(Inspection& inspection, const ByteSource& source, const InspectionLimits& limits) {
  auto layout = readSafetensorsLayout(source);
  inspection.format = "safetensors";
  inspection.metadata = std::move(layout.metadata);
  inspection.root.type = "OrderedDict";
  inspection.tensors = layout.tensors.size();
  for (const auto& tensor : layout.tensors) {
    inspection.tensorBytes += tensor.end - tensor.begin;
    // That the product fits was checked with the bytes.
    inspection.values += static_cast<std::uint64_t>(
        std::accumulate(tensor.shape.begin(), tensor.shape.end(), std::int64_t{1}, std::multiplies<>()));
    if (inspection.root.children.size() < limits.nodes)
      inspection.root.children.push_back(nodeOf(tensor, limits));
    else
      ++inspection.root.hidden;
  }
}

}  // namespace cairn::storage
