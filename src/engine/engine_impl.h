// The Engine behind the face. Stateless: any thread.
#pragma once

#include "engine/face/engine.h"

namespace cairn::engine {

class EngineImpl final : public Engine {
 public:
  EngineVersions versions() override;
  std::vector<DeviceInfo> devices() override;
  DataPreview previewData(const core::DataSpec& data, std::int64_t seed, const core::Progress& progress) override;
  ModelSummary describeModel(const core::RunSpec& spec, const DataPreview& data) override;
  std::string dataFingerprint(const core::DataSpec& data, const core::Progress& progress) override;
  std::unique_ptr<Session> createSession(SessionOptions options) override;
  std::unique_ptr<Predictor> createPredictor(const core::StateTree& checkpoint) override;
  ImportPlan planImport(const ImportRequest& request, const core::Progress& progress) override;
  ImportedCheckpoint importCheckpoint(const ImportRequest& request, const std::string& runId,
                                      const core::Progress& progress) override;
  core::PredictionComparison comparePredictions(const ComparedFiles& checkpoints, const PredictionOptions& options,
                                                const core::Progress& progress) override;
  core::LossPath lossPath(const ComparedFiles& checkpoints, const PathOptions& options,
                          const core::Progress& progress) override;
  AveragedCheckpoint average(const ComparedFiles& checkpoints, const std::string& runId, const std::string& name,
                             const core::Progress& progress) override;
  std::string exportScript(const core::StateTree& checkpoint, const std::string& weightsFile) override;
};

}  // namespace cairn::engine
