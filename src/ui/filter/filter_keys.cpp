#include "ui/filter/filter_keys.h"

#include <QSet>
#include <QStringList>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/run_spec.h"
#include "core/series.h"
#include "ui/text.h"

namespace cairn::ui {

namespace {

/// Specs that have every key between them.
const char* const kSamples[] = {
    R"({"data": {"format": "csv", "path": "a", "target": "t"}, "model": {"type": "MLP"}, "loss": "CrossEntropyLoss",
        "optimizer": {"type": "AdamW"}, "lr_scheduler": {"type": "CosineAnnealingLR", "warmup_steps": 1},
        "training": {"epochs": 1}, "early_stopping": {"patience": 1}})",
    R"({"data": {"format": "idx", "images": "a", "labels": "b"}, "model": {"type": "CNN"}, "loss": "CrossEntropyLoss",
        "optimizer": {"type": "SGD"}, "lr_scheduler": {"type": "ReduceLROnPlateau"}, "training": {"steps": 1}})",
    R"({"data": {"format": "text", "path": "a"}, "model": {"type": "Transformer"}, "loss": "CrossEntropyLoss",
        "optimizer": {"type": "Adam"}, "lr_scheduler": {"type": "StepLR"}})",
    R"({"data": {"format": "csv", "path": "a", "target": "t"}, "model": {"type": "MLP"}, "loss": "MSELoss",
        "lr_scheduler": {"type": "ExponentialLR"}})"};

QStringList allSettings() {
  QSet<QString> keys;
  for (const char* sample : kSamples) {
    const auto spec = core::parseRunSpec(nlohmann::json::parse(sample), "/");
    const auto flat = nlohmann::json(core::toJson(spec)).flatten();
    for (const auto& [pointer, value] : flat.items()) {
      keys.insert(text(pointer).mid(1).replace(QLatin1Char('/'), QLatin1Char('.')));
    }
  }
  return keys.values();
}

bool isOneOf(const QString& key, std::initializer_list<const char*> names) {
  return std::any_of(names.begin(), names.end(),
                     [&](const char* name) { return key.compare(QLatin1String(name), Qt::CaseInsensitive) == 0; });
}

bool isSeries(const QString& key) {
  return std::any_of(std::begin(core::kAllSeries), std::end(core::kAllSeries), [&](core::Series series) {
    return key.compare(text(core::seriesName(series)), Qt::CaseInsensitive) == 0;
  });
}

}  // namespace

bool isMeant(const QString& dotted, const QString& asked) {
  if (!dotted.endsWith(asked, Qt::CaseInsensitive)) return false;
  return dotted.size() == asked.size() || dotted[dotted.size() - asked.size() - 1] == QLatin1Char('.');
}

KeyKind keyKind(const QString& key) {
  static const QStringList settings = allSettings();
  if (key.isEmpty()) return KeyKind::Unknown;
  if (isOneOf(key, {"name", "tag", "note", "state"})) return KeyKind::Text;
  if (isOneOf(key, {"step", "epoch", "best"})) return KeyKind::Number;
  const bool setting = std::any_of(settings.begin(), settings.end(), [&](const QString& one) { return isMeant(one, key); });
  if (setting) return KeyKind::Setting;
  return isSeries(key) ? KeyKind::Number : KeyKind::Unknown;
}

}  // namespace cairn::ui
