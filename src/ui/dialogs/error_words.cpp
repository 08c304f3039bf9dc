#include "ui/dialogs/error_words.h"

#include <QRegularExpression>

namespace cairn::ui {

namespace {

/// The end of a subject such as `/data/sensors.csv, line 43, column "press"`, as the readers write it.
QRegularExpressionMatch placeIn(const QString& subject) {
  static const QRegularExpression place(QStringLiteral(R"(, (line \d+(, column ".*")?)\z)"),
                                        QRegularExpression::DotMatchesEverythingOption);
  return place.match(subject);
}

}  // namespace

QString sentenceOf(const Error& error) {
  auto text = QString::fromStdString(error.why());
  if (!error.advice().empty()) text += QStringLiteral("; ") + QString::fromStdString(error.advice());
  if (const auto place = placeIn(QString::fromStdString(error.subject())); place.hasMatch())
    text = place.captured(1) + QStringLiteral(": ") + text;
  if (!text.isEmpty()) text[0] = text[0].toUpper();
  return text;
}

QString sentenceWithFile(const Error& error) {
  auto text = sentenceOf(error);
  const auto subject = QString::fromStdString(error.subject());
  const auto place = placeIn(subject);
  if (!place.hasMatch()) return text;
  text[0] = text[0].toLower();
  return subject.left(place.capturedStart()).section(QLatin1Char('/'), -1) + QStringLiteral(", ") + text;
}

}  // namespace cairn::ui
