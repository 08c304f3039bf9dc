// What checkpoints predict for the same samples, and the loss along the line between two of them: values. Torch-free.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::core {

/// The samples that checkpoints are evaluated on.
struct EvaluationData {
  std::size_t of = 0;                 ///< index of the checkpoint whose data and split it is
  std::string format;                 ///< "csv", "idx" or "text"
  bool validation = true;             ///< false: no checkpoint has a validation part, so it is the training part
  std::int64_t samples = 0;           ///< rows, images or blocks
  std::vector<std::string> classes;   ///< empty: regression, or text (a byte is a class)
  std::vector<std::string> features;  ///< csv: input columns
  std::vector<std::string> targets;   ///< csv: target columns
  std::vector<std::string> notes;     ///< what a person must know: "B was trained on another split: ..."
};

/// How one checkpoint does on it. Where `problem` is set nothing else is.
struct EvaluationResult {
  std::string problem;             ///< "" or why it cannot be evaluated on this data: "takes images of 28 x 28, ..."
  std::optional<double> loss;      ///< mean over samples, by the loss of the data's run; none: it lacks a class
  std::optional<double> accuracy;  ///< classification and text (of bytes)
  /// Classification but text, at most 256 classes: classes x classes, row-major; the row is what is true, the column
  /// what is predicted. A class that the data does not have is counted nowhere.
  std::vector<std::int64_t> confusion;
};

/// A checkpoint's answer to one sample.
struct SampleAnswer {
  std::vector<std::string>
      outputs;  ///< the class, or a value a target; text: its continuation. Empty: it has a problem
  std::vector<double> probabilities;  ///< a class of its own classes each; classification but text
  std::optional<double> loss;         ///< of this sample
  bool right = false;                 ///< classification: the class is the true one
};

/// A sample on which they differ.
struct DifferingSample {
  std::int64_t number = 0;  ///< row, image (from 0) or byte offset in the data
  double difference = 0;  ///< classes, text: largest total variation (0 to 1) of any from A, text: mean over positions;
                          ///< regression: largest distance of any from A
  std::vector<std::string> truth;  ///< the class, or a value a target; text: how it goes on
  std::vector<std::string> row;    ///< csv: a value a feature
  int width = 0, height = 0;
  std::vector<std::uint8_t> pixels;   ///< idx: row-major grey values
  std::string prompt;                 ///< text: what all go on from
  std::vector<SampleAnswer> answers;  ///< a checkpoint each
};

struct PredictionComparison {
  EvaluationData data;
  std::vector<EvaluationResult> results;  ///< a checkpoint each
  /// Share of samples (text: positions) for which i and j predict the same class; none for regression, or a problem.
  std::vector<std::vector<std::optional<double>>> agreement;
  std::optional<double> allAgree;  ///< the same of all that could be evaluated
  /// Classification: how many samples exactly these got right; bit i of the index is checkpoint i. 2^checkpoints
  /// values.
  std::vector<std::int64_t> rightBy;
  std::vector<DifferingSample> samples;  ///< most different first; none of difference 0
  std::int64_t differing = 0;            ///< how many samples have a difference above 0
};

/// A point of the line from A (t 0) to B (t 1).
struct PathPoint {
  double t = 0;
  double loss = 0;  ///< may be infinite or NaN
  std::optional<double> accuracy;
};

struct LossPath {
  EvaluationData data;
  std::vector<PathPoint> points;  ///< ascending by t, evenly spaced, both ends among them
  bool statisticsAnew = false;    ///< BatchNorm: between the ends they were computed anew, on training data
  double barrier = 0;             ///< the most by which the loss lies above the straight line between its ends
};

}  // namespace cairn::core
