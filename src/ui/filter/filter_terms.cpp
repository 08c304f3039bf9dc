#include "ui/filter/filter_terms.h"

#include <QCoreApplication>
#include <QHash>
#include <cmath>

#include "ui/filter/filter_keys.h"

namespace cairn::ui {

namespace {

QString tr(const char* words) { return QCoreApplication::translate("cairn::ui::filter", words); }

struct Token {
  enum class Kind { Text, Phrase, Relation };
  Kind kind = Kind::Text;
  QString text;
};

bool isRelationSign(QChar letter) { return QStringLiteral("<>=!").contains(letter); }

/// A phrase that nobody closed reaches to the end.
std::vector<Token> tokensOf(const QString& text) {
  std::vector<Token> tokens;
  for (qsizetype at = 0; at < text.size();) {
    if (text[at].isSpace()) {
      ++at;
      continue;
    }
    if (text[at] == QLatin1Char('"')) {
      const auto end = text.indexOf(QLatin1Char('"'), at + 1);
      tokens.push_back({Token::Kind::Phrase, text.mid(at + 1, end < 0 ? -1 : end - at - 1)});
      at = end < 0 ? text.size() : end + 1;
      continue;
    }
    const bool relation = isRelationSign(text[at]);
    const auto begin = at;
    while (at < text.size() && !text[at].isSpace() && text[at] != QLatin1Char('"') && isRelationSign(text[at]) == relation) ++at;
    tokens.push_back({relation ? Token::Kind::Relation : Token::Kind::Text, text.mid(begin, at - begin)});
  }
  return tokens;
}

std::optional<Relation> relationOf(const QString& sign) {
  static const QHash<QString, Relation> relations = {
      {QStringLiteral("<"), Relation::Less},     {QStringLiteral("<="), Relation::LessOrEqual},
      {QStringLiteral("="), Relation::Equal},    {QStringLiteral("=="), Relation::Equal},
      {QStringLiteral("!="), Relation::NotEqual}, {QStringLiteral(">="), Relation::GreaterOrEqual},
      {QStringLiteral(">"), Relation::Greater}};
  const auto at = relations.find(sign);
  return at == relations.end() ? std::nullopt : std::optional(*at);
}

std::optional<double> numberOf(QString value) {
  const bool percent = value.endsWith(QLatin1Char('%'));
  if (percent) value.chop(1);
  bool isNumber = false;
  const double number = value.toDouble(&isNumber);
  if (!isNumber || std::isnan(number)) return {};
  return percent ? number / 100 : number;
}

bool wantsNumber(const FilterTerm& term) {
  return term.kind == KeyKind::Number || (term.relation != Relation::Equal && term.relation != Relation::NotEqual);
}

/// What is wrong with a comparison that is complete.
std::optional<FilterProblem> problemOf(const FilterTerm& term) {
  if (term.kind == KeyKind::Unknown) {
    return FilterProblem{tr("“%1” is neither a setting nor a metric. Try lr, batch_size, step, val/loss, tag or state.").arg(term.key)};
  }
  if (!wantsNumber(term) || term.number) {
    const bool lossValue = term.key.compare(QLatin1String("loss"), Qt::CaseInsensitive) == 0 && term.number;
    if (!lossValue) return {};
    return FilterProblem{tr("“loss” is the loss function. For its value write val/loss or train/loss.")};
  }
  return FilterProblem{tr("“%1” is no number. Write it as in %2 < 0.05.").arg(term.value, term.key)};
}

std::optional<FilterProblem> strayRelation(const QString& sign) {
  if (!relationOf(sign)) return FilterProblem{tr("“%1” is no comparison. There are <, <=, =, !=, >= and >.").arg(sign)};
  return FilterProblem{tr("Before “%1” stands a setting or a metric, as in val/loss < 0.05.").arg(sign)};
}

/// "tag:x" and the like; anything else with a colon is a word.
std::optional<FilterTerm> shortForm(const QString& text) {
  const auto colon = text.indexOf(QLatin1Char(':'));
  if (colon <= 0 || keyKind(text.left(colon)) != KeyKind::Text) return {};
  return FilterTerm{text.left(colon), Relation::Equal, text.mid(colon + 1), {}, KeyKind::Text};
}

}  // namespace

ParsedFilter parseFilter(const QString& text) {
  ParsedFilter parsed;
  const auto tokens = tokensOf(text);
  const auto fail = [&](FilterProblem problem) {
    parsed.problem = std::move(problem);
    return parsed;
  };
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    const auto& token = tokens[at];
    if (token.kind == Token::Kind::Relation) return fail(*strayRelation(token.text));
    const bool compares = at + 1 < tokens.size() && tokens[at + 1].kind == Token::Kind::Relation;
    if (!compares) {
      auto term = token.kind == Token::Kind::Text ? shortForm(token.text) : std::nullopt;
      const bool phrase = at + 1 < tokens.size() && tokens[at + 1].kind == Token::Kind::Phrase;
      if (term && term->value.isEmpty() && phrase) term->value = tokens[++at].text;
      if (term && term->value.isEmpty()) return fail({tr("After “%1” comes a value.").arg(token.text), true});
      parsed.terms.push_back(term.value_or(FilterTerm{{}, Relation::Equal, token.text}));
      continue;
    }
    const auto& sign = tokens[at + 1].text;
    const auto relation = relationOf(sign);
    if (!relation) {
      if (sign == QLatin1String("!")) return fail({tr("“!” goes with “=”, as in optimizer.type != SGD."), at + 2 == tokens.size()});
      return fail(*strayRelation(sign));
    }
    if (at + 2 == tokens.size()) return fail({tr("After “%1 %2” comes a value, as in lr < 0.01.").arg(token.text, sign), true});
    if (tokens[at + 2].kind == Token::Kind::Relation) return fail(*strayRelation(tokens[at + 2].text));
    FilterTerm term{token.text, *relation, tokens[at + 2].text, numberOf(tokens[at + 2].text), keyKind(token.text)};
    if (auto problem = problemOf(term)) return fail(*std::move(problem));
    parsed.terms.push_back(std::move(term));
    at += 2;
  }
  return parsed;
}

}  // namespace cairn::ui
