// What a run would take, in a few lines: samples, parameters, steps, checkpoints. Pure function.
#pragma once

#include <QString>
#include <optional>

#include "core/run_spec.h"
#include "engine/face/engine.h"

namespace cairn::ui {

/// Rich text. Each part may be absent; what depends on it is then left out.
QString factsText(const std::optional<core::RunSpec>& spec, const engine::DataPreview* data,
                  const engine::ModelSummary* model);

}  // namespace cairn::ui
