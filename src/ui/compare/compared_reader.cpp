#include "ui/compare/compared_reader.h"

#include "ui/theme.h"

namespace cairn::ui {

ComparedReader::ComparedReader(CatalogClient& client, Selection& selection, QObject* parent)
    : QObject(parent), client_(client), selection_(selection) {
  connect(&selection, &Selection::comparedChanged, this, &ComparedReader::read);
  connect(&client, &CatalogClient::snapshotChanged, this, &ComparedReader::read);
  connect(&Theme::instance(), &Theme::changed, this, [this] { take(items_); });
}

void ComparedReader::setActive(bool active) {
  active_ = active;
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
  items_ = std::move(items);
  dress(items_, *client_.snapshot());
  Q_EMIT changed();
}

}  // namespace cairn::ui
