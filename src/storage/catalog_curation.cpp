// Notes, tags, pins, names, colours, and what is hidden: what a person says about runs and checkpoints.
#include "core/error.h"
#include "storage/catalog_impl.h"

namespace cairn::storage {

namespace {

constexpr const char* kRunNote = "UPDATE runs SET note = ? WHERE id = ?";
constexpr const char* kRunTags = "UPDATE runs SET tags = ? WHERE id = ?";
constexpr const char* kRunName = "UPDATE runs SET name = ? WHERE id = ?";
constexpr const char* kRunColor = "UPDATE runs SET color = ? WHERE id = ?";
constexpr const char* kRunHidden = "UPDATE runs SET hidden = ? WHERE id = ?";
constexpr const char* kCheckpointNote = "UPDATE checkpoints SET note = ? WHERE id = ?";
constexpr const char* kCheckpointTags = "UPDATE checkpoints SET tags = ? WHERE id = ?";
constexpr const char* kPinned = "UPDATE checkpoints SET pinned = ? WHERE id = ?";

void requireChanged(int rows, const char* what, const std::string& id) {
  if (rows == 0) throw Error(std::string(what) + ' ' + id, "it is not on record");
}

}  // namespace

void Catalog::setRunNote(const std::string& run, const std::string& note) {
  impl_->write([&] { requireChanged(Query(impl_->prepared(kRunNote)).with(note, run).run(), "run", run); });
}

void Catalog::setRunTags(const std::string& run, const std::vector<std::string>& tags) {
  impl_->write([&] {
    requireChanged(Query(impl_->prepared(kRunTags)).with(joinText(tags, '\n'), run).run(), "run", run);
  });
}

void Catalog::renameRun(const std::string& run, const std::string& name) {
  if (name.empty()) throw Error::invalid("name", "it is empty", "give the run a name");
  impl_->write([&] { requireChanged(Query(impl_->prepared(kRunName)).with(name, run).run(), "run", run); });
}

void Catalog::setRunColor(const std::string& run, std::optional<int> color) {
  impl_->write([&] { requireChanged(Query(impl_->prepared(kRunColor)).with(color, run).run(), "run", run); });
}

void Catalog::setRunHidden(const std::string& run, bool hidden) {
  impl_->write([&] { requireChanged(Query(impl_->prepared(kRunHidden)).with(hidden, run).run(), "run", run); });
}

void Catalog::setCheckpointNote(const std::string& checkpoint, const std::string& note) {
  impl_->write([&] {
    requireChanged(Query(impl_->prepared(kCheckpointNote)).with(note, checkpoint).run(), "checkpoint", checkpoint);
  });
}

void Catalog::setCheckpointTags(const std::string& checkpoint, const std::vector<std::string>& tags) {
  impl_->write([&] {
    requireChanged(Query(impl_->prepared(kCheckpointTags)).with(joinText(tags, '\n'), checkpoint).run(), "checkpoint",
                   checkpoint);
  });
}

void Catalog::setPinned(const std::string& checkpoint, bool pinned) {
  impl_->write([&] {
    requireChanged(Query(impl_->prepared(kPinned)).with(pinned, checkpoint).run(), "checkpoint", checkpoint);
  });
}

}  // namespace cairn::storage
