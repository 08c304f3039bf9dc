#include "ui/compare/sample_model.h"

#include <QIcon>
#include <QImage>
#include <QPixmap>
#include <QRegularExpression>
#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "ui/compare/csv_text.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr int kImageEdge = 44;
constexpr int kLeastEdge = 4;  ///< pixels of a table's picture: fewer show nothing

/// Bytes of a text as one line. What would be seen as nothing is told.
QString oneLine(const std::string& bytes) {
  if (!bytes.empty() && bytes.find_first_not_of(' ') == std::string::npos) {
    return SampleModel::tr("(%1 spaces)").arg(bytes.size());
  }
  return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size()))
      .replace(QLatin1Char('\n'), QStringLiteral(" ↵ "));
}

QString joined(const std::vector<std::string>& values) {
  QStringList parts;
  for (const auto& value : values) parts << oneLine(value);
  return parts.join(QStringLiteral(", "));
}

/// A table's row as the picture that it is: the numbers of each of its lines.
QString gridOf(const std::vector<std::string>& row, std::size_t edge) {
  QStringList lines;
  for (std::size_t at = 0; at + edge <= row.size(); at += edge) {
    QStringList line;
    for (std::size_t i = at; i < at + edge; ++i) line << text(row[i]);
    lines << line.join(QStringLiteral("  "));
  }
  return lines.join(QLatin1Char('\n'));
}

/// Numbers as a person reads them; exactly in the tool tip.
QString shortened(const std::vector<std::string>& values) {
  QStringList parts;
  for (const auto& value : values) {
    bool isNumber = false;
    const double parsed = text(value).toDouble(&isNumber);
    parts << (isNumber ? number(parsed) : oneLine(value));
  }
  return parts.join(QStringLiteral(", "));
}

/// The edge of the square whose pixels, row by row, a table's columns are by their names: p0, p1, … or pixel_0_0, pixel_0_1, …,
/// and nothing else, as tables of images have them; else 0.
int pixelEdge(const std::vector<std::string>& columns) {
  const auto edge = static_cast<int>(std::lround(std::sqrt(static_cast<double>(columns.size()))));
  if (edge < kLeastEdge || static_cast<std::size_t>(edge) * static_cast<std::size_t>(edge) != columns.size()) return 0;
  static const QRegularExpression byNumber(QStringLiteral("^(?:p|px|pix|pixel)_?(\\d+)$"), QRegularExpression::CaseInsensitiveOption);
  static const QRegularExpression byPlace(QStringLiteral("^(?:p|px|pix|pixel)_?(\\d+)[_x](\\d+)$"), QRegularExpression::CaseInsensitiveOption);
  int first = -1;  // tables begin at 0 or at 1
  for (int i = 0; i < edge * edge; ++i) {
    const auto name = text(columns[static_cast<std::size_t>(i)]);
    int at = -1;
    if (const auto one = byNumber.match(name); one.hasMatch()) at = one.captured(1).toInt();
    if (const auto two = byPlace.match(name); two.hasMatch()) at = two.captured(1).toInt() * edge + two.captured(2).toInt();
    if (first < 0) first = at;
    if (at < 0 || at - first != i) return 0;
  }
  return edge;
}

/// A row's values as grey; none where one is no number.
std::vector<std::uint8_t> greyOf(const std::vector<std::string>& row, double brightest) {
  std::vector<std::uint8_t> grey;
  for (const auto& value : row) {
    bool isNumber = false;
    const double parsed = text(value).toDouble(&isNumber);
    if (!isNumber || !std::isfinite(parsed)) return {};
    grey.push_back(static_cast<std::uint8_t>(std::clamp(parsed / brightest * 255, 0.0, 255.0)));
  }
  return grey;
}

double largestOf(const std::vector<core::DifferingSample>& samples) {
  double largest = 0;
  for (const auto& sample : samples) {
    for (const auto& value : sample.row) {
      const double parsed = text(value).toDouble();
      if (std::isfinite(parsed)) largest = std::max(largest, parsed);
    }
  }
  return largest > 0 ? largest : 1;
}

/// The same whether its row is selected or not: a tint would change the sample.
QIcon iconOf(const std::vector<std::uint8_t>& pixels, int width, int height) {
  const QImage grey(pixels.data(), width, height, width, QImage::Format_Grayscale8);
  const auto pixmap =
      QPixmap::fromImage(grey.scaled(kImageEdge, kImageEdge, Qt::KeepAspectRatio, Qt::FastTransformation));
  QIcon icon(pixmap);
  icon.addPixmap(pixmap, QIcon::Selected);
  return icon;
}

}  // namespace

void SampleModel::set(std::shared_ptr<const core::PredictionComparison> comparison, QStringList letters) {
  beginResetModel();
  comparison_ = std::move(comparison);
  letters_ = std::move(letters);
  edge_ = comparison_ && comparison_->data.format == "csv" ? pixelEdge(comparison_->data.features) : 0;
  brightest_ = edge_ > 0 ? largestOf(comparison_->samples) : 1;
  endResetModel();
}

bool SampleModel::isText() const { return comparison_ && comparison_->data.format == "text"; }
bool SampleModel::isImages() const { return comparison_ && (comparison_->data.format == "idx" || edge_ > 0); }

int SampleModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() || !comparison_ ? 0 : static_cast<int>(comparison_->samples.size());
}

int SampleModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : FirstAnswer + static_cast<int>(letters_.size()) + 1;
}

const core::SampleAnswer* SampleModel::answer(const QModelIndex& index) const {
  const auto& answers = comparison_->samples[static_cast<std::size_t>(index.row())].answers;
  const auto at = static_cast<std::size_t>(index.column() - FirstAnswer);
  return index.column() >= FirstAnswer && at < answers.size() ? &answers[at] : nullptr;
}

QString SampleModel::sampleText(const core::DifferingSample& sample) const {
  if (isText()) return oneLine(sample.prompt);
  return sample.row.empty() ? QString() : joined(sample.row);
}

QString SampleModel::shown(const core::DifferingSample& sample, const QModelIndex& index) const {
  if (index.column() == Number) return count(sample.number);
  if (index.column() == Sample) return picture(sample).isValid() ? QString() : sampleText(sample);
  if (index.column() == Truth) return shortened(sample.truth);
  if (index.column() == differenceColumn()) return QString::number(sample.difference, 'g', 3);
  const auto* one = answer(index);
  return one && !one->outputs.empty() ? shortened(one->outputs) : QStringLiteral("–");
}

QString SampleModel::toolTip(const core::DifferingSample& sample, const QModelIndex& index) const {
  if (index.column() == Sample && !sample.row.empty()) {
    QStringList lines;
    const auto& names = comparison_->data.features;
    if (edge_ > 0) return gridOf(sample.row, static_cast<std::size_t>(edge_));
    for (std::size_t i = 0; i < sample.row.size() && i < names.size(); ++i) {
      lines << QStringLiteral("%1: %2").arg(text(names[i]), text(sample.row[i]));
    }
    return lines.join(QLatin1Char('\n'));
  }
  if (index.column() == Sample) return text(sample.prompt);
  if (index.column() == Truth) return joined(sample.truth);
  const auto* one = answer(index);
  if (!one) return index.column() == differenceColumn() ? text(core::roundTrip(sample.difference)) : QString();
  QStringList lines{joined(one->outputs)};
  if (one->loss) lines << tr("loss %1").arg(number(*one->loss));
  return lines.join(QLatin1Char('\n'));
}

QVariant SampleModel::picture(const core::DifferingSample& sample) const {
  if (sample.width > 0) return iconOf(sample.pixels, sample.width, sample.height);
  const auto grey = edge_ > 0 ? greyOf(sample.row, brightest_) : std::vector<std::uint8_t>();
  return grey.size() == static_cast<std::size_t>(edge_ * edge_) && edge_ > 0 ? QVariant(iconOf(grey, edge_, edge_)) : QVariant();
}

QVariant SampleModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || !comparison_) return {};
  const auto& sample = comparison_->samples[static_cast<std::size_t>(index.row())];
  const auto* one = answer(index);
  switch (role) {
    case Qt::DisplayRole: return shown(sample, index);
    case Qt::ToolTipRole: return toolTip(sample, index);
    case Qt::DecorationRole: return index.column() == Sample ? picture(sample) : QVariant();
    case Qt::TextAlignmentRole: {
      const bool right = index.column() == Number || index.column() == differenceColumn();
      return QVariant((right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    case Qt::ForegroundRole: {
      const auto& colors = Theme::instance().colors();
      return index.column() == Number || index.column() == differenceColumn() ? colors.mutedText : colors.text;
    }
    case RightRole:
      return one && !one->outputs.empty() && !comparison_->data.classes.empty() ? QVariant(one->right) : QVariant();
    case SureRole:
      return one && !one->probabilities.empty()
                 ? QVariant(*std::max_element(one->probabilities.begin(), one->probabilities.end()))
                 : QVariant();
    default: return {};
  }
}

QVariant SampleModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  const bool right = section == Number || section == differenceColumn();
  if (role == Qt::TextAlignmentRole) return QVariant((right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case Number: return isText() ? tr("byte") : isImages() && edge_ == 0 ? tr("image") : tr("row");
    case Sample: return isText() ? tr("goes on from") : isImages() ? QString() : tr("values");
    case Truth: return isText() ? tr("how it goes on") : tr("true");
    default: break;
  }
  return section == differenceColumn() ? tr("difference") : letters_.value(section - FirstAnswer);
}

QByteArray SampleModel::toCsv() const {
  if (!comparison_) return {};
  QStringList head{QStringLiteral("number"), QStringLiteral("difference"), QStringLiteral("sample"),
                   QStringLiteral("true")};
  for (const auto& letter : letters_)
    head << letter << letter + QStringLiteral(" probability") << letter + QStringLiteral(" loss");
  auto csv = csvLine(head);
  for (const auto& sample : comparison_->samples) {
    QStringList cells{QString::number(sample.number), text(core::roundTrip(sample.difference)),
                      isText() ? text(sample.prompt) : joined(sample.row),
                      isText() ? text(sample.truth.front()) : joined(sample.truth)};
    for (const auto& one : sample.answers) {
      const auto sure = std::max_element(one.probabilities.begin(), one.probabilities.end());
      cells << (isText() && !one.outputs.empty() ? text(one.outputs.front()) : joined(one.outputs))
            << (sure == one.probabilities.end() ? QString() : text(core::roundTrip(*sure)))
            << (one.loss ? text(core::roundTrip(*one.loss)) : QString());
    }
    csv += csvLine(cells);
  }
  return csv;
}

}  // namespace cairn::ui
