// The keys of a checkpoint file's tree (docs/file-format.md), in one place, so that who writes one and who reads
// one cannot spell them apart. Constants only.
#pragma once

#include <string_view>

namespace cairn::engine::keys {

// The file's own dict: PyTorch's keys.
inline constexpr std::string_view kEpoch = "epoch";                          ///< int, epochs completed
inline constexpr std::string_view kStep = "step";                            ///< int, optimizer steps taken
inline constexpr std::string_view kLoss = "loss";                            ///< float, the last training loss
inline constexpr std::string_view kModel = "model_state_dict";               ///< state dict: name -> tensor
inline constexpr std::string_view kOptimizer = "optimizer_state_dict";       ///< {state: {int: {...}}, param_groups: [{...}]}
inline constexpr std::string_view kOptimizerState = "state";
inline constexpr std::string_view kParamGroups = "param_groups";
inline constexpr std::string_view kParams = "params";
inline constexpr std::string_view kScheduler = "lr_scheduler_state_dict";    ///< PyTorch's keys; None without one
inline constexpr std::string_view kRngState = "rng_state";                   ///< dict
inline constexpr std::string_view kRngCpu = "cpu";                           ///< uint8 tensor
inline constexpr std::string_view kRngCuda = "cuda";                         ///< list of uint8 tensors
inline constexpr std::string_view kMetrics = "metrics";                      ///< dict: series name -> float
inline constexpr std::string_view kCairn = "cairn";                          ///< dict of the keys below

// The "cairn" dict.
inline constexpr std::string_view kFormatVersion = "format_version";  ///< int
inline constexpr int kFormatVersionValue = 1;
inline constexpr std::string_view kRun = "run";                ///< id
inline constexpr std::string_view kCheckpoint = "checkpoint";  ///< id
inline constexpr std::string_view kKind = "kind";              ///< core::toText(CheckpointKind)
inline constexpr std::string_view kName = "name";              ///< the run's
inline constexpr std::string_view kParent = "parent";          ///< the parent checkpoint's id; "" without
inline constexpr std::string_view kParents = "parents";        ///< list of ids: what an averaged one is the mean of; else not there
inline constexpr std::string_view kCreatedAt = "created_at";   ///< ISO 8601, UTC
inline constexpr std::string_view kSpec = "spec";              ///< JSON text of the whole spec
inline constexpr std::string_view kStateHash = "state_hash";   ///< hex; storage writes it
inline constexpr std::string_view kNames = "names";  ///< dict: a tensor's name here -> the model's own, where some differ
inline constexpr std::string_view kDataFingerprint = "data_fingerprint";  ///< hex

// What the data was, so that the model can be used without it.
inline constexpr std::string_view kFeatures = "features";  ///< list of str: csv's input columns; else empty
inline constexpr std::string_view kTargets = "targets";    ///< list of str: csv's target columns; else empty
inline constexpr std::string_view kClasses = "classes";    ///< list of str; empty for regression and text
inline constexpr std::string_view kNormalization = "normalization";  ///< dict {mean, std}: lists of float; empty: not normalized
inline constexpr std::string_view kMean = "mean";
inline constexpr std::string_view kStd = "std";
inline constexpr std::string_view kDataShape = "data_shape";  ///< dict of the six below, ints
inline constexpr std::string_view kInputs = "inputs";
inline constexpr std::string_view kChannels = "channels";
inline constexpr std::string_view kHeight = "height";
inline constexpr std::string_view kWidth = "width";
inline constexpr std::string_view kOutputs = "outputs";
inline constexpr std::string_view kBlockSize = "block_size";

// Where training stood.
inline constexpr std::string_view kSampler = "sampler";              ///< dict {epoch, cursor, seed}
inline constexpr std::string_view kSamplerEpoch = "epoch";           ///< int, the epoch in progress, from 0
inline constexpr std::string_view kSamplerCursor = "cursor";         ///< int, samples of it already taken
inline constexpr std::string_view kSamplerSeed = "seed";             ///< int, training.seed
inline constexpr std::string_view kMeters = "meters";                ///< dict: meter -> {sum, count}
inline constexpr std::string_view kMeterSum = "sum";                 ///< float
inline constexpr std::string_view kMeterCount = "count";             ///< int
inline constexpr std::string_view kEarlyStopping = "early_stopping";  ///< dict {best, best_step, best_epoch, reference, bad_epochs}
inline constexpr std::string_view kBest = "best";                    ///< float, or None before the first
inline constexpr std::string_view kBestStep = "best_step";
inline constexpr std::string_view kBestEpoch = "best_epoch";
inline constexpr std::string_view kBadEpochs = "bad_epochs";         ///< epochs without improvement
inline constexpr std::string_view kReference = "reference";          ///< float or None: the best that they are counted from
inline constexpr std::string_view kMonitored = "monitored";          ///< float or None: what the epoch that ends here was judged by
inline constexpr std::string_view kPhase = "phase";                  ///< "training" or "validating" (then it is repeated)
inline constexpr std::string_view kLr = "lr";                        ///< float, the recursion's current, unscaled value
inline constexpr std::string_view kEvents = "events";                ///< list of {step, kind, detail}: live changes so far
inline constexpr std::string_view kEventStep = "step";
inline constexpr std::string_view kEventKind = "kind";
inline constexpr std::string_view kEventDetail = "detail";           ///< JSON text
inline constexpr std::string_view kElapsedSeconds = "elapsed_seconds";  ///< float, of training, resumes added up

// Where it was trained: another place may give other last bits.
inline constexpr std::string_view kDevice = "device";      ///< "cpu", "cuda:0"
inline constexpr std::string_view kThreads = "threads";    ///< int
inline constexpr std::string_view kVersions = "versions";  ///< dict {cairn, libtorch, blas, cpu_capability}
inline constexpr std::string_view kVersionCairn = "cairn";
inline constexpr std::string_view kVersionLibTorch = "libtorch";
inline constexpr std::string_view kVersionBlas = "blas";
inline constexpr std::string_view kVersionCpuCapability = "cpu_capability";

}  // namespace cairn::engine::keys
