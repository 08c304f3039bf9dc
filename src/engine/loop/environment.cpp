// What a checkpoint says of where it was made, beside what is true now.
#include <fmt/format.h>
#include <torch/version.h>

#include "engine/checkpoint_keys.h"
#include "engine/loop/learner_state.h"
#include "engine/machine.h"
#include "engine/torch_compat.h"

namespace cairn::engine {

namespace {

using core::StateTree;

std::string textOf(const StateTree* value) {
  if (!value) return {};
  if (const auto number = value->asInteger()) return std::to_string(*number);
  const auto* text = value->as<std::string>();
  return text ? *text : std::string();
}

}  // namespace

std::vector<std::string> changesSince(const StateTree& file, const Learner& learner) {
  std::vector<std::string> changes;
  const auto* cairn = file.find(keys::kCairn);
  if (!cairn) return changes;
  const auto compare = [&](const char* what, const StateTree* saved, const std::string& now) {
    const auto before = textOf(saved);
    if (!before.empty() && before != now) changes.push_back(fmt::format("{}: {}, now {}", what, before, now));
  };
  compare("threads", cairn->find(keys::kThreads), std::to_string(learner.threads));
  compare("device", cairn->find(keys::kDevice), learner.device.str());
  if (const auto* versions = cairn->find(keys::kVersions)) {
    compare("LibTorch", versions->find(keys::kVersionLibTorch), TORCH_VERSION);
    compare("BLAS", versions->find(keys::kVersionBlas), findBlas().name);
    compare("CPU capability", versions->find(keys::kVersionCpuCapability), cpuCapability());
    compare("Cairn", versions->find(keys::kVersionCairn), CAIRN_VERSION);
  }
  const auto data = textOf(cairn->find(keys::kDataFingerprint));
  if (!data.empty() && data != learner.data().fingerprint)
    changes.push_back(
        fmt::format("data: fingerprint {}, now {}", data.substr(0, 8), learner.data().fingerprint.substr(0, 8)));
  return changes;
}

}  // namespace cairn::engine
