// The keys of a checkpoint file's tree (docs/checkpoint_file.md), in one place, so that who writes one and who reads
// one cannot spell them apart. Constants only.
#pragma once

namespace cairn::engine::keys {

// The file's own dict: PyTorch's keys.
inline constexpr const char* kEpoch = "epoch";                          ///< int, epochs completed
inline constexpr const char* kStep = "step";                            ///< int, optimizer steps taken
inline constexpr const char* kLoss = "loss";                            ///< float, the last training loss
inline constexpr const char* kModel = "model_state_dict";               ///< state dict: name -> tensor
inline constexpr const char* kOptimizer = "optimizer_state_dict";       ///< {state: {int: {...}}, param_groups: [{...}]}
inline constexpr const char* kOptimizerState = "state";
inline constexpr const char* kParamGroups = "param_groups";
inline constexpr const char* kParams = "params";
inline constexpr const char* kScheduler = "lr_scheduler_state_dict";    ///< PyTorch's keys; None without one
inline constexpr const char* kRngState = "rng_state";                   ///< dict
inline constexpr const char* kRngCpu = "cpu";                           ///< uint8 tensor
inline constexpr const char* kRngCuda = "cuda";                         ///< list of uint8 tensors
inline constexpr const char* kMetrics = "metrics";                      ///< dict: series name -> float
inline constexpr const char* kCairn = "cairn";                          ///< dict of the keys below

// The "cairn" dict.
inline constexpr const char* kFormatVersion = "format_version";  ///< int
inline constexpr int kFormatVersionValue = 1;
inline constexpr const char* kRun = "run";                ///< id
inline constexpr const char* kCheckpoint = "checkpoint";  ///< id
inline constexpr const char* kKind = "kind";              ///< core::toText(CheckpointKind)
inline constexpr const char* kName = "name";              ///< the run's
inline constexpr const char* kParent = "parent";          ///< the parent checkpoint's id; "" without
inline constexpr const char* kCreatedAt = "created_at";   ///< ISO 8601, UTC
inline constexpr const char* kSpec = "spec";              ///< JSON text of the whole spec
inline constexpr const char* kStateHash = "state_hash";   ///< hex; storage writes it
inline constexpr const char* kDataFingerprint = "data_fingerprint";  ///< hex

// What the data was, so that the model can be used without it.
inline constexpr const char* kFeatures = "features";  ///< list of str: csv's input columns; else empty
inline constexpr const char* kTargets = "targets";    ///< list of str: csv's target columns; else empty
inline constexpr const char* kClasses = "classes";    ///< list of str; empty for regression and text
inline constexpr const char* kNormalization = "normalization";  ///< dict {mean, std}: lists of float; empty: not normalized
inline constexpr const char* kMean = "mean";
inline constexpr const char* kStd = "std";
inline constexpr const char* kDataShape = "data_shape";  ///< dict of the six below, ints
inline constexpr const char* kInputs = "inputs";
inline constexpr const char* kChannels = "channels";
inline constexpr const char* kHeight = "height";
inline constexpr const char* kWidth = "width";
inline constexpr const char* kOutputs = "outputs";
inline constexpr const char* kBlockSize = "block_size";

// Where training stood.
inline constexpr const char* kSampler = "sampler";              ///< dict {epoch, cursor, seed}
inline constexpr const char* kSamplerEpoch = "epoch";           ///< int, the epoch in progress, from 0
inline constexpr const char* kSamplerCursor = "cursor";         ///< int, samples of it already taken
inline constexpr const char* kSamplerSeed = "seed";             ///< int, training.seed
inline constexpr const char* kMeters = "meters";                ///< dict: meter -> {sum, count}
inline constexpr const char* kMeterSum = "sum";                 ///< float
inline constexpr const char* kMeterCount = "count";             ///< int
inline constexpr const char* kEarlyStopping = "early_stopping";  ///< dict {best, best_step, best_epoch, bad_epochs}
inline constexpr const char* kBest = "best";                    ///< float, or None before the first
inline constexpr const char* kBestStep = "best_step";
inline constexpr const char* kBestEpoch = "best_epoch";
inline constexpr const char* kBadEpochs = "bad_epochs";         ///< epochs without improvement
inline constexpr const char* kPhase = "phase";                  ///< "training" or "validating" (then it is repeated)
inline constexpr const char* kLr = "lr";                        ///< float, the recursion's current, unscaled value
inline constexpr const char* kEvents = "events";                ///< list of {step, kind, detail}: live changes so far
inline constexpr const char* kEventStep = "step";
inline constexpr const char* kEventKind = "kind";
inline constexpr const char* kEventDetail = "detail";           ///< JSON text
inline constexpr const char* kElapsedSeconds = "elapsed_seconds";  ///< float, of training, resumes added up

// Where it was trained: another place may give other last bits.
inline constexpr const char* kDevice = "device";      ///< "cpu", "cuda:0"
inline constexpr const char* kThreads = "threads";    ///< int
inline constexpr const char* kVersions = "versions";  ///< dict {cairn, libtorch, blas, cpu_capability}
inline constexpr const char* kVersionCairn = "cairn";
inline constexpr const char* kVersionLibTorch = "libtorch";
inline constexpr const char* kVersionBlas = "blas";
inline constexpr const char* kVersionCpuCapability = "cpu_capability";

}  // namespace cairn::engine::keys
