#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "core/csv_field.h"
#include "core/error.h"
#include "core/text.h"
#include "engine/face/engine.h"
#include "storage/checkpoint_files.h"

namespace cairn::cli {

namespace {

struct PredictArguments {
  std::string checkpoint, file;
  std::optional<std::string> prompt;
  int bytes = 200;
  double temperature = 0.8;
  std::uint64_t seed = 0;
};

using Prediction = engine::Predictor::Prediction;

/// The predicted columns' names: the targets as the training data called them.
std::vector<std::string> outputNames(const engine::Predictor& predictor) {
  return predictor.targets().empty() ? std::vector<std::string>{"label"} : predictor.targets();
}

void printCsv(const engine::Predictor& predictor, const std::vector<Prediction>& predictions) {
  std::string text;
  for (const auto& name : outputNames(predictor)) text += (text.empty() ? "" : ",") + core::csvField(name);
  for (const auto& name : predictor.classes()) text += "," + core::csvField("p_" + name);
  for (const auto& prediction : predictions) {
    text += "\n";
    for (std::size_t i = 0; i < prediction.outputs.size(); ++i)
      text += (i ? "," : "") + core::csvField(prediction.outputs[i]);
    for (const double p : prediction.probabilities) text += "," + core::roundTrip(p);
  }
  text += "\n";
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
    throw Error::system("write to", "standard output", errno);
}

/// A regression's value as the number that it is (nan and inf, which JSON lacks, as text); a class by its name.
nlohmann::ordered_json outputJson(const std::string& output, bool isClass) {
  if (!isClass)
    if (auto number = nlohmann::ordered_json::parse(output, nullptr, false); number.is_number()) return number;
  return output;
}

/// An array with an object a row: the outputs, and the probability of each class.
nlohmann::ordered_json jsonOf(const engine::Predictor& predictor, const std::vector<Prediction>& predictions) {
  const auto names = outputNames(predictor);
  auto array = nlohmann::ordered_json::array();
  const bool isClass = !predictor.classes().empty();
  for (const auto& prediction : predictions) {
    nlohmann::ordered_json row;
    for (std::size_t i = 0; i < prediction.outputs.size(); ++i) row[names[i]] = outputJson(prediction.outputs[i], isClass);
    for (std::size_t i = 0; i < prediction.probabilities.size(); ++i)
      row["probabilities"][predictor.classes()[i]] = prediction.probabilities[i];
    array.push_back(std::move(row));
  }
  return array;
}

void continueText(Context& context, const PredictArguments& arguments, engine::Predictor& predictor) {
  if (!arguments.prompt)
    throw Error::invalid("--prompt", "is missing: this model goes on with a text", "give --prompt TEXT [--bytes N]");
  if (arguments.bytes < 1) throw Error::invalid("--bytes", fmt::format("must be at least 1, not {}", arguments.bytes));
  const auto text = predictor.continueText(*arguments.prompt, arguments.bytes, arguments.temperature, arguments.seed,
                                           stderrProgress());
  if (context.json)
    context.print(nlohmann::ordered_json{{"prompt", *arguments.prompt}, {"text", text}});
  else
    context.print(text);
}

void predict(Context& context, const PredictArguments& arguments) {
  auto catalog = context.openRead();
  const auto record = catalog.findCheckpoint(arguments.checkpoint);
  const auto state = storage::readCheckpoint(catalog.files(), record, stderrProgress());
  const auto predictor = engine::engine().createPredictor(*state);
  if (predictor->format() == "text") return continueText(context, arguments, *predictor);
  if (arguments.prompt)
    throw Error::invalid("--prompt", "is for text models, and this one was trained on " + predictor->format(),
                         "name a file");
  if (arguments.file.empty())
    throw Error::invalid("FILE", "is missing", fmt::format("name a {} file to predict", predictor->format()));
  const auto predictions = predictor->predictFile(arguments.file, stderrProgress());
  if (context.json)
    context.print(jsonOf(*predictor, predictions));
  else
    printCsv(*predictor, predictions);
}

}  // namespace

void addPredictCommand(CLI::App& app, Context& context) {
  const auto arguments = std::make_shared<PredictArguments>();
  auto* command = app.add_subcommand(
      "predict", "Use a trained model: predictions and class probabilities as CSV, or text that goes on");
  command->add_option("checkpoint", arguments->checkpoint, "Id, prefix, RUN@STEP, RUN@latest or RUN@best")
      ->required()
      ->type_name("CHECKPOINT");
  command->add_option("file", arguments->file, "CSV with the training columns, or IDX images")->type_name("FILE");
  command->add_option("--prompt", arguments->prompt, "For text models: what to go on from")->type_name("TEXT");
  command->add_option("--bytes", arguments->bytes, "How many bytes to write")->capture_default_str();
  command->add_option("--temperature", arguments->temperature, "0: always the likeliest byte")->capture_default_str();
  command->add_option("--seed", arguments->seed, "Of the random choice")->capture_default_str();
  command->callback([&context, arguments] { predict(context, *arguments); });
}

}  // namespace cairn::cli
