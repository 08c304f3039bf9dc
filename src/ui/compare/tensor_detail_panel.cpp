#include "ui/compare/tensor_detail_panel.h"

#include <QLabel>
#include <QVBoxLayout>

#include "ui/compare/channel_bars.h"
#include "ui/compare/histogram_view.h"
#include "ui/compare/tensor_model.h"
#include "ui/panels/fact_table.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

QLabel* heading(const QString& words = {}) {
  auto* label = new QLabel(words);
  label->setProperty("role", QStringLiteral("heading"));
  label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
  label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  return label;
}

QString pair(const QString& a, const QString& b) { return QStringLiteral("%1, %2").arg(a, b); }

QList<Fact> factsOf(const core::TensorRow& row, const core::TensorDetail& detail, const ComparedItems& items,
                    std::size_t other) {
  const auto& distance = row.distances[other - 1];
  const auto &a = row.stats.front(), &b = row.stats[other];
  const auto& letter = items[other].letter;
  const auto of = [&](const QString& what) { return TensorDetailPanel::tr("%1 A, %2").arg(what, letter); };
  QList<Fact> facts;
  facts.append({TensorDetailPanel::tr("largest change"),
                distance.identical
                    ? TensorDetailPanel::tr("identical, bit for bit")
                    : QStringLiteral("%1   %2 → %3")
                          .arg(indexText(distance.maxIndex), number(distance.atA), number(distance.atOther)),
                {}});
  facts.append({of(TensorDetailPanel::tr("mean")), pair(number(a.mean), number(b.mean)), {}});
  facts.append({of(TensorDetailPanel::tr("standard deviation")), pair(number(a.deviation), number(b.deviation)), {}});
  facts.append({of(TensorDetailPanel::tr("range")),
                pair(QStringLiteral("%1 … %2").arg(number(a.min), number(a.max)),
                     QStringLiteral("%1 … %2").arg(number(b.min), number(b.max))),
                {}});
  if (a.notFinite + b.notFinite > 0) {
    facts.append({of(TensorDetailPanel::tr("NaN or infinite")), pair(count(a.notFinite), count(b.notFinite)), {}});
  }
  if (detail.meanStep.size() > other && (detail.meanStep.front() || detail.meanStep[other])) {
    facts.append({TensorDetailPanel::tr("optimizer: mean step size at A, %1").arg(letter),
                  pair(shortNumber(detail.meanStep.front()), shortNumber(detail.meanStep[other])),
                  TensorDetailPanel::tr("The mean change that the optimizer would make to a value in a step")});
  }
  return facts;
}

}  // namespace

TensorDetailPanel::TensorDetailPanel(QWidget* parent)
    : QWidget(parent),
      heading_(heading()),
      histogram_(new HistogramView),
      channelHeading_(heading(tr("CHANGE BY OUTPUT CHANNEL"))),
      channels_(new ChannelBars),
      facts_(new FactTable) {
  heading_->setObjectName(QStringLiteral("tensorHeading"));
  histogram_->setObjectName(QStringLiteral("tensorHistogram"));
  channels_->setObjectName(QStringLiteral("tensorChannels"));
  facts_->setObjectName(QStringLiteral("tensorFacts"));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(Theme::kSpacing);
  column->addWidget(heading_);
  column->addWidget(histogram_, 3);
  column->addWidget(channelHeading_);
  column->addWidget(channels_, 1);
  column->addWidget(facts_);
}

void TensorDetailPanel::show(const core::TensorRow& row, const core::TensorDetail& detail, const ComparedItems& items,
                             std::size_t other) {
  const auto words = tr("%1 · %2 VALUES").arg(text(row.name).toUpper(), count(row.values));
  heading_->setText(words);
  heading_->setToolTip(text(row.name));
  std::vector<Histogram> both;
  for (const std::size_t i : {std::size_t{0}, other})
    both.push_back({items[i].letter, items[i].color, detail.counts[i]});
  histogram_->set(detail.low, detail.high, std::move(both));
  const bool channels = detail.byChannel.size() >= other && detail.byChannel[other - 1].size() > 1;
  channelHeading_->setVisible(channels);
  channels_->setVisible(channels);
  if (channels) {
    const auto& at = row.distances[other - 1].maxIndex;
    const bool moved = !at.empty() && !row.distances[other - 1].identical;
    channels_->set(detail.byChannel[other - 1],
                   moved ? std::optional(static_cast<std::size_t>(at.front())) : std::nullopt);
    channelHeading_->setText(row.shape.size() > 1 ? tr("CHANGE BY OUTPUT CHANNEL") : tr("CHANGE BY VALUE"));
  }
  histogram_->show();
  facts_->show();
  facts_->setFacts(factsOf(row, detail, items, other));
}

void TensorDetailPanel::showNothing(const QString& why) {
  heading_->setText(why);
  for (QWidget* part : {static_cast<QWidget*>(histogram_), static_cast<QWidget*>(channelHeading_),
                        static_cast<QWidget*>(channels_), static_cast<QWidget*>(facts_)}) {
    part->hide();
  }
}

}  // namespace cairn::ui
