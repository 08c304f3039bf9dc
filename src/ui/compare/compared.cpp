#include "ui/compare/compared.h"

#include <QCoreApplication>
#include <QStringList>
#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "ui/run_colors.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr int kPalette = 8;

QString tr(const char* source) { return QCoreApplication::translate("cairn::ui::compared", source); }

/// The steps of each run that lie on the way to a checkpoint: run id to the last step taken there.
std::map<std::string, std::int64_t> lineOf(const Compared& item, const HomeSnapshot& home) {
  std::map<std::string, std::int64_t> line{{item.run.id, item.checkpoint.step}};
  std::int64_t last = item.run.parentStep;
  for (const auto* run = home.run(item.run.parentRun); run && line.emplace(run->id, last).second;
       run = home.run(run->parentRun)) {
    last = std::min(last, run->parentStep);
  }
  return line;
}

std::int64_t sharedSteps(const Compared& a, const Compared& b, const HomeSnapshot& home) {
  const auto one = lineOf(a, home), other = lineOf(b, home);
  std::int64_t shared = 0;
  for (const auto& [run, last] : one) {
    if (const auto at = other.find(run); at != other.end()) shared = std::max(shared, std::min(last, at->second));
  }
  return shared;
}

QString relationOfPair(const Compared& a, const Compared& b, const HomeSnapshot& home) {
  if (!a.checkpoint.hash.empty() && a.checkpoint.hash == b.checkpoint.hash) {
    return tr("%1 and %2 are the same training state, bit for bit.").arg(a.letter, b.letter);
  }
  const auto shared = sharedSteps(a, b, home);
  if (shared == 0) return {};
  if (shared == a.checkpoint.step) {
    return tr("%2 came from %1, %3 steps later.").arg(a.letter, b.letter, count(b.checkpoint.step - shared));
  }
  if (shared == b.checkpoint.step) {
    return tr("%1 came from %2, %3 steps later.").arg(a.letter, b.letter, count(a.checkpoint.step - shared));
  }
  return tr("%1 and %2 share their first %3 steps.").arg(a.letter, b.letter, count(shared));
}

/// A NaN is the same as a NaN: a run that diverged would else be news for ever.
bool sameValue(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

bool sameLoss(const std::optional<double>& a, const std::optional<double>& b) {
  return a.has_value() == b.has_value() && (!a || sameValue(*a, *b));
}

bool sameMetrics(const std::map<std::string, double>& a, const std::map<std::string, double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return x.first == y.first && sameValue(x.second, y.second); });
}

bool showsTheSame(const Compared& a, const Compared& b) {
  const auto told = [](const Compared& one) {
    const auto& checkpoint = one.checkpoint;
    return std::tie(one.letter, one.run.id, one.run.name, one.dataFingerprint, checkpoint.step, checkpoint.epoch,
                    checkpoint.state, checkpoint.roles, checkpoint.bytes, checkpoint.createdAt);
  };
  return told(a) == told(b) && a.color == b.color && sameLoss(a.checkpoint.loss, b.checkpoint.loss) &&
         sameMetrics(a.checkpoint.metrics, b.checkpoint.metrics) &&
         core::settingsOf(a.run.spec) == core::settingsOf(b.run.spec);
}

}  // namespace

void dress(ComparedItems& items, const HomeSnapshot& home) {
  std::set<QRgb> taken;
  for (std::size_t i = 0; i < items.size(); ++i) {
    items[i].letter = QString(QChar(u'A' + static_cast<char16_t>(i)));
    items[i].color = colorOfRun(home, items[i].run.id);
    for (int next = 0; next < kPalette && taken.contains(items[i].color.rgb()); ++next) {
      items[i].color = Theme::instance().runColor(next);
    }
    taken.insert(items[i].color.rgb());
  }
}

bool sameCheckpoints(const ComparedItems& a, const ComparedItems& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Compared& x, const Compared& y) {
    return x.checkpoint.id == y.checkpoint.id && x.checkpoint.hash == y.checkpoint.hash;
  });
}

bool showTheSame(const ComparedItems& a, const ComparedItems& b) {
  return sameCheckpoints(a, b) && std::equal(a.begin(), a.end(), b.begin(), b.end(), showsTheSame);
}

QStringList lettersOf(const ComparedItems& items) {
  QStringList letters;
  for (const auto& item : items) letters << item.letter;
  return letters;
}

QStringList lettersWithoutFile(const ComparedItems& items) {
  QStringList letters;
  for (const auto& item : items) {
    if (item.checkpoint.state != core::CheckpointState::Ready) letters << item.letter;
  }
  return letters;
}

QString titleOf(const Compared& item) {
  return QStringLiteral("%1 @ %2").arg(text(item.run.name), count(item.checkpoint.step));
}

QString sentence(const std::string& note) {
  auto words = text(note);
  if (words.isEmpty()) return words;
  words[0] = words[0].toUpper();
  return words.endsWith(QLatin1Char('.')) ? words : words + QLatin1Char('.');
}

QString relationOf(const ComparedItems& items, const HomeSnapshot& home) {
  QStringList sentences;
  for (std::size_t i = 1; i < items.size(); ++i) sentences << relationOfPair(items.front(), items[i], home);
  sentences.removeAll(QString());
  return sentences.isEmpty() ? tr("They were trained apart: no step is shared.") : sentences.join(QLatin1Char(' '));
}

std::vector<std::size_t> bestOf(const std::string& series, const std::vector<double>& values) {
  const bool highest = series.ends_with("accuracy");
  if (!highest && !series.ends_with("loss")) return {};
  double best = std::numeric_limits<double>::quiet_NaN();
  std::size_t known = 0;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    ++known;
    if (std::isnan(best) || (highest ? value > best : value < best)) best = value;
  }
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] == best) places.push_back(i);
  }
  if (known < 2 || places.size() == known) places.clear();
  return places;
}

}  // namespace cairn::ui
