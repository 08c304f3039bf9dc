#include "engine/loop/compute_device.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <thread>

#include "core/error.h"
#include "engine/loop/objective.h"

namespace cairn::engine {

namespace {

using Clock = std::chrono::steady_clock;

constexpr double kMeasureSeconds = 0.05;  // for a candidate
constexpr double kWorthIt = 0.9;          // more threads must cut the time to this: other programs want the cores too

/// What a forward pass moves, put back when the measuring is over.
class Undisturbed {
 public:
  explicit Undisturbed(Learner& learner)
      : learner_(learner), initial_(learner.initial.get_state()), dropout_(learner.dropout.get_state()) {
    for (const auto& [name, tensor] : learner.tensors)
      if (!tensor.requires_grad()) buffers_.emplace_back(tensor, tensor.clone());
  }
  ~Undisturbed() {
    const torch::NoGradGuard noGrad;
    learner_.initial.set_state(initial_);
    learner_.dropout.set_state(dropout_);
    for (auto& [live, kept] : buffers_) live.copy_(kept);
    learner_.optimizer->clearGradients();
  }
  Undisturbed(const Undisturbed&) = delete;
  Undisturbed& operator=(const Undisturbed&) = delete;

 private:
  Learner& learner_;
  torch::Tensor initial_, dropout_;
  std::vector<std::pair<torch::Tensor, torch::Tensor>> buffers_;
};

double secondsOfPass(Learner& learner, const Batch& batch) {
  const auto begin = Clock::now();
  learner.optimizer->clearGradients();
  lossOf(learner.spec.loss, learner.model->forward(batch.input), batch.target).backward();
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// The quickest of several passes: what the machine can do, whatever else it does in between.
double secondsWith(int threads, Learner& learner, const Batch& batch) {
  useThreads(threads);
  double spent = secondsOfPass(learner, batch);
  double quickest = std::numeric_limits<double>::infinity();
  for (int pass = 0; pass < 2 || (spent < kMeasureSeconds && pass < 50); ++pass) {
    const double seconds = secondsOfPass(learner, batch);
    quickest = std::min(quickest, seconds);
    spent += seconds;
  }
  return quickest;
}

/// LibTorch's own function also makes a pool of helper threads anew at each call, which its kernels for mobile devices use,
/// and each helper spins for some 25 ms before it sleeps: time that a start, and the timing of the candidates, would pay.
void setOpenMpThreads(int threads) {
  using Set = void (*)(int);
  static const auto set = reinterpret_cast<Set>(dlsym(RTLD_DEFAULT, "omp_set_num_threads"));
  at::get_num_threads();  // LibTorch gives a thread its default count once, when it is first asked
  if (set) set(threads);
  if (at::hasMKL() || at::get_num_threads() != threads) at::set_num_threads(threads);
}

std::vector<int> candidates() {
  const int hardware = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  std::vector<int> counts;
  for (int count = 1; count < hardware; count *= 2) counts.push_back(count);
  counts.push_back(hardware);
  return counts;
}

}  // namespace

torch::Device chooseDevice(const std::string& name) {
  const auto gpus = static_cast<int>(torch::cuda::is_available() ? torch::cuda::device_count() : 0);
  if (name == "auto") return gpus > 0 ? torch::Device(torch::kCUDA, 0) : torch::Device(torch::kCPU);
  if (name == "cpu") return torch::kCPU;
  int index = 0;
  if (name != "cuda") {
    const bool numbered = name.starts_with("cuda:") && name.size() > 5 && name.size() < 9 &&
                          std::all_of(name.begin() + 5, name.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!numbered)
      throw Error::invalid("training.device", fmt::format("'{}' is not a device", name),
                           "use auto, cpu, cuda or cuda:N");
    index = std::stoi(name.substr(5));
  }
  if (index >= gpus)
    throw Error::invalid("training.device", fmt::format("'{}' is not there: LibTorch finds {} GPUs", name, gpus),
                         "use auto or cpu");
  return {torch::kCUDA, static_cast<c10::DeviceIndex>(index)};
}

void useThreads(int threads) {
  setOpenMpThreads(threads);
  // OpenBLAS built on pthreads keeps a count of its own, and LibTorch tells only MKL.
  using Set = void (*)(int);
  static const auto set = reinterpret_cast<Set>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
  if (set) set(threads);
}

OwnThreads::OwnThreads(std::int64_t threads) : before_(at::get_num_threads()) {
  if (threads >= 1 && threads <= static_cast<std::int64_t>(std::thread::hardware_concurrency()))
    setOpenMpThreads(static_cast<int>(threads));
}

OwnThreads::~OwnThreads() { setOpenMpThreads(before_); }

int fastestThreads(Learner& learner, const core::Progress& progress) {
  const auto counts = candidates();
  int best = counts.front();
  if (counts.size() > 1 && learner.device.is_cpu()) {
    const Undisturbed guard(learner);
    const auto& training = learner.data().training;
    const auto size = std::min(training.size(), static_cast<std::size_t>(learner.spec.training.batchSize));
    Batcher batcher(learner.prepared, static_cast<std::int64_t>(size), learner.device);
    const auto batch = batcher.gather(std::span(training).first(size));
    double quickest = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (!progress("Choosing threads", static_cast<std::int64_t>(i), static_cast<std::int64_t>(counts.size())))
        throw Error::cancelled("training");
      const double seconds = secondsWith(counts[i], learner, batch);
      if (seconds >= quickest * kWorthIt) continue;
      quickest = seconds;
      best = counts[i];
    }
  }
  useThreads(best);
  return best;
}

}  // namespace cairn::engine
