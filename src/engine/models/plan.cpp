#include "engine/models/plan.h"

#include <fmt/format.h>
#include <unistd.h>

#include <limits>

#include "core/error.h"
#include "core/text.h"

namespace cairn::engine {

namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

std::int64_t times(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  return __builtin_mul_overflow(a, b, &result) ? kMost : result;
}

std::int64_t plus(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  return __builtin_add_overflow(a, b, &result) ? kMost : result;
}

std::string_view activationName(core::Activation activation) {
  switch (activation) {
    case core::Activation::ReLU: return "ReLU()";
    case core::Activation::LeakyReLU: return "LeakyReLU()";
    case core::Activation::GELU: return "GELU()";
    case core::Activation::SiLU: return "SiLU()";
    case core::Activation::Tanh: return "Tanh()";
    case core::Activation::Sigmoid: return "Sigmoid()";
    case core::Activation::ELU: return "ELU()";
  }
  return "";
}

/// Collects layers; those of one nn.Sequential are numbered under its name.
class Planner {
 public:
  void group(std::string name) {
    group_ = std::move(name);
    next_ = 0;
  }
  void numbered(std::string type, std::string output, std::int64_t parameters = 0, std::int64_t buffers = 0) {
    named(fmt::format("{}.{}", group_, next_++), std::move(type), std::move(output), parameters, buffers);
  }
  void named(std::string name, std::string type, std::string output, std::int64_t parameters = 0,
             std::int64_t buffers = 0) {
    plan.layers.push_back({std::move(name), std::move(type), std::move(output), parameters});
    plan.parameters = plus(plan.parameters, parameters);
    plan.buffers = plus(plan.buffers, buffers);
  }
  void linear(std::int64_t in, std::int64_t out) {
    numbered(fmt::format("Linear({}, {})", in, out), fmt::format("N x {}", out), linearSize(in, out));
  }
  void activation(core::Activation activation, const std::string& output) {
    numbered(std::string(activationName(activation)), output);
  }
  void dropout(double p, const std::string& output) { numbered(fmt::format("Dropout(p={})", p), output); }

  static std::int64_t linearSize(std::int64_t in, std::int64_t out) { return times(plus(in, 1), out); }

  ModelPlan plan;

