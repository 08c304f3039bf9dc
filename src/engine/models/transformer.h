// A decoder-only Transformer over bytes (Vaswani et al., 2017; pre-norm and tied embeddings as in GPT-2). One thread.
#pragma once

#include <memory>
#include <vector>

#include "engine/models/layers.h"
#include "engine/models/model.h"

namespace cairn::engine {

class Transformer final : public Model {
 public:
  Transformer(const core::TransformerModel& spec, std::int64_t blockSize, std::vector<LayerSummary> summary,
              torch::Generator& initial, const torch::Generator& dropout);

  /// N x T int64, T up to blockSize, to N x T x 256. A position sees itself and those before it.
  torch::Tensor forward(torch::Tensor input) override;
  std::vector<LayerSummary> summary() const override { return summary_; }

 private:
  class Block;
  class Attention;
  /// -inf above the diagonal; T x T. Kept while its size and device stay.
  const torch::Tensor& mask(std::int64_t size, torch::Device device);

  std::shared_ptr<Embedding> tokens_, positions_;
  std::shared_ptr<Dropout> dropout_;
  std::vector<std::shared_ptr<Block>> blocks_;
  std::shared_ptr<LayerNorm> norm_;
  torch::Tensor mask_;
  std::vector<LayerSummary> summary_;
};

}  // namespace cairn::engine
