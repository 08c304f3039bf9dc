// What is in a PyTorch or safetensors file, for a person to look at before anything makes use of it: names, types,
// shapes and scalars, and what a pickle would have Python run. Nothing is executed, and no tensor is held in memory.
// Values; free functions, thread-safe.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/progress.h"
#include "storage/byte_source.h"
#include "storage/file_system.h"
#include "storage/pickle_globals.h"

namespace cairn::storage {

struct InspectedTensor {
  std::string dtype;  ///< as PyTorch spells it: "float32", also of types that Cairn does not hold
  std::vector<std::int64_t> shape;
  std::uint64_t bytes = 0;
  std::string storage;     ///< key of its bytes in the file; "" in a safetensors file
  std::string sharesWith;  ///< path of the first tensor of that storage; "" if this is it
};

struct InspectedNode {
  std::string name;   ///< key or index; "" of the root
  std::string type;   ///< as Python calls it: "dict", "int", "Tensor", or the class or function that it names
  std::string value;  ///< of a scalar, as Python prints it; of something met before: where
  std::string warning;
  bool call = false;  ///< `type` is something that Python would call: its arguments are the children
  std::optional<InspectedTensor> tensor;
  std::vector<InspectedNode> children;
  std::uint64_t hidden = 0;  ///< children that are there but not shown, since they are too many
};

/// A class or function that the pickle names.
struct InspectedGlobal {
  std::string name;  ///< "os.system"
  GlobalRisk risk = GlobalRisk::Unknown;
  std::uint64_t count = 0;
};

struct Inspection {
  std::string file;
  std::string format;  ///< "PyTorch" or "safetensors"
  std::uint64_t fileBytes = 0;
  std::uint64_t tensors = 0, values = 0, tensorBytes = 0;  ///< a shared storage's bytes once
  std::vector<std::string> warnings;                       ///< the gravest first
  std::vector<InspectedGlobal> globals;         ///< the dangerous first; those that weights_only=True takes last
  std::map<std::string, std::string> metadata;  ///< of a safetensors file
  InspectedNode root;
};

struct InspectionLimits {
  std::size_t nodes = 200'000;     ///< of the whole tree
  std::size_t itemsShown = 1'000;  ///< of one list
  std::size_t textShown = 200;     ///< bytes of one text or name
  std::uint64_t pickleBytes = 256u << 20;
  int depth = 200;
  bool checkRecords = true;  ///< read the file whole, and compare every record with its CRC-32
};

/// Throws Error naming the file if it is neither format, in that of PyTorch before 1.6, a TorchScript archive, or its
/// directory is not sound. What is wrong further in is a warning, beside as much as can be shown. Blocks.
Inspection inspectFile(FileSystem& files, const std::filesystem::path& path, const core::Progress& progress = {},
                       const InspectionLimits& limits = {});
Inspection inspectSource(const ByteSource& source, const core::Progress& progress = {},
                         const InspectionLimits& limits = {});

/// `text` without what would move a terminal's cursor or hide what follows, cut to `most` bytes.
std::string printable(std::string_view text, std::size_t most);

}  // namespace cairn::storage
