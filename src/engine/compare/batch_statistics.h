// BatchNorm's running statistics of a model whose weights were not trained to be together, computed anew. One thread.
#pragma once

#include <functional>
#include <optional>

#include "engine/models/model.h"
#include "engine/torch_pch.h"

namespace cairn::engine {

bool hasBatchStatistics(const Model& model);

/// Resets them, then takes the plain mean over the batches that `next` gives until it gives none, as PyTorch's
/// torch.optim.swa_utils.update_bn does (Izmailov et al., "Averaging weights leads to wider optima", 2018). Nothing but
/// BatchNorm is in training mode: dropout masks nothing. Leaves the model in eval mode. Blocks.
void computeBatchStatistics(Model& model, const std::function<std::optional<torch::Tensor>()>& next);

}  // namespace cairn::engine
