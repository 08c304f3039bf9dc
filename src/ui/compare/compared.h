// The checkpoints that are compared, each with its run, its letter and its colour. Values; colours are asked on the GUI
// thread.
#pragma once

#include <QColor>
#include <QString>
#include <string>
#include <vector>

#include "core/comparison.h"
#include "ui/home_snapshot.h"

namespace cairn::ui {

struct Compared : core::Compared {
  QString letter;  ///< "A" to "D"
  QColor color;    ///< its run's, or another where two would be alike
};
using ComparedItems = std::vector<Compared>;

/// Letters by order; colours by run, each once.
void dress(ComparedItems& items, const HomeSnapshot& home);
/// The same checkpoints in the same order, of the same training state, whatever else their records say.
bool sameCheckpoints(const ComparedItems& a, const ComparedItems& b);
/// Whether the comparison shows the same for both: what a run that trains on changes all the time does not count.
bool showTheSame(const ComparedItems& a, const ComparedItems& b);
QStringList lettersOf(const ComparedItems& items);
/// "A", "B", ... of those whose file is not there to be read.
QStringList lettersWithoutFile(const ComparedItems& items);
/// "digits @ 3,100"
QString titleOf(const Compared& item);
/// A note of the engine's, as the window says it: "it is ..." -> "It is ...."
QString sentence(const std::string& note);
/// How the others are related to the first, in sentences: "B came from A, 2,500 steps later."
QString relationOf(const ComparedItems& items, const HomeSnapshot& home);

/// The places in `values` of the best one: lowest, but highest for an accuracy; none where a best means nothing, or all
/// are equal. A value that is not there, or not finite, is NaN.
std::vector<std::size_t> bestOf(const std::string& series, const std::vector<double>& values);

}  // namespace cairn::ui
