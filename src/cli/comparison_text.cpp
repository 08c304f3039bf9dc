#include "cli/comparison_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "cli/describe.h"
#include "cli/terminal.h"
#include "core/text.h"

namespace cairn::cli {

namespace {

constexpr std::size_t kShownSamples = 10;  // of those on which predictions differ most
constexpr int kBarWidth = 40;              // columns of the path's drawing

std::string number(const std::optional<double>& value) { return value ? fmt::format("{:.4g}", *value) : "-"; }
std::string percent(const std::optional<double>& value) { return value ? fmt::format("{:.2f} %", *value * 100) : "-"; }

std::vector<std::string> heading(const char* first, std::size_t checkpoints) {
  std::vector<std::string> names{first};
  for (std::size_t i = 0; i < checkpoints; ++i) names.push_back(core::letterOf(i));
  return names;
}

std::vector<bool> rightAligned(std::size_t left, std::size_t columns) {
  std::vector<bool> right(columns, true);
  std::fill_n(right.begin(), std::min(left, columns), false);
  return right;
}

std::string metricsText(const core::ComparisonSummary& summary) {
  std::vector<std::vector<std::string>> rows;
  std::string whys;
  std::size_t checkpoints = 0;
  for (const auto& row : summary.metrics) {
    checkpoints = row.values.size();
    auto& line = rows.emplace_back(std::vector<std::string>{row.name});
    for (std::size_t i = 0; i < row.values.size(); ++i)
      line.push_back((row.best[i] ? "* " : "") + number(row.values[i]));
    if (!row.why.empty()) whys += fmt::format("\n{}: no best, {}", row.name, row.why);
  }
  if (rows.empty()) return "no metrics on record";
  return table(heading("METRIC", checkpoints), rows, rightAligned(1, checkpoints + 1)) + whys;
}

/// JSON text without a string's quotes.
std::string plain(const std::string& text) {
  if (text.empty()) return "-";
  return text.size() >= 2 && text.front() == '"' ? text.substr(1, text.size() - 2) : text;
}

std::string settingsText(const core::ComparisonSummary& summary, bool all) {
  std::vector<std::vector<std::string>> rows;
  std::size_t checkpoints = 0;
  for (const auto& row : summary.settings) {
    checkpoints = row.values.size();
    if (!row.differs && !all) continue;
    auto& line = rows.emplace_back(std::vector<std::string>{row.key});
    for (const auto& value : row.values) line.push_back(plain(value));
  }
  if (rows.empty()) return "all settings are the same";
  return table(heading("SETTING", checkpoints), rows);
}

/// One row a tensor. Where more than two are compared only what fits beside each other: the rest is in the JSON.
std::string tensorTable(const core::WeightsComparison& weights) {
  const auto others = weights.whole.size();
  const bool two = others == 1;
  std::vector<std::string> header{"TENSOR", "SHAPE"};
  for (std::size_t i = 0; i <= others; ++i) header.push_back("NORM " + core::letterOf(i));
  for (std::size_t i = 1; i <= others; ++i) {
    header.push_back(two ? "REL. L2" : "REL. L2 " + core::letterOf(i));
    header.push_back(two ? "COSINE" : "COSINE " + core::letterOf(i));
  }
  if (two) header.insert(header.end(), {"MAX ABS", "AT"});
  std::vector<std::vector<std::string>> rows;
  for (const auto& row : weights.tensors) {
    auto& line = rows.emplace_back(std::vector<std::string>{row.name, shapeText(row.shape)});
    for (const auto& stats : row.stats) line.push_back(number(stats.norm));
    for (const auto& distance : row.distances) {
      line.push_back(distance.identical ? "same" : number(distance.relativeL2));
      line.push_back(number(distance.cosine));
    }
    if (!two) continue;
    const auto& distance = row.distances.front();
    line.push_back(number(distance.maxAbs));
    line.push_back(distance.identical ? "-" : fmt::format("[{}]", fmt::join(distance.maxIndex, ",")));
  }
  return table(header, rows, rightAligned(2, header.size()));
}

std::string onlyInText(const core::TensorOnlyIn& only) {
  std::string text = only.name + ":";
  for (std::size_t i = 0; i < only.shapes.size(); ++i)
    text += fmt::format(" {} {}{}", core::letterOf(i), only.shapes[i] ? shapeText(*only.shapes[i]) : "has none",
                        i + 1 < only.shapes.size() ? "," : "");
  return text;
}

std::string confusionText(const core::PredictionComparison& predictions, std::size_t which) {
  const auto& classes = predictions.data.classes;
  constexpr std::size_t kMost = 12;
  const auto& confusion = predictions.results[which].confusion;
  if (confusion.empty() || classes.size() > kMost) return {};
  std::vector<std::string> header{core::letterOf(which) + ": TRUE \\ PREDICTED"};
  header.insert(header.end(), classes.begin(), classes.end());
  std::vector<std::vector<std::string>> rows;
  for (std::size_t row = 0; row < classes.size(); ++row) {
    auto& line = rows.emplace_back(std::vector<std::string>{classes[row]});
    for (std::size_t column = 0; column < classes.size(); ++column)
      line.push_back(std::to_string(confusion[row * classes.size() + column]));
  }
  return "\n\n" + table(header, rows, rightAligned(1, header.size()));
}

/// On one line, whatever bytes it has.
std::string oneLine(const std::string& text) {
  std::string line;
  for (const char c : text)
    line += c == '\n' ? "↵" : static_cast<unsigned char>(c) < 0x20 ? std::string("·") : std::string(1, c);
  return line;
}

std::string answerText(const core::SampleAnswer& answer) {
  if (answer.outputs.empty()) return "-";
  std::string text;
  for (const auto& output : answer.outputs) text += (text.empty() ? "" : ", ") + oneLine(output);
  if (answer.probabilities.empty()) return text;
  return fmt::format("{} ({:.1f} %)", text,
                     100 * *std::max_element(answer.probabilities.begin(), answer.probabilities.end()));
}

std::string samplesText(const core::PredictionComparison& predictions) {
  const auto& samples = predictions.samples;
  if (samples.empty()) return "they predict the same for every sample";
  const bool text = predictions.data.format == "text";
  auto header = std::vector<std::string>{text ? "AT BYTE" : "SAMPLE", "DIFFERENCE", "TRUTH"};
  for (std::size_t i = 0; i < predictions.results.size(); ++i) header.push_back(core::letterOf(i));
  std::vector<std::vector<std::string>> rows;
  for (std::size_t n = 0; n < std::min(kShownSamples, samples.size()); ++n) {
    const auto& sample = samples[n];
    core::SampleAnswer truth{.outputs = sample.truth, .probabilities = {}, .loss = {}, .right = true};
    auto& line = rows.emplace_back(std::vector<std::string>{
        std::to_string(sample.number), fmt::format("{:.4f}", sample.difference), answerText(truth)});
    for (const auto& answer : sample.answers) line.push_back(answerText(answer));
  }
  return fmt::format("{} of {} samples differ; the most:\n{}", predictions.differing, predictions.data.samples,
                     table(header, rows, {true, true}));
}

std::string dataText(const core::EvaluationData& data) {
  auto text = fmt::format("on the {} {} samples of {}", core::withThousands(data.samples),
                          data.validation ? "validation" : "training", core::letterOf(data.of));
  for (const auto& note : data.notes) text += "\nnote: " + note;
  return text;
}

}  // namespace

std::string checkpointsText(const std::vector<core::Compared>& checkpoints) {
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < checkpoints.size(); ++i) {
    const auto& checkpoint = checkpoints[i].checkpoint;
    rows.push_back({core::letterOf(i), shortId(checkpoint.id), checkpoints[i].run.name, std::to_string(checkpoint.step),
                    std::to_string(checkpoint.epoch), fmt::format("{}", fmt::join(checkpoint.roles, ","))});
  }
  return table({"", "ID", "RUN", "STEP", "EPOCH", "ROLES"}, rows, {false, false, false, true, true});
}

