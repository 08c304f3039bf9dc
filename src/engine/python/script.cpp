#include "engine/python/script.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/text.h"
#include "engine/checkpoint_info.h"
#include "engine/checkpoint_keys.h"
#include "engine/models/match_names.h"
#include "engine/python/model_text.h"

namespace cairn::engine {

namespace {

using core::StateTree;

constexpr const char* kHead = R"py(#!/usr/bin/env python3
"""A model trained with Cairn, to be used with PyTorch alone: {usage}

As a module: load_model() gives it in evaluation mode, Model() a fresh one to load a state dict into.
"""
import argparse
import math
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

)py";

constexpr const char* kLoad = R"py(

def load_weights(path=WEIGHTS):
    """The state dict of a checkpoint, or of a file that is nothing else."""
    old = int(torch.__version__.split(".")[0]) < 2  # 1.13's weights_only refuses numbers
    saved = torch.load(path, map_location="cpu") if old else torch.load(path, map_location="cpu", weights_only=True)
    return saved.get("model_state_dict", saved)


def load_model(path=WEIGHTS):
    model = Model()
    model.load_state_dict(load_weights(path))
    return model.eval()


def read_bytes(path):
    data = Path(path).read_bytes()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
)py";

constexpr const char* kCsvData = R"py(

def read_input(path):
    """The feature columns of a CSV file, found by name: rows x features, not normalized yet."""
    rows = csv.reader(io.StringIO(read_bytes(path).decode("utf-8-sig"), newline=""))
    header = [name.strip() for name in next(rows, [])]
    missing = [name for name in FEATURES if name not in header]
    if missing:
        sys.exit(f"{path}: has no column {', '.join(map(repr, missing))}")
    columns = [header.index(name) for name in FEATURES]
    values = []
    for row in rows:
        if not row:
            continue
        try:
            values.append([float(row[column]) for column in columns])
        except (ValueError, IndexError):
            sys.exit(f"{path}, line {rows.line_num}: a value is missing or no number")
    return torch.tensor(values, dtype=torch.float32).view(len(values), len(columns))


def normalize(rows):
    if not MEAN:
        return rows
    mean, std = torch.tensor(MEAN, dtype=torch.float64), torch.tensor(STD, dtype=torch.float64)
    return ((rows.double() - mean) / std).float()
)py";

constexpr const char* kIdxData = R"py(

def read_input(path):
    """Images of an IDX file (MNIST's format, plain or .gz): N x 1 x HEIGHT x WIDTH, grey values of 0 to 255."""
    data = read_bytes(path)
    if data[:4] != b"\0\0\x08\x03":
        sys.exit(f"{path}: is no IDX file of images")
    count, height, width = struct.unpack(">3I", data[4:16])
    if (height, width) != (HEIGHT, WIDTH_OF_IMAGE) or len(data) != 16 + count * height * width:
        sys.exit(f"{path}: holds {count} images of {height} x {width}; the model takes {HEIGHT} x {WIDTH_OF_IMAGE}")
    if count == 0:
        return torch.empty((0, 1, height, width), dtype=torch.uint8)
    return torch.frombuffer(bytearray(data[16:]), dtype=torch.uint8).view(count, 1, height, width)


def normalize(images):
    scaled = images.double() / 255
    if not MEAN:
        return scaled.float()
    mean, std = torch.tensor(MEAN, dtype=torch.float64), torch.tensor(STD, dtype=torch.float64)
    return ((scaled - mean.view(-1, 1, 1)) / std.view(-1, 1, 1)).float()
)py";

constexpr const char* kPredict = R"py(

def predict(model, rows):
    """What the model makes of rows as read_input gives them: probabilities of CLASSES, or values (float64)."""
    with torch.no_grad():
        output = torch.cat([model(normalize(part)) for part in rows.split(256)]) if len(rows) else torch.empty(0, 0)
    return output.double().softmax(1) if CLASSES else output.double()


def number(value):
    """As short as reads back the same (values are float32, probabilities float64)."""
    if not CLASSES:
        value = next(v for v in (float(f"{value:.{p}g}") for p in range(1, 18))
                     if torch.tensor(v, dtype=torch.float32).item() == value or value != value)
    text = repr(value)
    return text[:-2] if text.endswith(".0") else text


def main():
    parser = argparse.ArgumentParser(description="Predict with the model in " + WEIGHTS.name + "; CSV on standard output")
    parser.add_argument("file", help=INPUT)
    parser.add_argument("--weights", default=WEIGHTS, help="another checkpoint of this model")
    arguments = parser.parse_args()
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow((TARGETS or ["label"]) + ["p_" + name for name in CLASSES])
    for row in predict(load_model(arguments.weights), read_input(arguments.file)).tolist():
        answer = [CLASSES[row.index(max(row))]] if CLASSES else []
        out.writerow(answer + [number(value) for value in row])


if __name__ == "__main__":
    main()
)py";

constexpr const char* kText = R"py(

