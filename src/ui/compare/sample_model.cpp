#include "ui/compare/sample_model.h"

#include <QIcon>
#include <QImage>
#include <QPixmap>
#include <algorithm>

#include "core/text.h"
#include "ui/compare/csv_text.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr int kImageEdge = 44;

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

/// The same whether its row is selected or not: a tint would change the sample.
QIcon iconOf(const core::DifferingSample& sample) {
  const QImage grey(sample.pixels.data(), sample.width, sample.height, sample.width, QImage::Format_Grayscale8);
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
  endResetModel();
}

bool SampleModel::isText() const { return comparison_ && comparison_->data.format == "text"; }
bool SampleModel::isImages() const { return comparison_ && comparison_->data.format == "idx"; }

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
  if (index.column() == Sample) return sampleText(sample);
  if (index.column() == Truth) return shortened(sample.truth);
  if (index.column() == differenceColumn()) return QString::number(sample.difference, 'g', 3);
  const auto* one = answer(index);
  return one && !one->outputs.empty() ? shortened(one->outputs) : QStringLiteral("–");
}

QString SampleModel::toolTip(const core::DifferingSample& sample, const QModelIndex& index) const {
  if (index.column() == Sample && !sample.row.empty()) {
    QStringList lines;
    const auto& names = comparison_->data.features;
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

QVariant SampleModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || !comparison_) return {};
  const auto& sample = comparison_->samples[static_cast<std::size_t>(index.row())];
  const auto* one = answer(index);
  switch (role) {
    case Qt::DisplayRole: return shown(sample, index);
    case Qt::ToolTipRole: return toolTip(sample, index);
    case Qt::DecorationRole:
      return index.column() == Sample && sample.width > 0 ? QVariant(iconOf(sample)) : QVariant();
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
    case Number: return isText() ? tr("byte") : isImages() ? tr("image") : tr("row");
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
