#include "ui/chart/axis_ticks.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/text.h"

namespace cairn::ui {

namespace {

constexpr int kTickPixels = 90;
constexpr int kRowPixels = 44;
constexpr std::array kClockSteps = {60.0,   120.0,  300.0,   600.0,   900.0,   1800.0,
                                    3600.0, 7200.0, 14400.0, 21600.0, 43200.0, 86400.0};

double roundStep(double least) {
  const double decade = std::pow(10.0, std::floor(std::log10(least)));
  for (const double part : {1.0, 2.0, 5.0}) {
    if (part * decade >= least * 0.999) return part * decade;
  }
  return 10 * decade;
}

double clockStep(double least) {
  if (least < 30) return roundStep(least);
  const auto at = std::lower_bound(kClockSteps.begin(), kClockSteps.end(), least);
  return at == kClockSteps.end() ? std::ceil(least / 86400) * 86400 : *at;
}

QString grouped(double value) {
  return QString::fromStdString(core::withThousands(static_cast<std::int64_t>(std::llround(value))));
}

QString xLabel(double x, double step, XAxis::Unit unit) {
  if (unit == XAxis::Unit::Step) return grouped(x);
  if (unit == XAxis::Unit::Time && step >= 1) return QString::fromStdString(core::humanDuration(x));
  const int digits = step >= 1 ? 0 : static_cast<int>(std::ceil(-std::log10(step) - 1e-9));
  const auto text = QString::number(x, 'f', digits);
  return unit == XAxis::Unit::Time ? text + QStringLiteral(" s") : text;
}

std::vector<Tick> linearTicks(double lower, double upper, double step, auto label) {
  std::vector<Tick> ticks;
  for (double n = std::ceil(lower / step - 1e-9); n * step <= upper + 1e-9 * step; ++n) {
    ticks.push_back({n * step, label(n * step)});
  }
  return ticks;
}

}  // namespace

QString valueText(double value) {
  if (std::isnan(value)) return QStringLiteral("nan");
  if (std::isinf(value)) return value > 0 ? QStringLiteral("inf") : QStringLiteral("-inf");
  return QString::number(value, 'g', 4);
}

QString xText(double x, XAxis::Unit unit) {
  switch (unit) {
    case XAxis::Unit::Step: return QStringLiteral("step ") + grouped(x);
    case XAxis::Unit::Epoch: return QStringLiteral("epoch ") + QString::number(x, 'f', 2);
    case XAxis::Unit::Time: return QString::fromStdString(core::humanDuration(std::max(0.0, x)));
  }
  return {};
}

std::vector<Tick> xTicks(double lower, double upper, int pixels, XAxis::Unit unit) {
  if (!(upper > lower)) return {};
  const double least = (upper - lower) / std::max(1, pixels / kTickPixels);
  double step = unit == XAxis::Unit::Time ? clockStep(least) : roundStep(least);
  if (unit == XAxis::Unit::Step) step = std::max(1.0, step);
  return linearTicks(lower, upper, step, [&](double x) { return xLabel(x, step, unit); });
}

std::vector<Tick> yTicks(double lower, double upper, int pixels, bool logarithmic) {
  if (!(upper > lower)) return {};
  const int rows = std::max(2, pixels / kRowPixels);
  const bool narrow = logarithmic && lower > 0 && upper / lower < 8;
  if (!logarithmic || lower <= 0 || narrow) {
    return linearTicks(lower, upper, roundStep((upper - lower) / rows),
                       [&](double y) { return valueText(std::abs(y) < (upper - lower) * 1e-9 ? 0 : y); });
  }
  const int first = static_cast<int>(std::floor(std::log10(lower)));
  const int last = static_cast<int>(std::ceil(std::log10(upper)));
  const bool fine = (last - first) * 3 <= rows * 2;
  const int every = std::max(1, (last - first) / rows);
  std::vector<Tick> ticks;
  for (int decade = first; decade <= last; decade += every) {
    for (const double part : {1.0, 2.0, 5.0}) {
      const double at = part * std::pow(10.0, decade);
      if ((part == 1.0 || fine) && at >= lower && at <= upper) ticks.push_back({at, valueText(at)});
    }
  }
  return ticks;
}

}  // namespace cairn::ui
