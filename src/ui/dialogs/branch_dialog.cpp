#include "ui/dialogs/branch_dialog.h"

#include <QCheckBox>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/dialogs/carried_over.h"
#include "ui/dialogs/dialog_footer.h"
#include "ui/dialogs/json_text.h"
#include "ui/dialogs/settings_changes.h"
#include "ui/dialogs/spec_editor.h"
#include "ui/labels.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr QSize kSize{980, 680};
constexpr int kMargin = 2 * Theme::kSpacing;
constexpr int kSideWidth = 270;

// The checkpoint's weights have the shape that these gave them.
constexpr const char* kShapeKeys[] = {"model.type", "model.hidden", "model.channels", "model.batch_norm", "model.layers",
                                      "model.heads", "model.width", "data.format", "data.target", "data.task",
                                      "data.block_size"};
constexpr const char* kShapeReason = "Locked: the checkpoint's weights are tied to it.";

}  // namespace

BranchDialog::BranchDialog(const core::CheckpointRecord& checkpoint, const core::RunRecord& parent, QWidget* widgetParent)
    : QDialog(widgetParent), checkpoint_(checkpoint), parent_(parent), editor_(new SpecEditor), name_(new QLineEdit),
      changes_(new QLabel), carried_(new QLabel), problem_(new QLabel),
      reset_(new QCheckBox(QStringLiteral("Start the optimizer's state &afresh"))),
      start_(new QPushButton(QStringLiteral("&Start branch"))) {
  setWindowTitle(QStringLiteral("Branch from %1, step %2").arg(QString::fromStdString(parent.name), count(checkpoint.step)));
  resizeWithin(*this, kSize);
  name_->setObjectName(QStringLiteral("name"));
  auto* nameLabel = new QLabel(QStringLiteral("&Name"));
  nameLabel->setBuddy(name_);
  auto* header = new QHBoxLayout;
  header->setSpacing(Theme::kSpacing);
  header->addWidget(nameLabel);
  header->addWidget(name_, 1);
  auto* body = new QHBoxLayout;
  body->setSpacing(kMargin);
  body->addWidget(editor_, 3);
  body->addWidget(makeSide(), 2);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
  layout->setSpacing(kMargin);
  layout->addLayout(header);
  layout->addLayout(body, 1);
  layout->addWidget(makeFooter());

  editor_->setSpec(parent_.spec);
  editor_->setName(QString::fromStdString(parent_.spec.name));
  editor_->showPage(SpecEditor::Training);
  lockShape();
  connect(editor_, &SpecEditor::changed, this, &BranchDialog::update);
  connect(reset_, &QCheckBox::clicked, this, [this](bool wanted) {
    resetWanted_ = wanted;
    update();
  });
  update();
}

training::BranchOptions BranchDialog::options() const {
  if (!editor_->spec()) throw Error::invalid("spec", editor_->problem().toStdString());
  training::BranchOptions options;
  const auto name = name_->text().trimmed();
  options.name = (name.isEmpty() ? name_->placeholderText() : name).toStdString();
  options.spec = *editor_->spec();
  options.spec->name = options.name;
  options.resetOptimizer = reset_->isChecked();
  return options;
}

QWidget* BranchDialog::makeSide() {
  changes_->setObjectName(QStringLiteral("changes"));
  carried_->setObjectName(QStringLiteral("carried"));
  carried_->setTextFormat(Qt::RichText);
  changes_->setTextFormat(Qt::RichText);
  reset_->setObjectName(QStringLiteral("resetOptimizer"));
  reset_->setToolTip(QStringLiteral("Moments and step counts start afresh; the weights stay."));
  auto* side = new QWidget;
  auto* layout = new QVBoxLayout(side);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(Theme::kSpacing);
  const auto addCard = [&](const QString& title, QLabel* text) {
    text->setWordWrap(true);
    auto* card = new QFrame;
    card->setProperty("card", true);
    auto* inCard = new QVBoxLayout(card);
    inCard->addWidget(text);
    layout->addWidget(roleLabel("heading", title));
    layout->addWidget(card);
  };
  addCard(QStringLiteral("WHAT CHANGES"), changes_);
  addCard(tr("CARRIED OVER FROM STEP %1").arg(count(checkpoint_.step)), carried_);
  layout->addWidget(reset_);
  auto* untouched = new QLabel(
      tr("%1 itself is not touched: its curve and checkpoints stay as they are, and the branch's begin at step %2.")
          .arg(QString::fromStdString(parent_.name), count(checkpoint_.step)));
  untouched->setObjectName(QStringLiteral("untouched"));
  untouched->setProperty("role", QStringLiteral("muted"));
  untouched->setWordWrap(true);
  layout->addWidget(untouched);
  layout->addStretch(1);
  auto* scroll = new QScrollArea;  // a small window has no room for all that is carried over
  scroll->setWidget(side);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setMinimumWidth(kSideWidth);
  return scroll;
}

