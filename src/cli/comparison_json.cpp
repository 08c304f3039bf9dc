#include "cli/comparison_json.h"

#include <functional>

namespace cairn::cli {

namespace {

using Json = nlohmann::ordered_json;

template <typename T>
Json orNull(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

/// One number for two checkpoints; for more a list, one for each of the others.
Json ofOthers(const std::vector<core::TensorDistance>& distances,
              const std::function<Json(const core::TensorDistance&)>& value) {
  if (distances.size() == 1) return value(distances.front());
  auto list = Json::array();
  for (const auto& distance : distances) list.push_back(value(distance));
  return list;
}

Json settingsJson(const core::ComparisonSummary& summary, bool all) {
  auto list = Json::array();
  for (const auto& row : summary.settings) {
    if (!row.differs && !all) continue;
    auto values = Json::array();
    for (const auto& text : row.values) values.push_back(text.empty() ? Json() : Json::parse(text));
    list.push_back({{"key", row.key}, {"values", values}});
  }
  return list;
}

Json metricsJson(const core::ComparisonSummary& summary) {
  auto object = Json::object();
  for (const auto& row : summary.metrics) {
    auto values = Json::array(), best = Json::array();
    for (const auto& value : row.values) values.push_back(orNull(value));
    for (std::size_t i = 0; i < row.best.size(); ++i)
      if (row.best[i]) best.push_back(i);
    object[row.name] = {{"values", values}, {"best", best}, {"why", row.why.empty() ? Json() : Json(row.why)}};
  }
  return object;
}

Json distancesJson(const std::vector<core::TensorDistance>& distances) {
  using Distance = core::TensorDistance;
  return {{"relative_l2", ofOthers(distances, [](const Distance& d) { return orNull(d.relativeL2); })},
          {"cosine", ofOthers(distances, [](const Distance& d) { return orNull(d.cosine); })},
          {"l2", ofOthers(distances, [](const Distance& d) { return Json(d.l2); })}};
}

Json tensorJson(const core::TensorRow& row) {
  using Distance = core::TensorDistance;
  auto norms = Json::array(), means = Json::array(), deviations = Json::array(), notFinite = Json::array();
  for (const auto& stats : row.stats) {
    norms.push_back(stats.norm);
    means.push_back(stats.mean);
    deviations.push_back(stats.deviation);
    notFinite.push_back(stats.notFinite);
  }
  Json out{{"name", row.name}, {"shape", row.shape}, {"norms", norms}};
  out.update(distancesJson(row.distances));
  out["max_abs"] = ofOthers(row.distances, [](const Distance& d) { return Json(d.maxAbs); });
  out["max_index"] = ofOthers(row.distances, [](const Distance& d) { return Json(d.maxIndex); });
  out["identical"] = ofOthers(row.distances, [](const Distance& d) { return Json(d.identical); });
  out["means"] = means;
  out["deviations"] = deviations;
  out["not_finite"] = notFinite;
  out["dtypes"] = row.dtypes;
  out["learnt"] = row.learnt;
  out["tied"] = row.tied;
  return out;
}

Json onlyInJson(const core::TensorOnlyIn& only) {
  auto in = Json::array(), shapes = Json::array();
  for (std::size_t i = 0; i < only.shapes.size(); ++i) {
    if (only.shapes[i]) in.push_back(core::letterOf(i));
    shapes.push_back(orNull(only.shapes[i]));
  }
  return {{"name", only.name}, {"in", in}, {"shapes", shapes}};
}

Json dataJson(const core::EvaluationData& data) {
  return {{"of", core::letterOf(data.of)}, {"part", data.validation ? "validation" : "training"},
          {"samples", data.samples}, {"format", data.format},
          {"classes", data.classes}, {"features", data.features},
          {"targets", data.targets}, {"notes", data.notes}};
}

Json resultJson(const core::EvaluationResult& result, std::size_t classes) {
  auto confusion = Json();
  if (!result.confusion.empty()) {
    confusion = Json::array();
    for (std::size_t row = 0; row < classes; ++row) {
      const auto begin = result.confusion.begin() + static_cast<std::ptrdiff_t>(row * classes);
      confusion.push_back(std::vector<std::int64_t>(begin, begin + static_cast<std::ptrdiff_t>(classes)));
    }
  }
  return {{"problem", result.problem.empty() ? Json() : Json(result.problem)},
          {"loss", orNull(result.loss)},
          {"accuracy", orNull(result.accuracy)},
          {"confusion", confusion}};
}

Json answerJson(const core::SampleAnswer& answer) {
  return {{"outputs", answer.outputs},
          {"probabilities", answer.probabilities},
          {"loss", orNull(answer.loss)},
          {"right", answer.right}};
}

Json sampleJson(const core::DifferingSample& sample) {
  auto answers = Json::array();
  for (const auto& answer : sample.answers) answers.push_back(answerJson(answer));
  Json out{{"number", sample.number}, {"difference", sample.difference}, {"truth", sample.truth}};
  if (!sample.row.empty()) out["row"] = sample.row;
  if (!sample.prompt.empty()) out["prompt"] = sample.prompt;
  out["answers"] = answers;
  return out;
}

}  // namespace

Json checkpointsJson(const std::vector<core::Compared>& checkpoints) {
  auto list = Json::array();
  for (const auto& one : checkpoints)
    list.push_back({{"id", one.checkpoint.id},
                    {"run", one.run.id},
                    {"name", one.run.name},
                    {"step", one.checkpoint.step}});
  return list;
}

Json comparisonJson(const std::vector<core::Compared>& checkpoints, const core::ComparisonSummary& summary,
                    const core::WeightsComparison& weights, bool allSettings) {
  Json out{{"identical", summary.identical}, {"identical_weights", weights.identical}};
  out["checkpoints"] = checkpointsJson(checkpoints);
  out["settings"] = settingsJson(summary, allSettings);
  out["metrics"] = metricsJson(summary);
  out["tensors"] = Json::array();
  for (const auto& row : weights.tensors) out["tensors"].push_back(tensorJson(row));
  out["only_in"] = Json::array();
  for (const auto& only : weights.onlyIn) out["only_in"].push_back(onlyInJson(only));
  out["whole"] = {{"parameters", weights.parameters}, {"norms", weights.norms}};
  out["whole"].update(distancesJson(weights.whole));
  out["predictions"] = nullptr;
  return out;
}

Json toJson(const core::PredictionComparison& predictions) {
  Json out{{"data", dataJson(predictions.data)}, {"results", Json::array()}, {"agreement", Json::array()}};
  for (const auto& result : predictions.results)
    out["results"].push_back(resultJson(result, predictions.data.classes.size()));
  for (const auto& row : predictions.agreement) {
    auto line = Json::array();
    for (const auto& share : row) line.push_back(orNull(share));
    out["agreement"].push_back(line);
  }
  out["all_agree"] = orNull(predictions.allAgree);
  out["right_by"] = predictions.rightBy;
  out["differing"] = predictions.differing;
  out["samples"] = Json::array();
  for (const auto& sample : predictions.samples) out["samples"].push_back(sampleJson(sample));
  return out;
}

Json toJson(const core::LossPath& path) {
  Json out{{"data", dataJson(path.data)}, {"points", Json::array()}};
  for (const auto& point : path.points)
    out["points"].push_back({{"t", point.t}, {"loss", point.loss}, {"accuracy", orNull(point.accuracy)}});
  out["barrier"] = path.barrier;
  out["statistics_anew"] = path.statisticsAnew;
  return out;
}

}  // namespace cairn::cli
