#include "ui/compare/path_words.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

#include "ui/text.h"

namespace cairn::ui {

namespace {

constexpr double kFlat = 0.02;  ///< of the larger loss at the ends: a barrier below is none to speak of

QString tr(const char* source) { return QCoreApplication::translate("cairn::ui::path", source); }

bool isFinite(const core::PathPoint& point) { return std::isfinite(point.loss); }

/// "" if the loss is a number at both.
QString endsThatAreNone(const core::LossPath& path, const QString& from, const QString& to) {
  const bool first = isFinite(path.points.front()), last = isFinite(path.points.back());
  if (!first && !last) return tr("%1 and %2").arg(from, to);
  return first && last ? QString() : first ? to : from;
}

}  // namespace

QString pathVerdict(const core::LossPath& path, const QString& from, const QString& to) {
  const auto bad = endsThatAreNone(path, from, to);
  if (!bad.isEmpty()) return tr("The loss of %1 is no finite number: the way says nothing about valleys.").arg(bad);
  if (!std::isfinite(path.barrier) || !std::all_of(path.points.begin(), path.points.end(), isFinite))
    return tr("The loss is no finite number on the way: %1 and %2 lie in different valleys.").arg(from, to);
  const double ends = std::max(std::abs(path.points.front().loss), std::abs(path.points.back().loss));
  if (path.barrier > kFlat * ends) {
    return tr("A barrier of %1 above the straight line: %2 and %3 lie in different valleys.")
        .arg(number(path.barrier), from, to);
  }
  const auto rise =
      path.barrier > 0 ? tr("rises at most %1 above").arg(number(path.barrier)) : tr("nowhere rises above");
  return tr("No barrier: the loss %1 the straight line between %2 and %3. They lie in one valley: their average is "
            "worth a try.")
      .arg(rise, from, to);
}

}  // namespace cairn::ui