QWidget* BranchDialog::makeFooter() {
  makePrimary(*start_, QStringLiteral("start"));
  problem_->setWordWrap(true);
  problem_->setObjectName(QStringLiteral("problem"));
  connect(start_, &QPushButton::clicked, this, &QDialog::accept);
  connect(problem_, &QLabel::linkActivated, this, [this] {
    if (auto* field = problemField()) editor_->showField(field);
  });
  return dialogFooter(problem_, {rejectButton(*this, tr("Cancel")), start_});
}

void BranchDialog::lockShape() {
  for (const char* key : kShapeKeys)
    if (auto* field = editor_->field(key)) field->lock(QString::fromLatin1(kShapeReason));
}

bool BranchDialog::optimizerTypeChanged() const {
  return editor_->spec() && core::optimizerType(editor_->spec()->optimizer) != core::optimizerType(parent_.spec.optimizer);
}

void BranchDialog::update() {
  const bool forced = optimizerTypeChanged();
  reset_->setChecked(forced || resetWanted_);
  reset_->setEnabled(!forced);
  markFields();
  carried_->setText(carriedText());
  const auto problem = problemNow();
  start_->setEnabled(problem.isEmpty());
  const auto color = Theme::instance().colors().bad.name();
  problem_->setText(problem.isEmpty()
                        ? QString()
                        : QStringLiteral("<a href='#' style='color:%1'>%2</a>").arg(color, problem.toHtmlEscaped()));
  if (!editor_->spec()) return;
  const auto changes = settingChanges(parent_.spec, *editor_->spec());
  const auto suggested = branchNameOf(changes);
  name_->setPlaceholderText(suggested.isEmpty() ? QString::fromStdString(parent_.name) + QStringLiteral(" branch") : suggested);
  QStringList lines;
  for (const auto& change : changes) {
    lines << QStringLiteral("%1 <b>%2 → %3</b>").arg(QString::fromStdString(change.key).toHtmlEscaped(),
                                                     change.before.toHtmlEscaped(), change.after.toHtmlEscaped());
  }
  changes_->setText(lines.isEmpty() ? QStringLiteral("Nothing yet: the branch would take the same steps as its parent.")
                                    : lines.join(QStringLiteral("<br>")));
}

// The form's own JSON is compared, so that a mark also stands while a value is invalid.
void BranchDialog::markFields() {
  const auto before = nlohmann::json::parse(core::toJson(parent_.spec).dump());
  const auto now = editor_->json();
  for (auto* page : editor_->pages()) {
    for (auto* field : page->fields()) {
      if (field->isHidden() || field->key().starts_with('~')) continue;
      const auto old = at(before, field->key());
      const auto value = at(now, field->key());
      const auto former = old.is_null() ? QStringLiteral("none") : plainText(old);
      field->setFormer(value == old ? QString() : former.isEmpty() ? QStringLiteral("empty") : former);
      field->setWarning(field->isMarked() ? meaningOf(field->key(), parent_.spec) : QString());
    }
  }
}

// "kept" or "anew" before each: rich text has no icons of ours, so a table of words.
QString BranchDialog::carriedText() const {
  const auto& spec = editor_->spec() ? *editor_->spec() : parent_.spec;
  const auto& colors = Theme::instance().colors();
  QString rows;
  for (const auto& one : carriedOver(checkpoint_, parent_.spec, spec, reset_->isChecked())) {
    const auto color = (one.kept ? colors.good : colors.warning).name();
    const auto word = one.kept ? tr("kept") : tr("anew");
    const auto how = one.how.isEmpty() ? QString()
                                       : QStringLiteral("<br><span style='color:%1'>%2</span>")
                                             .arg(colors.mutedText.name(), one.how.toHtmlEscaped());
    rows += QStringLiteral("<tr><td style='color:%1; padding-right:8px'>%2</td><td>%3%4</td></tr>")
                .arg(color, word, one.what.toHtmlEscaped(), how);
  }
  return QStringLiteral("<table cellspacing='2'>%1</table>").arg(rows);
}

QString BranchDialog::problemNow() const {
  if (!editor_->problem().isEmpty() || !editor_->spec()) return editor_->problem();
  std::string key;
  return whyNothingToTrain(checkpoint_, *editor_->spec(), key);
}

FormField* BranchDialog::problemField() const {
  if (auto* field = editor_->problemField()) return field;
  std::string key;
  if (editor_->spec()) whyNothingToTrain(checkpoint_, *editor_->spec(), key);
  return key.empty() ? nullptr : editor_->field(key);
}

}  // namespace cairn::ui
