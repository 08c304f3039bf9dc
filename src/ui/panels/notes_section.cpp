#include "ui/panels/notes_section.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QTimer>
#include <QVBoxLayout>

#include "ui/panels/tag_bar.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {
constexpr int kSaveDelay = 600;  // milliseconds after the last key
}

NotesSection::NotesSection(CatalogClient& client, QWidget* parent)
    : QWidget(parent), client_(client), heading_(new QLabel), note_(new QPlainTextEdit), tags_(new TagBar),
      saveTimer_(new QTimer(this)) {
  heading_->setProperty("role", QStringLiteral("heading"));
  note_->setPlaceholderText(tr("What is worth remembering?"));
  note_->setObjectName(QStringLiteral("note"));
  note_->setAccessibleName(tr("Note"));
  note_->setTabChangesFocus(true);
  note_->setFixedHeight(note_->fontMetrics().lineSpacing() * 3 + 16);
  saveTimer_->setSingleShot(true);
  saveTimer_->setInterval(kSaveDelay);

  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(Theme::kSpacing);
  layout->addWidget(heading_);
  layout->addWidget(note_);
  layout->addWidget(tags_);
  connect(note_, &QPlainTextEdit::textChanged, this, [this] {
    if (!showing_) saveTimer_->start();
  });
  connect(saveTimer_, &QTimer::timeout, this, &NotesSection::save);
  connect(tags_, &TagBar::tagsEdited, this, &NotesSection::saveTags);
}

NotesSection::~NotesSection() {
  if (saveTimer_->isActive()) save();
}

void NotesSection::show(const std::string& run, const std::string& checkpoint, const std::string& note,
                        const std::vector<std::string>& tags, bool readOnly) {
  const bool other = run != run_ || checkpoint != checkpoint_;
  if (other && saveTimer_->isActive()) save();
  run_ = run;
  checkpoint_ = checkpoint;
  heading_->setText(checkpoint.empty() ? tr("NOTES ON THE RUN") : tr("NOTES ON THE CHECKPOINT"));
  note_->setReadOnly(readOnly);
  tags_->setTags(tags, readOnly);
  const bool typing = note_->hasFocus() || saveTimer_->isActive();
  if (!other && (typing || note_->toPlainText() == text(note))) return;
  showing_ = true;
  note_->setPlainText(text(note));
  showing_ = false;
}

void NotesSection::focusNote() { note_->setFocus(Qt::OtherFocusReason); }

void NotesSection::save() {
  saveTimer_->stop();
  const auto note = note_->toPlainText().toStdString();
  client_.command([run = run_, checkpoint = checkpoint_, note](storage::Catalog& catalog) {
    if (checkpoint.empty()) {
      catalog.setRunNote(run, note);
    } else {
      catalog.setCheckpointNote(checkpoint, note);
    }
  });
}

void NotesSection::saveTags(const std::vector<std::string>& tags) {
  client_.command([run = run_, checkpoint = checkpoint_, tags](storage::Catalog& catalog) {
    if (checkpoint.empty()) {
      catalog.setRunTags(run, tags);
    } else {
      catalog.setCheckpointTags(checkpoint, tags);
    }
  });
}

}  // namespace cairn::ui
