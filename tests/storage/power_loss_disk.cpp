#include "power_loss_disk.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <string_view>

namespace cairn::tests {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kSector = 512;
constexpr int kRandomStates = 3;
using Bytes = std::vector<std::byte>;

std::string parentOf(const std::string& path) { return fs::path(path).parent_path().string(); }

/// The write or truncation done to `bytes`, of a write only the first `most` bytes.
void perform(const DiskChange& change, Bytes& bytes, std::uint64_t most = ~std::uint64_t{0}) {
  if (most == 0) return;
  if (change.call == Call::Truncate) return bytes.resize(change.size);
  if (change.call == Call::Allocate) return bytes.resize(std::max<std::size_t>(bytes.size(), change.size));
  const auto count = std::min<std::uint64_t>(most, change.data.size());
  bytes.resize(std::max<std::size_t>(bytes.size(), change.at + count));
  std::memcpy(bytes.data() + change.at, change.data.data(), count);
}

}  // namespace

std::uint64_t DiskState::digest() const {
  std::uint64_t sum = 0;
  for (const auto& [path, contents] : files) {
    const std::string_view text(reinterpret_cast<const char*>(contents->data()), contents->size());
    sum = sum * 1099511628211u + std::hash<std::string>{}(path) + 31 * std::hash<std::string_view>{}(text);
  }
  for (const auto& folder : folders) sum = sum * 1099511628211u + std::hash<std::string>{}(folder);
  return sum;
}

void DiskState::writeTo(const fs::path& folder) const {
  fs::remove_all(folder);
  fs::create_directories(folder);
  for (const auto& inside : folders) fs::create_directories(folder / inside);
  for (const auto& [path, contents] : files) {
    if (!fs::exists((folder / path).parent_path())) continue;  // its folder did not last
    std::ofstream(folder / path, std::ios::binary).write(reinterpret_cast<const char*>(contents->data()), static_cast<std::streamsize>(contents->size()));
  }
}

void DiskRecord::after(const SystemCall& call) {
  if (call.path.ends_with("-shm")) return;
  DiskChange change{.call = call.call, .path = below(call.path), .to = call.to.empty() ? "" : below(call.to), .at = call.at, .size = call.size};
  switch (call.call) {
    case Call::Open:
      if (call.created) named_[call.path] = ++files_;
      fileOf_[call.descriptor] = named_[call.path];
      if (!call.created) return;
      break;
    case Call::Close: fileOf_.erase(call.descriptor); return;
    case Call::Rename:
      named_[call.to] = named_[call.path];
      named_.erase(call.path);
      change.file = named_[call.to];
      break;
    case Call::Unlink: named_.erase(call.path); break;
    case Call::Write: change.data.assign(call.data.begin(), call.data.end()); break;
    default: break;
  }
  if (call.descriptor >= 0) change.file = fileOf_[call.descriptor];
  changes_.push_back(std::move(change));
}

void PowerLossDisk::Names::apply(const NameChange& change) {
  switch (change.kind) {
    case NameChange::Add: files[change.path] = change.file; break;
    case NameChange::Remove: files.erase(change.path); break;
    case NameChange::Move:
      files.erase(change.path);
      files[change.to] = change.file;
      break;
    case NameChange::Folder: folders.push_back(change.path); break;
  }
}

void PowerLossDisk::apply(const DiskChange& change) {
  switch (change.call) {
    case Call::Open: unsyncedNames_.push_back({NameChange::Add, change.path, "", change.file}); break;
    case Call::Write:
    case Call::Truncate:
    case Call::Allocate: files_[change.file].unsynced.push_back(&change); break;
    case Call::Sync: {
      auto& file = files_[change.file];
      auto bytes = std::make_shared<Bytes>(*file.synced);
      for (const auto* one : file.unsynced) perform(*one, *bytes);
      file.synced = std::move(bytes);
      file.unsynced.clear();
      break;
    }
    case Call::SyncFolder: syncFolder(change.path); break;
    case Call::Rename: unsyncedNames_.push_back({NameChange::Move, change.path, change.to, change.file}); break;
    case Call::Unlink: unsyncedNames_.push_back({NameChange::Remove, change.path, "", 0}); break;
    case Call::MakeFolder: unsyncedNames_.push_back({NameChange::Folder, change.path, "", 0}); break;
    case Call::Close: break;
  }
}

// A move between folders lasts as a whole as soon as one of them is synced, as in a journal; before that, not at all.
void PowerLossDisk::syncFolder(const std::string& folder) {
  std::vector<NameChange> left;
  for (const auto& change : unsyncedNames_) {
    const bool here = parentOf(change.path) == folder || (change.kind == NameChange::Move && parentOf(change.to) == folder);
    if (here) {
      synced_.apply(change);
    } else {
      left.push_back(change);
    }
  }
  unsyncedNames_ = std::move(left);
}

PowerLossDisk::Names PowerLossDisk::allNames() const {
  auto names = synced_;
  for (const auto& change : unsyncedNames_) names.apply(change);
  return names;
}

DiskState PowerLossDisk::stateOf(const std::string& how, const Names& names, const Chooses& contents) const {
  DiskState state{{}, names.folders, how};
  for (const auto& [path, number] : names.files) {
    const auto file = files_.find(number);
    state.files[path] = file == files_.end() ? std::make_shared<Bytes>() : contents(file->second);
  }
  return state;
}

std::vector<DiskState> PowerLossDisk::statesNow(std::uint64_t seed) const {
  const auto synced = [](const File& file) { return file.synced; };
  const auto some = [](const File& file, auto takes) {
    if (file.unsynced.empty()) return file.synced;
    auto bytes = std::make_shared<Bytes>(*file.synced);
    for (std::size_t i = 0; i < file.unsynced.size(); ++i) perform(*file.unsynced[i], *bytes, takes(i));
    return std::shared_ptr<const Bytes>(bytes);
  };
  constexpr auto kWhole = ~std::uint64_t{0};
  const auto all = [&](const File& file) { return some(file, [](std::size_t) { return kWhole; }); };
  const auto torn = [&](const File& file) {
    const auto last = file.unsynced.size() - 1;
    return some(file, [&](std::size_t i) { return i < last ? kWhole : file.unsynced[i]->data.size() / 2 / kSector * kSector; });
  };
  const auto lastAlone = [&](const File& file) {
    return some(file, [&](std::size_t i) { return i + 1 < file.unsynced.size() ? 0 : kWhole; });
  };
  // Lengths are there and the blocks are not: zeros.
  const auto zeros = [&](const File& file) {
    auto bytes = std::make_shared<Bytes>(*file.synced);
    bytes->resize(std::max(bytes->size(), all(file)->size()));
    return std::shared_ptr<const Bytes>(bytes);
  };
  const auto names = allNames();
  std::vector<DiskState> states{stateOf("all of it", names, all),           stateOf("what was synced", synced_, synced),
                                stateOf("names alone", names, synced),      stateOf("data alone", synced_, all),
                                stateOf("a torn write", names, torn),       stateOf("a torn write, no names", synced_, torn),
                                stateOf("zeros", names, zeros),             stateOf("the last write alone", names, lastAlone)};
  std::mt19937_64 random(seed);
  for (int i = 0; i < kRandomStates; ++i) {
    auto some_names = synced_;
    for (const auto& change : unsyncedNames_)
      if (random() % 2) some_names.apply(change);
    states.push_back(stateOf("a random part", some_names, [&](const File& file) {
      return some(file, [&](std::size_t) { return random() % 2 ? kWhole : random() % 3 ? 0 : kSector * (random() % 8); });
    }));
  }
  return states;
}

}  // namespace cairn::tests
