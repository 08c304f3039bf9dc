#include "ui/recovery/proof_badge.h"

#include <QGridLayout>
#include <QLabel>

#include "core/run_history.h"
#include "ui/recovery/proof_text.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {
constexpr int kIconSize = 16;
}

ProofBadge::ProofBadge(QWidget* parent)
    : QWidget(parent), icon_(new QLabel), headline_(new QLabel), detail_(new QLabel) {
  setObjectName(QStringLiteral("proofBadge"));
  headline_->setObjectName(QStringLiteral("proofHeadline"));
  detail_->setObjectName(QStringLiteral("proofDetail"));
  detail_->setProperty("role", QStringLiteral("muted"));
  for (auto* words : {headline_, detail_}) {
    words->setWordWrap(true);
    words->setTextFormat(Qt::PlainText);
    words->setTextInteractionFlags(Qt::TextSelectableByMouse);
  }
  auto* layout = new QGridLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setHorizontalSpacing(6);
  layout->setVerticalSpacing(2);
  layout->addWidget(icon_, 0, 0, Qt::AlignTop);
  layout->addWidget(headline_, 0, 1);
  layout->addWidget(detail_, 1, 1);
  layout->setColumnStretch(1, 1);
  connect(&Theme::instance(), &Theme::changed, this, &ProofBadge::dress);
  hide();
}

void ProofBadge::show(const HomeSnapshot& snapshot, const core::RunRecord& run) {
  setVisible(hasProof(run));
  if (!hasProof(run)) return;
  same_ = !core::differs(*run.resumeCheck);
  headline_->setText(proofHeadline(*run.resumeCheck));
  detail_->setText(proofDetail(*run.resumeCheck, changesSinceResume(snapshot, run.id)));
  detail_->setVisible(!same_);
  setToolTip(same_ ? tr("After its last resume it repeated steps that were on record, and got the same values, bit for bit.")
                   : tr("After its last resume it repeated steps that were on record, and did not get the same values."));
  dress();
}

void ProofBadge::dress() {
  const auto& theme = Theme::instance();
  const auto icon = same_ ? theme.icon(QStringLiteral("proof"), theme.colors().good)
                          : theme.icon(QStringLiteral("warning"), theme.colors().warning);
  icon_->setPixmap(icon.pixmap(kIconSize, kIconSize));
}

}  // namespace cairn::ui
