#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/error.h"
#include "core/text.h"
#include "storage/inspect_formats.h"
#include "storage/inspection_builder.h"
#include "storage/pickle_reader.h"
#include "storage/torch_archive.h"
#include "storage/zip_reader.h"

namespace cairn::storage {

namespace {

constexpr std::uint64_t kPickleMemory = 512u << 20;  // for the pickle's values, whatever the file's size
constexpr std::size_t kMostGlobals = 1'000;          // and as many dangerous ones
constexpr std::size_t kMostWarnings = 20;            // of one kind

/// A few names, and how many more there are.
std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t kFew = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kFew); ++i) text += (i ? ", " : "") + names[i];
  if (names.size() > kFew) text += fmt::format(" and {} more", names.size() - kFew);
  return text;
}

class TorchInspection {
 public:
  TorchInspection(Inspection& inspection, const ByteSource& source, const core::Progress& progress,
                  const InspectionLimits& limits)
      : inspection_(inspection), source_(source), progress_(progress), limits_(limits) {}

  void run() {
    inspection_.format = "PyTorch";
    requireZip(source_);
    const ZipReader zip(source_);
    const auto archive = archiveOf(zip);
    const auto& entry = *zip.find(archive + "/data.pkl");
    inspection_.root.type = "not readable";
    readPickle(zip, archive, entry);
    warnOfNodes(inspection_.root, "");
    if (wrongNodes_ > kMostWarnings)
      problems_.push_back(fmt::format("{} more entries of the tree have a warning", wrongNodes_ - kMostWarnings));
    if (hidden_ > 0)
      problems_.push_back(fmt::format("{} entries of the tree are not shown: they are too many", hidden_));
    if (unusedBytes_ > 0 && hidden_ == 0)
      problems_.push_back(fmt::format("{} of its records belong to no tensor",
                                      core::humanBytes(static_cast<std::int64_t>(unusedBytes_))));
    tellOthers(zip, archive);
    if (limits_.checkRecords) checkRecords(zip, archive);
    gatherWarnings();
  }

 private:
  void readPickle(const ZipReader& zip, const std::string& archive, const ZipReader::Entry& entry) {
    if (entry.size > limits_.pickleBytes) {
      problems_.push_back(fmt::format("its data.pkl has {}, more than any checkpoint's: it was not read",
                                      core::humanBytes(static_cast<std::int64_t>(entry.size))));
      return;
    }
    const auto bytes = source_.fetch(entry.dataOffset, static_cast<std::size_t>(entry.size));
    MemoryBudget budget(source_.name(), kPickleMemory);
    PickleReader pickle(bytes.view, budget);
    PickleValue* root = nullptr;
    try {
      root = pickle.run();
    } catch (const Error& error) {
      problems_.push_back(error.why());
    }
    countGlobals(pickle);
    if (!root) return;
    InspectionBuilder builder(inspection_, zip, archive, limits_);
    builder.build(*root);
    unusedBytes_ = builder.unusedBytes();
  }

  void countGlobals(const PickleReader& pickle) {
    std::map<std::pair<std::string_view, std::string_view>, std::uint64_t> counts;
    std::uint64_t uncounted = 0;
    for (const auto* global : pickle.globals()) {
      const std::pair key{global->text, global->name};
      const bool room = counts.size() < kMostGlobals ||
                        (counts.size() < 2 * kMostGlobals && riskOf(key.first, key.second) == GlobalRisk::Dangerous);
      if (room || counts.contains(key))
        ++counts[key];
      else
        ++uncounted;
    }
    for (const auto& [key, count] : counts) {
      const auto cut = [&](std::string_view text) { return text.substr(0, limits_.textShown); };
      inspection_.globals.push_back(
          {printable(fmt::format("{}.{}", cut(key.first), cut(key.second)), limits_.textShown),
           riskOf(key.first, key.second), count});
    }
    std::stable_sort(inspection_.globals.begin(), inspection_.globals.end(),
                     [](const auto& a, const auto& b) { return a.risk > b.risk; });
    if (uncounted > 0)
      problems_.push_back(fmt::format("names classes and functions {} times more than are listed", uncounted));
  }