def continue_text(model, prompt, count=200, temperature=0.8, seed=0):
    """Goes on from the bytes `prompt` for `count` bytes; temperature 0 takes the likeliest each time."""
    generator = torch.Generator().manual_seed(seed)
    data = list(prompt) or [10]
    start = len(data)
    with torch.no_grad():
        for _ in range(count):
            logits = model(torch.tensor([data[-BLOCK_SIZE:]]))[0, -1].double()
            if temperature == 0:
                data.append(logits.argmax().item())
            else:
                data.append(torch.multinomial((logits / temperature).softmax(0), 1, generator=generator).item())
    return bytes(data[start:])


def main():
    parser = argparse.ArgumentParser(description="Write on from a prompt with the model in " + WEIGHTS.name)
    parser.add_argument("--prompt", required=True)
    parser.add_argument("--bytes", type=int, default=200)
    parser.add_argument("--temperature", type=float, default=0.8)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--weights", default=WEIGHTS, help="another checkpoint of this model")
    arguments = parser.parse_args()
    prompt = arguments.prompt.encode("utf-8", "surrogateescape")
    text = continue_text(load_model(arguments.weights), prompt, arguments.bytes, arguments.temperature, arguments.seed)
    sys.stdout.buffer.write(text + b"\n")


if __name__ == "__main__":
    main()
)py";

std::string textList(const std::vector<std::string>& texts) {
  std::string list;
  for (const auto& text : texts) list += (list.empty() ? "" : ", ") + pythonText(text);
  return "[" + list + "]";
}

std::string numberList(const std::vector<double>& numbers) {
  std::string list;
  for (const double number : numbers) list += (list.empty() ? "" : ", ") + core::roundTrip(number);
  return "[" + list + "]";
}

std::string withUsage(std::string_view format) {
  const char* usage = format == "text"  ? "python3 THIS.py --prompt TEXT writes on from it."
                      : format == "idx" ? "python3 THIS.py IMAGES predicts the images of an IDX file."
                                        : "python3 THIS.py FILE.csv predicts its rows.";
  std::string head = kHead;
  const std::string_view mark = "{usage}";
  head.replace(head.find(mark), mark.size(), usage);
  const std::string_view imports = "import argparse\n";
  const char* more = format == "text"  ? ""
                     : format == "idx" ? "import csv\nimport gzip\n"
                                       : "import csv\nimport gzip\nimport io\n";
  head.insert(head.find(imports) + imports.size(), more);
  if (format == "idx") head.insert(head.find("import sys\n"), "import struct\n");
  return head;
}

std::string constants(const CheckpointInfo& info, const StateTree& checkpoint, const std::string& weightsFile) {
  const auto text = [&](std::string_view key) {
    const auto* value = checkpoint.at(keys::kCairn).find(key);
    const auto* string = value ? value->as<std::string>() : nullptr;
    return pythonText(string ? *string : "");
  };
  std::string lines =
      fmt::format("RUN, CHECKPOINT = {}, {}\nSTEP, EPOCH = {}, {}\n", text(keys::kName), text(keys::kCheckpoint),
                  checkpoint.integer(keys::kStep), checkpoint.integer(keys::kEpoch));
  lines += fmt::format("WEIGHTS = Path(__file__).resolve().with_name({})\n", pythonText(weightsFile));
  if (info.format == "text") return lines;
  if (info.format == "csv")
    lines += fmt::format("INPUT = \"CSV with the columns of FEATURES\"\nFEATURES = {}\n", textList(info.features));
  if (info.format == "idx")
    lines +=
        fmt::format("INPUT = \"IDX images\"\nHEIGHT, WIDTH_OF_IMAGE = {}, {}\n", info.shape.height, info.shape.width);
  lines += fmt::format("TARGETS = {}\nCLASSES = {}\n", textList(info.targets), textList(info.classes));
  lines += fmt::format("# Of the training data{}: inputs become (value - MEAN) / STD.\nMEAN = {}\nSTD = {}\n",
                       info.format == "idx" ? ", grey values divided by 255" : "", numberList(info.normalization.mean),
                       numberList(info.normalization.std));
  return lines;
}

std::vector<ScriptTensor> scriptTensors(const StateTree& checkpoint, const StateTree& names) {
  std::vector<ScriptTensor> tensors;
  for (const auto& [name, tensor] : tensorsOf(checkpoint.at(keys::kModel)))
    tensors.push_back({name, names.text(name), tensor});
  return tensors;
}

}  // namespace

std::string pythonScript(const StateTree& checkpoint, const std::string& weightsFile) {
  const auto info = checkpointInfo(checkpoint);
  const auto* names = checkpoint.at(keys::kCairn).find(keys::kNames);
  std::string script = withUsage(info.format) + constants(info, checkpoint, weightsFile);
  script += names ? modelOfNamedTensors(info.spec.model, info.shape, scriptTensors(checkpoint, *names))
                  : modelOfLayers(info.spec.model, info.shape);
  std::string load = kLoad;
  if (info.format == "text") {
    load.erase(load.find("\n\ndef read_bytes"));
    return script + load + kText;
  }
  return script + load + (info.format == "csv" ? kCsvData : kIdxData) + kPredict;
}

}  // namespace cairn::engine
