#include "engine/tensor_bridge.h"

#include <cstdint>
#include <memory>
#include <string>

#include "core/error.h"

namespace cairn::engine {

core::DType toCore(torch::ScalarType type) {
  switch (type) {
    case torch::kFloat32: return core::DType::Float32;
    case torch::kFloat64: return core::DType::Float64;
    case torch::kFloat16: return core::DType::Float16;
    case torch::kBFloat16: return core::DType::BFloat16;
    case torch::kUInt8: return core::DType::UInt8;
    case torch::kInt8: return core::DType::Int8;
    case torch::kInt16: return core::DType::Int16;
    case torch::kInt32: return core::DType::Int32;
    case torch::kInt64: return core::DType::Int64;
    case torch::kBool: return core::DType::Bool;
    default: throw Error("tensor", std::string("values of type ") + c10::toString(type) + " cannot be stored");
  }
}

torch::ScalarType toTorch(core::DType type) {
  switch (type) {
    case core::DType::Float32: return torch::kFloat32;
    case core::DType::Float64: return torch::kFloat64;
    case core::DType::Float16: return torch::kFloat16;
    case core::DType::BFloat16: return torch::kBFloat16;
    case core::DType::UInt8: return torch::kUInt8;
    case core::DType::Int8: return torch::kInt8;
    case core::DType::Int16: return torch::kInt16;
    case core::DType::Int32: return torch::kInt32;
    case core::DType::Int64: return torch::kInt64;
    case core::DType::Bool: return torch::kBool;
  }
  return torch::kFloat32;
}

core::Tensor toCore(const torch::Tensor& tensor) {
  const auto own = std::make_shared<torch::Tensor>(tensor.detach().to(torch::kCPU).clone(at::MemoryFormat::Contiguous));
  core::Tensor result;
  result.dtype = toCore(own->scalar_type());
  result.shape = own->sizes().vec();
  result.bytes = {static_cast<const std::byte*>(own->data_ptr()), own->nbytes()};
  result.owner = own;
  return result;
}

torch::Tensor toTorch(const core::Tensor& tensor) {
  const auto options = torch::TensorOptions().dtype(toTorch(tensor.dtype));
  if (tensor.bytes.empty()) return torch::empty(tensor.shape, options);
  auto* bytes = const_cast<std::byte*>(tensor.bytes.data());
  if (reinterpret_cast<std::uintptr_t>(bytes) % core::itemSize(tensor.dtype) != 0) {
    const auto copy = core::Tensor::copyOf(tensor.dtype, tensor.shape, tensor.bytes);
    return toTorch(copy);
  }
  return torch::from_blob(bytes, tensor.shape, [owner = tensor.owner](void*) {}, options);
}

}  // namespace cairn::engine
