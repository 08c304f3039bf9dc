#include "ui/filter/home_filter.h"

#include <QStringList>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "ui/text.h"

namespace cairn::ui {

namespace {

using Settings = std::vector<std::pair<QString, QString>>;  // dotted key, value

Settings settingsOf(const core::RunRecord& run) {
  Settings settings;
  const auto flat = nlohmann::json(core::toJson(run.spec)).flatten();
  for (const auto& [pointer, value] : flat.items()) {
    settings.emplace_back(text(pointer).mid(1).replace(QLatin1Char('/'), QLatin1Char('.')),
                          text(value.is_string() ? value.get<std::string>() : value.dump()));
  }
  return settings;
}

/// What terms look at: a run, or a checkpoint of it. The settings are worked out when the first term asks.
struct Subject {
  const core::RunRecord& run;
  const core::CheckpointRecord* checkpoint = nullptr;
  Settings& settings;
};

bool contains(std::string_view text, const QString& word) { return ui::text(text).contains(word, Qt::CaseInsensitive); }
bool is(std::string_view text, const QString& word) { return ui::text(text).compare(word, Qt::CaseInsensitive) == 0; }

template <typename Range, typename Test>
bool any(const Range& range, Test test) {
  return std::any_of(std::begin(range), std::end(range), test);
}

/// By the word of the run list too: "done" for completed.
bool runIs(const core::RunRecord& run, const QString& state) {
  return is(core::toText(run.status), state) || stateName(run.status).compare(state, Qt::CaseInsensitive) == 0;
}

bool hasState(const Subject& subject, const QString& state) {
  if (runIs(subject.run, state)) return true;
  if (!subject.checkpoint) return false;
  const auto& checkpoint = *subject.checkpoint;
  return is(core::toText(checkpoint.state), state) || is(core::toText(checkpoint.kind), state) ||
         (checkpoint.pinned && is("pinned", state)) || any(checkpoint.roles, [&](const auto& role) { return is(role, state); });
}

bool hasWord(const Subject& subject, const QString& word) {
  const auto& run = subject.run;
  const auto has = [&](std::string_view text) { return contains(text, word); };
  if (has(run.name) || has(run.note) || has(core::toText(run.status)) || any(run.tags, has)) return true;
  if (stateName(run.status).contains(word, Qt::CaseInsensitive)) return true;
  if (!subject.checkpoint) return false;
  const auto& checkpoint = *subject.checkpoint;
  return has(checkpoint.note) || has(core::toText(checkpoint.state)) || has(core::toText(checkpoint.kind)) ||
         any(checkpoint.tags, has) || any(checkpoint.roles, has) || (checkpoint.pinned && has("pinned"));
}

bool hasText(const Subject& subject, const FilterTerm& term) {
  const auto& run = subject.run;
  const auto* checkpoint = subject.checkpoint;
  const auto tagged = [&](const auto& tag) { return is(tag, term.value); };
  if (term.key.compare(QLatin1String("tag"), Qt::CaseInsensitive) == 0) {
    return any(run.tags, tagged) || (checkpoint && any(checkpoint->tags, tagged));
  }
  if (term.key.compare(QLatin1String("state"), Qt::CaseInsensitive) == 0) return hasState(subject, term.value);
  if (term.key.compare(QLatin1String("note"), Qt::CaseInsensitive) == 0) {
    return contains(run.note, term.value) || (checkpoint && contains(checkpoint->note, term.value));
  }
  return contains(run.name, term.value);
}

bool holds(Relation relation, double left, double right) {
  const bool equal = std::abs(left - right) <= 1e-9 * std::max(std::abs(left), std::abs(right));
  switch (relation) {
    case Relation::Less: return left < right && !equal;
    case Relation::LessOrEqual: return left < right || equal;
    case Relation::Equal: return equal;
    case Relation::NotEqual: return !equal;
    case Relation::GreaterOrEqual: return left > right || equal;
    case Relation::Greater: return left > right && !equal;
  }
  return false;
}

/// What was measured or counted; nothing where it was not.
std::optional<double> measured(const Subject& subject, const QString& key) {
  const auto* checkpoint = subject.checkpoint;
  if (key == QLatin1String("step")) return static_cast<double>(checkpoint ? checkpoint->step : subject.run.step);
  if (key == QLatin1String("epoch")) return static_cast<double>(checkpoint ? checkpoint->epoch : subject.run.epoch);
  const auto& best = subject.run.best;
  if (!checkpoint) return best && (key == QLatin1String("best") || key == text(best->metric)) ? std::optional(best->value) : std::nullopt;
  if (key == QLatin1String("best")) return best && best->step == checkpoint->step ? std::optional(best->value) : std::nullopt;
  const auto at = checkpoint->metrics.find(key.toStdString());
  return at == checkpoint->metrics.end() ? std::nullopt : std::optional(at->second);
}

bool settingHolds(const QString& actual, const FilterTerm& term) {
  bool isNumber = false;
  const double number = actual.toDouble(&isNumber);
  if (isNumber && term.number) return holds(term.relation, number, *term.number);
  const bool same = actual.compare(term.value, Qt::CaseInsensitive) == 0;
  return term.relation == Relation::Equal ? same : term.relation == Relation::NotEqual && !same;
}

bool compares(const Subject& subject, const FilterTerm& term) {
  if (term.kind == KeyKind::Text) return hasText(subject, term) == (term.relation == Relation::Equal);
  if (const auto value = measured(subject, term.key.toLower())) return term.number && holds(term.relation, *value, *term.number);
  if (term.kind != KeyKind::Setting) return false;
  if (subject.settings.empty()) subject.settings = settingsOf(subject.run);
  return any(subject.settings, [&](const auto& one) { return isMeant(one.first, term.key) && settingHolds(one.second, term); });
}

bool allHold(const std::vector<FilterTerm>& terms, const Subject& subject) {
  return std::all_of(terms.begin(), terms.end(), [&](const FilterTerm& term) {
    return term.key.isEmpty() ? hasWord(subject, term.value) : compares(subject, term);
  });
}

}  // namespace

bool HomeFilter::matches(const core::RunRecord& run) const {
  Settings settings;
  return allHold(parsed_.terms, {run, nullptr, settings});
}

bool HomeFilter::matches(const core::CheckpointRecord& checkpoint, const core::RunRecord& run) const {
  Settings settings;
  return allHold(parsed_.terms, {run, &checkpoint, settings});
}

FilteredHome HomeFilter::applied(const HomeSnapshot& home) const {
  FilteredHome filtered{empty(), {}, {}};
  if (filtered.all) return filtered;
  for (const auto& run : home.runs) {
    Settings settings;
    if (allHold(parsed_.terms, {run, nullptr, settings})) filtered.runs.insert(run.id);
    for (const auto& checkpoint : home.checkpointsOf(run.id)) {
      if (!allHold(parsed_.terms, {run, &checkpoint, settings})) continue;
      filtered.checkpoints.insert(checkpoint.id);
      filtered.runs.insert(run.id);
    }
  }
  return filtered;
}

}  // namespace cairn::ui