std::string summaryText(const core::ComparisonSummary& summary, bool allSettings) {
  return metricsText(summary) + "\n\n" + settingsText(summary, allSettings) +
         (summary.identical ? "\n\nthe training states are identical, bit for bit" : "");
}

std::string weightsText(const core::WeightsComparison& weights) {
  std::string text = weights.tensors.empty() ? "no tensor is in all of them in one shape" : tensorTable(weights);
  text += fmt::format("\n{} parameters in {} tensors", core::withThousands(weights.parameters), weights.tensors.size());
  for (std::size_t i = 0; i < weights.whole.size(); ++i) {
    const auto& whole = weights.whole[i];
    text += fmt::format("\n{} from A: {}", core::letterOf(i + 1),
                        whole.identical ? "every tensor is the same"
                                        : fmt::format("relative distance {}, cosine {}", number(whole.relativeL2),
                                                      number(whole.cosine)));
  }
  if (!weights.onlyIn.empty()) text += "\nnot in all, or not in one shape:";
  for (const auto& only : weights.onlyIn) text += "\n  " + onlyInText(only);
  return text;
}

std::string predictionsText(const core::PredictionComparison& predictions) {
  const auto count = predictions.results.size();
  std::vector<std::vector<std::string>> rows;
  std::string problems;
  for (std::size_t i = 0; i < count; ++i) {
    const auto& result = predictions.results[i];
    auto& line = rows.emplace_back(std::vector<std::string>{core::letterOf(i), number(result.loss), percent(result.accuracy)});
    for (std::size_t j = 0; j < count; ++j) line.push_back(percent(predictions.agreement[i][j]));
    if (!result.problem.empty())
      problems += fmt::format("\n{} cannot be evaluated on it: {}", core::letterOf(i), result.problem);
  }
  std::vector<std::string> header{"", "LOSS", "ACCURACY"};
  for (std::size_t i = 0; i < count; ++i) header.push_back("AGREES WITH " + core::letterOf(i));
  auto text = "predictions " + dataText(predictions.data) + problems + "\n" +
              table(header, rows, rightAligned(1, header.size()));
  for (std::size_t i = 0; i < count; ++i) text += confusionText(predictions, i);
  return text + "\n\n" + samplesText(predictions);
}

std::string pathText(const core::LossPath& path) {
  double highest = 0;
  for (const auto& point : path.points)
    if (point.loss > highest && point.loss < 1e300) highest = point.loss;
  std::vector<std::vector<std::string>> rows;
  for (const auto& point : path.points) {
    const double share = highest > 0 && point.loss >= 0 ? std::min(1.0, point.loss / highest) : 0;
    rows.push_back({fmt::format("{:.3f}", point.t), number(point.loss), percent(point.accuracy),
                    std::string(static_cast<std::size_t>(share * kBarWidth + 0.5), '#')});
  }
  auto text = table({"B'S SHARE", "LOSS", "ACCURACY", ""}, rows, {true, true, true});
  text += "\n" + dataText(path.data);
  if (path.statisticsAnew) text += "\nBatchNorm's statistics were computed anew between the ends, on training data";
  if (!std::isfinite(path.barrier)) return text + "\nthe loss is not a number everywhere on the way: no barrier can be told";
  return text + (path.barrier > 0 ? fmt::format("\nthe loss rises {:.4g} above the line between its ends", path.barrier)
                                  : "\nthe loss never rises above the line between its ends");
}

}  // namespace cairn::cli