 private:
  std::string group_;
  int next_ = 0;
};

ModelPlan planFor(const core::MlpModel& mlp, const DataShape& shape) {
  if (shape.blockSize > 0) throw Error::invalid("model.type", "\"MLP\" does not take text", "use \"Transformer\"");
  Planner planner;
  planner.group("layers");
  std::int64_t in = shape.channels > 0 ? shape.channels * shape.height * shape.width : shape.inputs;
  for (const auto hidden : mlp.hidden) {
    const auto output = fmt::format("N x {}", hidden);
    planner.linear(in, hidden);
    planner.activation(mlp.activation, output);
    planner.dropout(mlp.dropout, output);
    in = hidden;
  }
  planner.linear(in, shape.outputs);
  return planner.plan;
}

void planStage(Planner& planner, const core::CnnModel& cnn, std::int64_t in, std::int64_t out, std::int64_t& height,
               std::int64_t& width) {
  const auto output = [&] { return fmt::format("N x {} x {} x {}", out, height, width); };
  planner.numbered(fmt::format("Conv2d({}, {}, kernel_size=3, padding=1)", in, out), output(),
                   plus(times(times(in, 9), out), out));
  if (cnn.batchNorm)
    planner.numbered(fmt::format("BatchNorm2d({})", out), output(), times(out, 2), plus(times(out, 2), 1));
  planner.activation(cnn.activation, output());
  height /= 2;
  width /= 2;
  planner.numbered("MaxPool2d(2)", output());
}

[[noreturn]] void failTooSmall(const DataShape& shape, std::size_t stages) {
  int most = 0;
  for (auto side = std::min(shape.height, shape.width); side > 1; side /= 2) ++most;
  throw Error::invalid("model.channels",
                       fmt::format("images of {} x {} are too small for {} stages, as each halves them", shape.height,
                                   shape.width, stages),
                       fmt::format("list {} at the most", most));
}

ModelPlan planFor(const core::CnnModel& cnn, const DataShape& shape) {
  if (shape.channels == 0)
    throw Error::invalid("model.type", "\"CNN\" takes images",
                         shape.blockSize > 0 ? "use \"Transformer\"" : "use \"MLP\"");
  Planner planner;
  planner.group("features");
  std::int64_t in = shape.channels, height = shape.height, width = shape.width;
  for (const auto out : cnn.channels) {
    planStage(planner, cnn, in, out, height, width);
    if (height == 0 || width == 0) failTooSmall(shape, cnn.channels.size());
    in = out;
  }
  planner.plan.flattened = times(in, height * width);
  planner.group("classifier");
  std::int64_t last = planner.plan.flattened;
  if (cnn.hidden > 0) {
    planner.linear(last, cnn.hidden);
    planner.activation(cnn.activation, fmt::format("N x {}", cnn.hidden));
    last = cnn.hidden;
  }
  planner.dropout(cnn.dropout, fmt::format("N x {}", last));
  planner.linear(last, shape.outputs);
  return planner.plan;
}

void planBlock(Planner& planner, const core::TransformerModel& model, std::int64_t number, const std::string& output) {
  const auto w = model.width;
  const auto add = [&](const char* name, std::string type, std::int64_t parameters) {
    planner.named(fmt::format("blocks.{}.{}", number, name), std::move(type), output, parameters);
  };
  add("norm1", fmt::format("LayerNorm({})", w), times(w, 2));
  add("attention", fmt::format("CausalSelfAttention({}, heads={}, dropout={})", w, model.heads, model.dropout),
      plus(Planner::linearSize(w, times(w, 3)), Planner::linearSize(w, w)));
  add("norm2", fmt::format("LayerNorm({})", w), times(w, 2));
  add("mlp", fmt::format("Linear({0}, {1}), GELU(), Linear({1}, {0}), Dropout(p={2})", w, times(w, 4), model.dropout),
      plus(Planner::linearSize(w, times(w, 4)), Planner::linearSize(times(w, 4), w)));
}

ModelPlan planFor(const core::TransformerModel& model, const DataShape& shape) {
  if (shape.blockSize == 0)
    throw Error::invalid("model.type", "\"Transformer\" takes text",
                         shape.channels > 0 ? "use \"CNN\" or \"MLP\"" : "use \"MLP\"");
  if (model.heads < 1 || model.width < 1 || model.width % model.heads != 0)
    throw Error::invalid("model.width", fmt::format("{} is no multiple of model.heads, {}", model.width, model.heads),
                         "change one of them");
  constexpr std::int64_t kMostLayers = 100'000;  // a list of them is made before their size is known
  if (model.layers > kMostLayers)
    throw Error::invalid("model.layers", fmt::format("{} is too many", model.layers), "make it smaller");
  Planner planner;
  const auto output = fmt::format("N x {} x {}", shape.blockSize, model.width);
  planner.named("token_embedding", fmt::format("Embedding(256, {})", model.width), output, times(256, model.width));
  planner.named("position_embedding", fmt::format("Embedding({}, {})", shape.blockSize, model.width), output,
                times(shape.blockSize, model.width));
  planner.named("dropout", fmt::format("Dropout(p={})", model.dropout), output);
  for (std::int64_t i = 0; i < model.layers; ++i) planBlock(planner, model, i, output);
  planner.named("norm", fmt::format("LayerNorm({})", model.width), output, times(model.width, 2));
  planner.named("head", "token_embedding, transposed", fmt::format("N x {} x 256", shape.blockSize));
  return planner.plan;
}

/// The weights alone must fit into this machine's memory, wherever they are trained: they are drawn there.
void checkFits(const ModelPlan& plan) {
  const auto memory = times(sysconf(_SC_PHYS_PAGES), sysconf(_SC_PAGE_SIZE));
  const auto bytes = times(plus(plan.parameters, plan.buffers), 4);
  if (bytes < memory) return;
  throw Error::invalid(
      "model",
      fmt::format("its weights would take {}, and this machine has {} of memory",
                  bytes == kMost ? "more than can be counted" : core::humanBytes(bytes), core::humanBytes(memory)),
      "make its layers smaller");
}

}  // namespace

ModelPlan planModel(const core::ModelSpec& spec, const DataShape& shape) {
  ModelPlan plan = std::visit([&](const auto& model) { return planFor(model, shape); }, spec);
  checkFits(plan);
  return plan;
}

}  // namespace cairn::engine
