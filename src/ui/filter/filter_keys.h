// What a filter can ask for: the spec's settings, by their dotted keys or the ends of them, and what is measured.
// Pure functions.
#pragma once

#include <QString>

namespace cairn::ui {

enum class KeyKind {
  Unknown,
  Setting,  ///< of the spec: "optimizer.lr", "lr", "batch_size"
  Number,   ///< measured or counted: "val/loss", "step", "epoch", "best"
  Text,     ///< "name", "tag", "note", "state"
};
/// Letters of either case. "lr" is a setting here; a checkpoint's own lr is looked at first.
KeyKind keyKind(const QString& key);
/// Whether a setting's dotted key is meant by `asked`: the same, or its end after a dot.
bool isMeant(const QString& dotted, const QString& asked);

}  // namespace cairn::ui
