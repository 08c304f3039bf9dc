// Makes an Inspection's tree of a pickle's values. Unlike TreeBuilder it goes on where something is wrong, and says so.
// Not thread-safe.
#pragma once

#include <string>
#include <unordered_map>

#include "storage/inspection.h"
#include "storage/pickle_reader.h"
#include "storage/tensor_view.h"
#include "storage/torch_values.h"
#include "storage/zip_reader.h"

namespace cairn::storage {

class InspectionBuilder {
 public:
  /// Keeps all by reference. `archive` is the folder in the zip.
  InspectionBuilder(Inspection& inspection, const ZipReader& zip, std::string archive, const InspectionLimits& limits);

  void build(PickleValue& root);
  /// Bytes of the zip's records under data/ that no tensor took.
  std::uint64_t unusedBytes() const;

 private:
  InspectedNode convert(PickleValue& value, std::string name, int depth);
  void fill(InspectedNode& node, PickleValue& value, int depth);
  bool scalar(InspectedNode& node, const PickleValue& value) const;
  bool known(InspectedNode& node, PickleValue& value, int depth);
  void sequence(InspectedNode& node, const std::vector<PickleValue*>& items, std::size_t from, int depth);
  void dict(InspectedNode& node, const PickleValue& value, int depth);
  void call(InspectedNode& node, PickleValue& value, int depth);
  void child(InspectedNode& node, PickleValue& value, std::string name, int depth);
  void tensor(InspectedNode& node, const std::vector<PickleValue*>& arguments, bool untyped);
  void measure(InspectedNode& node, const StorageId& storage, TensorView& view, std::size_t itemSize);
  std::string keyText(const PickleValue& key) const;
  std::string shown(std::string_view text) const { return printable(text, limits_.textShown); }

  Inspection& inspection_;
  const ZipReader& zip_;
  std::string archive_;
  const InspectionLimits& limits_;
  std::size_t nodes_ = 0;
  std::string path_;                                                   ///< of the node being converted, as "a.b.0"
  std::unordered_map<const PickleValue*, std::string> seen_;           ///< containers and calls, and where they stand
  std::unordered_map<const ZipReader::Entry*, std::string> storages_;  ///< records in use, and by which tensor first
};

}  // namespace cairn::storage
