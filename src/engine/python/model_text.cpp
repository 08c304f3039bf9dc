#include "engine/python/model_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/models/plan.h"

namespace cairn::engine {

namespace {

constexpr const char* kTransformerLayers = R"py(
class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.proj = nn.Linear(WIDTH, WIDTH)
        self.attn_dropout = nn.Dropout(DROPOUT)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, x, mask):
        n, t, _ = x.shape
        q, k, v = self.qkv(x).view(n, t, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        weights = (q @ k.transpose(-2, -1) * (1.0 / math.sqrt(WIDTH // HEADS)) + mask).softmax(-1)
        mixed = (self.attn_dropout(weights) @ v).transpose(1, 2).reshape(n, t, WIDTH)
        return self.dropout(self.proj(mixed))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1 = nn.LayerNorm(WIDTH)
        self.attention = Attention()
        self.norm2 = nn.LayerNorm(WIDTH)
        self.mlp = nn.Sequential(nn.Linear(WIDTH, 4 * WIDTH), nn.GELU(), nn.Linear(4 * WIDTH, WIDTH), nn.Dropout(DROPOUT))

    def forward(self, x, mask):
        x = x + self.attention(self.norm1(x), mask)
        return x + self.mlp(self.norm2(x))


class Model(nn.Module):
    """Bytes (N x T, int64, T up to BLOCK_SIZE) to logits of the next one (N x T x 256)."""

    def __init__(self):
        super().__init__()
        self.token_embedding = nn.Embedding(256, WIDTH)
        self.position_embedding = nn.Embedding(BLOCK_SIZE, WIDTH)
        self.dropout = nn.Dropout(DROPOUT)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.norm = nn.LayerNorm(WIDTH)

    def forward(self, x):
        t = x.shape[1]
        mask = torch.full((t, t), -math.inf, device=x.device).triu(1)
        x = self.dropout(self.token_embedding(x) + self.position_embedding.weight[:t])
        for block in self.blocks:
            x = block(x, mask)
        return F.linear(self.norm(x), self.token_embedding.weight)
)py";

constexpr const char* kNamedBase = R"py(
class Named(nn.Module):
    """Tensors under the names that the checkpoint gives them, in its order: (name, shape, kind or what it is tied to)."""

    def __init__(self, tensors):
        super().__init__()
        for name, shape, kind in tensors:
            *path, leaf = name.split(".")
            module = self
            for part in path:
                if part not in module._modules:
                    module.add_module(part, nn.Module())
                module = module._modules[part]
            if kind == "parameter":
                module.register_parameter(leaf, nn.Parameter(torch.zeros(shape)))
            elif kind == "buffer":
                module.register_buffer(leaf, torch.zeros(shape))
            elif kind == "count":
                module.register_buffer(leaf, torch.zeros(shape, dtype=torch.int64))
            else:
                module.register_parameter(leaf, self.tensor(kind))

    def tensor(self, name):
        *path, leaf = name.split(".")
        module = self
        for part in path:
            module = module._modules[part]
        return getattr(module, leaf)
)py";

constexpr const char* kNamedTransformer = R"py(
    def linear(self, x, name):
        return F.linear(x, self.tensor(NAMES[name + ".weight"]), self.tensor(NAMES[name + ".bias"]))

    def normed(self, x, name):
        return F.layer_norm(x, (WIDTH,), self.tensor(NAMES[name + ".weight"]), self.tensor(NAMES[name + ".bias"]))

    def drop(self, x):
        return F.dropout(x, DROPOUT, self.training)

    def attention(self, x, name, mask):
        n, t, _ = x.shape
        q, k, v = self.linear(x, name + ".qkv").view(n, t, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        weights = (q @ k.transpose(-2, -1) * (1.0 / math.sqrt(WIDTH // HEADS)) + mask).softmax(-1)
        mixed = (self.drop(weights) @ v).transpose(1, 2).reshape(n, t, WIDTH)
        return self.drop(self.linear(mixed, name + ".proj"))

    def forward(self, x):
        t = x.shape[1]
        mask = torch.full((t, t), -math.inf, device=x.device).triu(1)
        tokens = self.tensor(NAMES["token_embedding.weight"])
        x = self.drop(F.embedding(x, tokens) + self.tensor(NAMES["position_embedding.weight"])[:t])
        for block in (f"blocks.{i}" for i in range(LAYERS)):
            x = x + self.attention(self.normed(x, block + ".norm1"), block + ".attention", mask)
            wide = F.gelu(self.linear(self.normed(x, block + ".norm2"), block + ".mlp.0"))
            x = x + self.drop(self.linear(wide, block + ".mlp.2"))
        return F.linear(self.normed(x, "norm"), tokens)
)py";

/// "layers.3" is layer 3 of "layers".
std::string groupOf(const std::string& layer) { return layer.substr(0, layer.find('.')); }

/// What a forward pass does with the layers named so, of MLP and CNN.
std::string inputOf(const std::string& group) { return group == "features" ? "x" : "x.flatten(1)"; }

std::string tupleOf(const std::vector<std::int64_t>& shape) {
  return fmt::format("({}{})", fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
}

std::string transformerConstants(const core::TransformerModel& model, const DataShape& shape) {
  return fmt::format("\nLAYERS, HEADS, WIDTH, DROPOUT, BLOCK_SIZE = {}, {}, {}, {}, {}\n", model.layers, model.heads,
                     model.width, model.dropout, shape.blockSize);
}

std::string_view kindOf(const ScriptTensor& tensor) {
  const std::string_view name = tensor.modelName;
  if (name.ends_with(".num_batches_tracked")) return "count";
  if (name.ends_with(".running_mean") || name.ends_with(".running_var")) return "buffer";
  return "parameter";
}

std::string tensorTable(const std::vector<ScriptTensor>& tensors) {
  std::map<std::string, std::string> first;  // model's name -> the first of the checkpoint's
  std::string text = "\nTENSORS = [\n";
  for (const auto& tensor : tensors) {
    const auto [known, isNew] = first.emplace(tensor.modelName, tensor.name);
    const auto kind = isNew ? std::string(kindOf(tensor)) : known->second;
    text +=
        fmt::format("    ({}, {}, {}),\n", pythonText(tensor.name), tupleOf(tensor.tensor->shape), pythonText(kind));
  }
  return text + "]\n";
}

/// The layer of a plan as a statement on x.
std::string namedStatement(const LayerSummary& layer, const std::map<std::string, std::string>& names) {
  const auto tensor = [&](const char* leaf) {
    return fmt::format("self.tensor({})", pythonText(names.at(layer.name + "." + leaf)));
  };
  const std::string_view type = layer.type;
  if (type.starts_with("Linear(")) return fmt::format("x = F.linear(x, {}, {})", tensor("weight"), tensor("bias"));
  if (type.starts_with("Conv2d("))
    return fmt::format("x = F.conv2d(x, {}, {}, padding=1)", tensor("weight"), tensor("bias"));
  if (type.starts_with("BatchNorm2d("))
    return fmt::format(
        "if self.training:\n            {}.add_(1)\n        x = F.batch_norm(x, {}, {}, {}, {}, self.training)",
        tensor("num_batches_tracked"), tensor("running_mean"), tensor("running_var"), tensor("weight"), tensor("bias"));
  if (type.starts_with("Dropout(p="))
    return fmt::format("x = F.dropout(x, {}, self.training)", type.substr(10, type.size() - 11));
  return fmt::format("x = nn.{}(x)", layer.type);
}

}  // namespace

std::string pythonText(const std::string& text) { return nlohmann::json(text).dump(); }

std::string modelOfLayers(const core::ModelSpec& model, const DataShape& shape) {
  if (const auto* transformer = std::get_if<core::TransformerModel>(&model))
    return transformerConstants(*transformer, shape) + "\n" + kTransformerLayers;
  const auto plan = planModel(model, shape);
  std::string made, used = "        return x\n";
  std::string group;
  for (const auto& layer : plan.layers) {
    if (groupOf(layer.name) != group) {
      if (!group.empty()) made += "        )\n";
      group = groupOf(layer.name);
      made += fmt::format("        self.{} = nn.Sequential(\n", group);
      used.insert(used.rfind("        return"), fmt::format("        x = self.{}({})\n", group, inputOf(group)));
    }
    made += fmt::format("            nn.{},\n", layer.type);
  }
  return "\n\nclass Model(nn.Module):\n    def __init__(self):\n        super().__init__()\n" + made +
         "        )\n\n    def forward(self, x):\n" + used;
}

std::string modelOfNamedTensors(const core::ModelSpec& model, const DataShape& shape,
                                const std::vector<ScriptTensor>& tensors) {
  std::map<std::string, std::string> names;  // model's -> the checkpoint's
  for (const auto& tensor : tensors) names.emplace(tensor.modelName, tensor.name);
  std::string text = tensorTable(tensors);
  const auto* transformer = std::get_if<core::TransformerModel>(&model);
  if (transformer) {
    text += "NAMES = {  # what the model calls it: what the checkpoint does\n";
    for (const auto& [own, name] : names) text += fmt::format("    {}: {},\n", pythonText(own), pythonText(name));
    text += "}\n" + transformerConstants(*transformer, shape);
  }
  text += std::string("\n") + kNamedBase +
          "\n\nclass Model(Named):\n    def __init__(self):\n        super().__init__(TENSORS)\n";
  if (transformer) return text + kNamedTransformer;
  text += "\n    def forward(self, x):\n";
  std::string group;
  for (const auto& layer : planModel(model, shape).layers) {
    if (groupOf(layer.name) != group) {
      group = groupOf(layer.name);
      if (inputOf(group) != "x") text += fmt::format("        x = {}\n", inputOf(group));
    }
    text += "        " + namedStatement(layer, names) + "\n";
  }
  return text + "        return x\n";
}

}  // namespace cairn::engine
