// Trees, pickles and files that the tests of the PyTorch file share. Free functions and values.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/state_tree.h"
#include "storage/torch_file.h"
#include "storage/torch_file_reader.h"

namespace cairn::tests {

inline constexpr std::array kAllDTypes = {core::DType::Float32, core::DType::Float64, core::DType::Float16,
                                          core::DType::BFloat16, core::DType::UInt8, core::DType::Int8,
                                          core::DType::Int16, core::DType::Int32, core::DType::Int64, core::DType::Bool};

/// Bytes 0, 1, 2, ... for numbers; 0 and 1 for bools.
inline core::Tensor countingTensor(core::DType dtype, std::vector<std::int64_t> shape) {
  std::int64_t count = 1;
  for (const auto extent : shape) count *= extent;
  std::vector<std::byte> bytes(static_cast<std::size_t>(count) * core::itemSize(dtype));
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::byte>(dtype == core::DType::Bool ? i % 2 : i % 64);
  return core::Tensor::copyOf(dtype, std::move(shape), bytes);
}

/// As a run's checkpoint: every kind of node, every dtype, tied weights.
inline core::StateTree sampleCheckpoint() {
  using core::StateTree;
  auto model = StateTree::stateDict();
  const auto tied = countingTensor(core::DType::Float32, {3, 4});
  model.set("embedding.weight", tied);
  model.set("body.norm.num_batches_tracked", countingTensor(core::DType::Int64, {}));
  model.set("body.norm.empty", countingTensor(core::DType::Float32, {0, 5}));
  model.set("head.weight", tied);
  for (const auto dtype : kAllDTypes) model.set("types." + std::string(core::dtypeName(dtype)), countingTensor(dtype, {2, 3}));
  auto group = StateTree::dict();
  group.set("lr", 0.1);
  group.set("betas", StateTree::Tuple{{0.9, 0.999}});
  group.set("nesterov", false);
  group.set("maximize", true);
  group.set("foreach", StateTree());
  group.set("params", StateTree::List{0, 1});
  auto state = StateTree::dict();
  state.set(0, StateTree::dict());
  state.set(300, StateTree::orderedDict());
  auto optimizer = StateTree::dict();
  optimizer.set("state", state);
  optimizer.set("param_groups", StateTree::List{group});
  auto cairn = StateTree::dict();
  cairn.set("name", "Größe \xF0\x9F\xAA\xA8");
  cairn.set("run", "1a2b3c4d5e6f7081");
  auto tree = StateTree::dict();
  tree.set("epoch", 3);
  tree.set("step", 120);
  tree.set("loss", 0.25);
  tree.set("model_state_dict", model);
  tree.set("optimizer_state_dict", optimizer);
  tree.set("lr_scheduler_state_dict", StateTree());
  tree.set("numbers", StateTree::List{0, 255, 256, 65535, 65536, -1, -129, std::int64_t{1} << 31, -(std::int64_t{1} << 31) - 1,
                                      INT64_MAX, INT64_MIN, std::int64_t{1} << 40, std::int64_t{128} << 32});
  tree.set("tuples", StateTree::Tuple{{StateTree::Tuple{}, StateTree::List{}, StateTree::Tuple{{1}}}});
  tree.set("cairn", cairn);
  return tree;
}

inline std::string encode(const core::StateTree& tree, std::uint64_t zip64From = 0xFFFFFFFF) {
  const storage::TorchFileWriter writer(tree, "archive", zip64From);
  std::string bytes;
  writer.writeTo([&](std::span<const std::byte> piece) { bytes.append(reinterpret_cast<const char*>(piece.data()), piece.size()); });
  if (bytes.size() != writer.size()) throw Error("encode", "the announced size is wrong");
  return bytes;
}

inline void writeFile(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

inline std::string readFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::shared_ptr<const core::StateTree> decode(const std::string& bytes) {
  const auto kept = std::make_shared<const std::string>(bytes);
  const storage::MemorySource source("sample.pt", {std::as_bytes(std::span(*kept)), kept});
  return storage::readTorchSource(source, {}, {});
}

/// What Error decoding gives; empty if it gives none.
inline std::string decodeError(const std::string& bytes) {
  try {
    decode(bytes);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace cairn::tests
