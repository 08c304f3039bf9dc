// The engine's face: everything that needs LibTorch, behind types that do not. Loaded when it is first asked for.
//
// Methods may be called from any thread, also at once and while a Session trains: none touches a global generator.
// Each throws cairn::Error.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/progress.h"
#include "core/run_spec.h"
#include "core/state_tree.h"
#include "engine/face/comparison.h"
#include "engine/face/import_plan.h"
#include "engine/face/session.h"

namespace cairn::engine {

struct DeviceInfo {
  std::string name;         ///< as the spec spells it: "cpu", "cuda:0"
  std::string description;  ///< "2 cores, AVX2", "NVIDIA H200, 139 GiB"
  int threads = 0;          ///< cpu: hardware threads
};

struct EngineVersions {
  std::string libtorch, blas, cpuCapability;
  std::string warning;  ///< "" or what is wrong with the set-up (a reference BLAS) and what to install
};

/// A few samples as a person would look at them, and what the data says of the model's ends.
struct DataPreview {
  std::vector<std::string> columns;             ///< csv: features, then targets
  std::vector<std::vector<std::string>> rows;   ///< csv: cells as written
  struct Image {
    int width = 0, height = 0;
    std::vector<std::uint8_t> pixels;  ///< row-major grey values
    std::string label;
  };
  std::vector<Image> images;  ///< idx
  std::string text;           ///< text: its beginning
  std::int64_t samples = 0, validationSamples = 0;  ///< rows, images or blocks
  std::int64_t inputs = 0, outputs = 0;             ///< features and classes (or targets)
  std::vector<std::string> classes;
};

struct LayerSummary {
  std::string name;         ///< "layers.0"
  std::string type;         ///< "Linear(64, 64)"
  std::string outputShape;  ///< "N x 64"
  std::int64_t parameters = 0;
};
struct ModelSummary {
  std::vector<LayerSummary> layers;
  std::int64_t parameters = 0;
  std::int64_t checkpointBytes = 0;  ///< about what one checkpoint takes
};

/// A trained model in use. Not thread-safe; may live on any one thread.
class Predictor {
 public:
  struct Prediction {
    std::vector<std::string> outputs;    ///< the class, or a value a target
    std::vector<double> probabilities;   ///< a class each; empty for regression
  };
  virtual ~Predictor() = default;

  virtual const std::string& format() const = 0;                 ///< "csv", "idx" or "text"
  virtual const std::vector<std::string>& features() const = 0;  ///< csv: columns wanted, in order
  virtual const std::vector<std::string>& targets() const = 0;
  virtual const std::vector<std::string>& classes() const = 0;   ///< empty for regression and text
  virtual std::pair<int, int> imageSize() const = 0;             ///< idx: width, height

  /// csv: `values` in the order of features(), unscaled.
  virtual Prediction predictRow(const std::vector<double>& values) = 0;
  /// idx: grey values 0 to 255, row-major, of imageSize().
  virtual Prediction predictImage(const std::vector<std::uint8_t>& pixels) = 0;
  /// Rows of a CSV file (columns found by name) or images of an IDX file. Blocks.
  virtual std::vector<Prediction> predictFile(const std::string& path, const core::Progress& progress) = 0;
  /// Goes on from `prompt` for `count` bytes; temperature 0 takes the likeliest each time, else it samples from `seed`.
  virtual std::string continueText(const std::string& prompt, int count, double temperature, std::uint64_t seed,
                                   const core::Progress& progress) = 0;
};

class Engine {
 public:
  virtual ~Engine() = default;

  virtual EngineVersions versions() = 0;
  virtual std::vector<DeviceInfo> devices() = 0;
  /// Reads the whole data (it must be checked anyway) and shows its beginning. Blocks.
  virtual DataPreview previewData(const core::DataSpec& data, std::int64_t seed, const core::Progress& progress) = 0;
  /// Builds the model for data with these ends (as previewData tells them) and lists its layers.
  virtual ModelSummary describeModel(const core::RunSpec& spec, const DataPreview& data) = 0;
  /// The fingerprint that a checkpoint of this data carries. Blocks.
  virtual std::string dataFingerprint(const core::DataSpec& data, const core::Progress& progress) = 0;
  virtual std::unique_ptr<Session> createSession(SessionOptions options) = 0;
  /// From a checkpoint file's tree.
  virtual std::unique_ptr<Predictor> createPredictor(const core::StateTree& checkpoint) = 0;

  /// What bringing a PyTorch file in would do: to be shown before it is accepted. Reads the data too. Throws Error if the
  /// file has no weights, or the spec or its data are wrong; what does not fit the model stands in the plan. Blocks.
  virtual ImportPlan planImport(const ImportRequest& request, const core::Progress& progress) = 0;
  /// The first checkpoint of the run `runId`, made as planImport says. Throws Error if the plan has problems. Blocks.
  virtual ImportedCheckpoint importCheckpoint(const ImportRequest& request, const std::string& runId,
                                              const core::Progress& progress) = 0;

  /// All on the same samples: the validation part of one of them, each taking its inputs as it was trained to. What cannot
  /// be evaluated on them says why in its result. Blocks.
  virtual core::PredictionComparison comparePredictions(const ComparedFiles& checkpoints,
                                                        const PredictionOptions& options,
                                                        const core::Progress& progress) = 0;
  /// Loss and accuracy along the straight line between two checkpoints of one model. Between the ends BatchNorm's
  /// statistics are computed anew, as torch.optim.swa_utils.update_bn does. Throws Error if the shapes differ. Blocks.
  virtual core::LossPath lossPath(const ComparedFiles& checkpoints, const PathOptions& options,
                                  const core::Progress& progress) = 0;
  /// The first checkpoint of the run `runId`: the mean of two to four of one model, its BatchNorm statistics computed
  /// anew on the training data, evaluated. Their files' whole trees. Throws Error if the shapes differ. Blocks.
  virtual AveragedCheckpoint average(const ComparedFiles& checkpoints, const std::string& runId,
                                     const std::string& name, const core::Progress& progress) = 0;

  /// A self-contained Python script: the checkpoint's model as an nn.Module with its own names, loading `weightsFile`
  /// (a name) beside it, and predicting as createPredictor's does.
  virtual std::string exportScript(const core::StateTree& checkpoint, const std::string& weightsFile) = 0;
};

/// The one engine of this process. The first call loads the module (about half a second) after it has set what
/// OpenMP and BLAS read at load. Throws Error if the module or LibTorch is not there. Thread-safe. Blocks.
Engine& engine();
/// Whether engine() has loaded the module yet. Must not block.
bool engineLoaded();

}  // namespace cairn::engine