  void warnOfNodes(const InspectedNode& node, const std::string& path) {
    hidden_ += node.hidden;
    if (!node.warning.empty() && !node.call && ++wrongNodes_ <= kMostWarnings)
      problems_.push_back(fmt::format("its {} {}", path.empty() ? std::string("whole") : path, node.warning));
    for (const auto& child : node.children)
      warnOfNodes(child, path.size() > limits_.textShown ? path : path.empty() ? child.name : path + "." + child.name);
  }

  /// Entries that torch.save does not write, such as a second pickle.
  void tellOthers(const ZipReader& zip, const std::string& archive) {
    std::vector<std::string> others;
    for (const auto& entry : zip.entries()) {
      const auto& name = entry.name;
      const bool ours =
          name.starts_with(archive + "/") &&
          (name.compare(archive.size(), 6, "/data/") == 0 || name.compare(archive.size(), 2, "/.") == 0 ||
           name == archive + "/data.pkl" || name == archive + "/version" || name == archive + "/byteorder");
      if (!ours) others.push_back(printable(name, limits_.textShown));
      if (others.size() == kMostWarnings) break;
    }
    if (!others.empty()) problems_.push_back("holds entries that torch.save does not write: " + listed(others));
  }

  void checkRecords(const ZipReader& zip, const std::string& archive) {
    std::uint64_t done = 0, bad = 0;
    for (const auto& entry : zip.entries()) {
      try {
        zip.check(entry);
      } catch (const Error& error) {
        if (error.kind() == ErrorKind::Cancelled) throw;
        if (++bad <= kMostWarnings) problems_.push_back(error.why());
      }
      done += entry.size;
      if (progress_ &&
          !progress_("Checking the file", static_cast<std::int64_t>(done), static_cast<std::int64_t>(source_.size())))
        throw Error::cancelled("inspecting " + source_.name());
    }
    if (bad > kMostWarnings) problems_.push_back(fmt::format("{} more records are damaged", bad - kMostWarnings));
    const auto* order = zip.find(archive + "/byteorder");
    if (order && bad == 0 && isBigEndian(zip, archive)) problems_.push_back("was written on a big-endian machine");
  }

  void gatherWarnings() {
    std::vector<std::string> dangerous, unknown;
    for (const auto& global : inspection_.globals) {
      // Python writes os.system under the name of the module that os takes it from.
      const bool ofOs = global.name.starts_with("posix.") || global.name.starts_with("nt.");
      if (global.risk == GlobalRisk::Dangerous)
        dangerous.push_back(ofOs ? fmt::format("{} (os{})", global.name, global.name.substr(global.name.find('.')))
                                 : global.name);
      if (global.risk == GlobalRisk::Unknown) unknown.push_back(global.name);
    }
    auto& warnings = inspection_.warnings;
    if (!dangerous.empty())
      warnings.push_back(
          fmt::format("dangerous: it names {}, which Python would run on loading it; do not torch.load it "
                      "without weights_only=True",
                      listed(dangerous)));
    warnings.insert(warnings.end(), problems_.begin(), problems_.end());
    if (!unknown.empty())
      warnings.push_back(
          fmt::format("names {}: not plain data, so torch.load takes it only with weights_only=False, and "
                      "then runs their code",
                      listed(unknown)));
  }

  Inspection& inspection_;
  const ByteSource& source_;
  const core::Progress& progress_;
  const InspectionLimits& limits_;
  std::vector<std::string> problems_;
  std::uint64_t wrongNodes_ = 0, hidden_ = 0, unusedBytes_ = 0;
};

}  // namespace

void inspectTorch(Inspection& inspection, const ByteSource& source, const core::Progress& progress,
                  const InspectionLimits& limits) {
  TorchInspection(inspection, source, progress, limits).run();
}

}  // namespace cairn::storage
