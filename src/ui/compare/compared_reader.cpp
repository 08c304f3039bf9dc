#include "ui/compare/compared_reader.h"

#include "ui/theme.h"

namespace cairn::ui {

ComparedReader::ComparedReader(CatalogClient& client, Selection& selection, QObject* parent)
    : QObject(parent), client_(client), selection_(selection) {
  connect(&selection, &Selection::comparedChanged, this, &ComparedReader::read);
  connect(&client, &CatalogClient::snapshotChanged, this, &ComparedReader::read);
  connect(&Theme::instance(), &Theme::changed, this, &ComparedReader::redress);
}

void ComparedReader::setActive(bool active) {
  active_ = active;
  ++newest_;
  items_.clear();  // whoever looks again is told again
  read();
}

void ComparedReader::read() {
  if (!active_) return;
  client_.query<ComparedItems>(
      this,
      [ids = selection_.compared()](storage::Catalog& catalog) {
        ComparedItems items;
        for (const auto& id : ids) {
          if (!catalog.hasCheckpoint(id)) continue;
          auto& item = items.emplace_back();
          item.checkpoint = catalog.checkpoint(id);
          item.run = catalog.run(item.checkpoint.run);
        }
        return items;
      },
      [this, id = ++newest_](ComparedItems items) {
        if (id == newest_) take(std::move(items));
      });
}

void ComparedReader::take(ComparedItems items) {
  dress(items, *client_.snapshot());
  addFingerprints(items);
  if (showTheSame(items, items_)) return;
  items_ = std::move(items);
  Q_EMIT changed();
}

void ComparedReader::learn(const std::vector<core::Compared>& read) {
  for (const auto& one : read) fingerprints_[one.checkpoint.id] = one.dataFingerprint;
  take(items_);
}

void ComparedReader::addFingerprints(ComparedItems& items) const {
  for (auto& item : items) {
    if (const auto known = fingerprints_.find(item.checkpoint.id); known != fingerprints_.end())
      item.dataFingerprint = known->second;
  }
}

void ComparedReader::redress() {
  if (!active_) return;
  dress(items_, *client_.snapshot());
  Q_EMIT changed();
}

}  // namespace cairn::ui
