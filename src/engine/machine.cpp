#include "engine/machine.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <sched.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <thread>

#include "core/text.h"
#include "engine/torch_compat.h"

namespace cairn::engine {

namespace {

constexpr const char* kReferenceWarning =
    "LibTorch found the reference BLAS, which trains many times slower: install libopenblas0-pthread or "
    "libopenblas0-openmp, then start Cairn again";

/// The file that the loader takes LibTorch's matrix products from; "" if they are inside LibTorch.
std::string blasFile() {
  const void* symbol = dlsym(RTLD_DEFAULT, "sgemm_");
  Dl_info info{};
  if (!symbol || dladdr(symbol, &info) == 0 || !info.dli_fname) return {};
  std::error_code failed;
  const auto file = std::filesystem::canonical(info.dli_fname, failed);
  return failed ? std::string(info.dli_fname) : file.string();
}

/// "OpenBLAS 0.3.21 (pthread)"; "" if the BLAS that is loaded is another.
std::string openBlasName() {
  const auto config = reinterpret_cast<const char* (*)()>(dlsym(RTLD_DEFAULT, "openblas_get_config"));
  if (!config) return {};
  std::string version = config();  // "OpenBLAS 0.3.21 NO_AFFINITY USE_OPENMP Haswell MAX_THREADS=64"
  version = version.substr(0, version.find(' ', version.find(' ') + 1));
  constexpr std::array<const char*, 3> kKinds = {"serial", "pthread", "openmp"};
  const auto parallel = reinterpret_cast<int (*)()>(dlsym(RTLD_DEFAULT, "openblas_get_parallel"));
  const int kind = parallel ? parallel() : -1;
  return kind >= 0 && kind < 3 ? fmt::format("{} ({})", version, kKinds[static_cast<std::size_t>(kind)]) : version;
}

int usableCores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
  return static_cast<int>(std::thread::hardware_concurrency());
}

DeviceInfo cpuDevice() {
  const int cores = usableCores();
  return {"cpu", fmt::format("{} core{}, {}", cores, cores == 1 ? "" : "s", cpuCapability()), cores};
}

/// Asks the driver, which LibTorch has loaded already, rather than LibTorch: its own functions for it need the CUDA
/// toolkit's headers, and would make a context on each device.
std::string cudaDescription(int index) {
  using Init = int (*)(unsigned);
  using Get = int (*)(int*, int);
  using Name = int (*)(char*, int, int);
  using Memory = int (*)(std::size_t*, int);
  const std::unique_ptr<void, int (*)(void*)> driver(dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL),
                                                     [](void* it) { return it ? dlclose(it) : 0; });
  if (!driver) return "CUDA device";
  const auto init = reinterpret_cast<Init>(dlsym(driver.get(), "cuInit"));
  const auto get = reinterpret_cast<Get>(dlsym(driver.get(), "cuDeviceGet"));
  const auto name = reinterpret_cast<Name>(dlsym(driver.get(), "cuDeviceGetName"));
  const auto memory = reinterpret_cast<Memory>(dlsym(driver.get(), "cuDeviceTotalMem_v2"));
  int device = 0;
  std::array<char, 128> text{};
  std::size_t bytes = 0;
  if (!init || !get || !name || !memory || init(0) != 0 || get(&device, index) != 0) return "CUDA device";
  if (name(text.data(), static_cast<int>(text.size()) - 1, device) != 0 || memory(&bytes, device) != 0)
    return "CUDA device";
  return fmt::format("{}, {:.0f} GiB", text.data(), static_cast<double>(bytes) / (1 << 30));
}

}  // namespace

BlasInfo findBlas() {
  const std::string file = blasFile();
  if (file.empty()) return {at::hasMKL() ? "MKL" : "built into LibTorch", ""};
  if (auto name = openBlasName(); !name.empty()) return {std::move(name), ""};
  const auto has = [&](const char* part) { return file.find(part) != std::string::npos; };
  if (has("openblas")) return {"OpenBLAS", ""};
  if (has("mkl")) return {"MKL", ""};
  if (has("blis")) return {"BLIS", ""};
  if (has("atlas")) return {"ATLAS", "LibTorch found ATLAS: libopenblas0-pthread or libopenblas0-openmp is faster"};
  if (has("libtorch")) return {at::hasMKL() ? "MKL" : "built into LibTorch", ""};
  if (has("/libblas")) return {"reference BLAS", kReferenceWarning};
  return {std::filesystem::path(file).filename().string(), ""};
}

std::vector<DeviceInfo> listDevices() {
  std::vector<DeviceInfo> devices = {cpuDevice()};
  const int count = torch::cuda::is_available() ? static_cast<int>(torch::cuda::device_count()) : 0;
  for (int i = 0; i < count; ++i) devices.push_back({fmt::format("cuda:{}", i), cudaDescription(i), 0});
  return devices;
}

}  // namespace cairn::engine
