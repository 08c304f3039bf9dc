#include "ui/dialogs/spec_editor.h"

#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QListWidget>
#include <QStackedWidget>
#include <algorithm>

#include "ui/dialogs/error_words.h"
#include "ui/dialogs/json_text.h"
#include "ui/dialogs/spec_pages.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr int kSectionsWidth = 132;
constexpr int kSectionHeight = 32;

bool isPath(const std::string& key) {
  return key.starts_with("data.") && (key.ends_with("path") || key.ends_with("images") || key.ends_with("labels"));
}

/// "optimizer" for "optimizer.betas.0" and the like: the nearest field that there is.
FormField* nearestField(const SpecEditor& editor, std::string key) {
  while (!key.empty()) {
    if (auto* field = editor.field(key)) return field;
    const auto cut = key.find_last_of(".[");
    if (cut == std::string::npos) break;
    key.resize(cut);
  }
  return nullptr;
}

}  // namespace

SpecEditor::SpecEditor(QWidget* parent) : QWidget(parent), sections_(new QListWidget), stack_(new QStackedWidget) {
  pages_ = {makeDataPage(), makeModelPage(), makeTrainingPage(), makeCheckpointPage()};
  for (auto* page : pages_) {
    sections_->addItem(page->title());
    sections_->item(sections_->count() - 1)->setSizeHint({0, kSectionHeight});
    stack_->addWidget(page);
    connect(page, &SpecPage::edited, this, &SpecEditor::refresh);
  }
  sections_->setFixedWidth(kSectionsWidth);
  sections_->setObjectName(QStringLiteral("sections"));
  sections_->setAccessibleName(QStringLiteral("Sections"));
  sections_->setProperty("role", "sections");
  sections_->setFrameShape(QFrame::NoFrame);
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(Theme::kSpacing);
  layout->addWidget(sections_);
  layout->addWidget(stack_, 1);
  connect(sections_, &QListWidget::currentRowChanged, this, [this](int row) {
    stack_->setCurrentIndex(row);
    Q_EMIT pageChanged();
  });
  sections_->setCurrentRow(Data);
  refresh();
}

void SpecEditor::setSpec(const core::RunSpec& spec) {
  loading_ = true;
  const auto json = withFormKeys(nlohmann::json::parse(core::toJson(spec).dump()));
  for (auto* page : pages_) page->load(json);
  loading_ = false;
  dataError_.reset();
  refresh();
}

void SpecEditor::setName(const QString& name) {
  name_ = name.trimmed();
  refresh();
}

FormField* SpecEditor::field(const std::string& key) const {
  for (auto* page : pages_)
    if (auto* field = page->field(key)) return field;
  return nullptr;
}

void SpecEditor::fill(const std::string& key, const nlohmann::json& value) {
  auto* filled = field(key);
  if (!filled) return;
  filled->setValue(value);
  refresh();
}

SpecEditor::Page SpecEditor::currentPage() const { return static_cast<Page>(stack_->currentIndex()); }
void SpecEditor::showPage(Page page) { sections_->setCurrentRow(page); }

void SpecEditor::showField(FormField* field) {
  for (std::size_t i = 0; i < pages_.size(); ++i) {
    if (pages_[i]->isAncestorOf(field)) showPage(static_cast<Page>(i));
  }
  field->editor()->setFocus(Qt::OtherFocusReason);
}

void SpecEditor::setDataError(const std::optional<Error>& error) {
  dataError_ = error;
  findMissingFile();
  showErrors();
}

const std::optional<Error>& SpecEditor::error() const {
  if (fileError_) return fileError_;
  return specError_ ? specError_ : dataError_;
}

QString SpecEditor::problem() const {
  if (!error()) return {};
  const auto* field = problemField();
  const auto subject = field ? field->title() : QString::fromStdString(error()->subject());
  if (field && plainText(field->value()).isEmpty()) return field->title() + QStringLiteral(": not chosen yet");
  // A reader's sentence is long, and stands at the field and where the data would be shown.
  auto text = field && &error() == &dataError_ ? QStringLiteral("see what is wrong with it") : sentenceOf(*error());
  if (!text.isEmpty()) text[0] = text[0].toLower();
  return subject + QStringLiteral(": ") + text;
}

FormField* SpecEditor::problemField() const {
  if (!error()) return nullptr;
  return &error() == &dataError_ ? dataErrorField() : nearestField(*this, error()->subject());
}

/// The reader names a key, or else the file that it could not read.
FormField* SpecEditor::dataErrorField() const {
  if (auto* named = nearestField(*this, dataError_->subject())) return named;
  for (auto* candidate : pages_[Data]->fields()) {
    if (candidate->isHidden() || !isPath(candidate->key()) || !candidate->value().is_string()) continue;
    const auto path = candidate->value().get<std::string>();
    if (!path.empty() && dataError_->subject().find(path) != std::string::npos) return candidate;
  }
  auto* path = field("data.path");
  return path ? path : field("data.images");
}

// Which fields apply depends on the values before them, so one pass from the top settles all of them.
void SpecEditor::refresh() {
  if (loading_) return;
  nlohmann::json json = nlohmann::json::object();
  for (auto* page : pages_) page->store(json);
  json = withoutFormKeys(std::move(json));
  if (!name_.isEmpty()) json["name"] = name_.toStdString();
  if (json.value("data", nlohmann::json()) != json_.value("data", nlohmann::json())) dataError_.reset();
  json_ = std::move(json);
  check();
  findMissingFile();
  showErrors();
  Q_EMIT changed();
}

void SpecEditor::check() {
  specError_.reset();
  spec_.reset();
  try {
    spec_ = core::parseRunSpec(json_, QDir::currentPath().toStdString());
  } catch (const Error& error) {
    specError_ = error;
  }
}

// The reader says so only once all other settings are valid; which file it is, the person knows at once.
void SpecEditor::findMissingFile() {
  fileError_.reset();
  for (const auto* field : pages_[Data]->fields()) {
    if (field->isHidden() || !isPath(field->key())) continue;
    const auto path = plainText(field->value());
    if (path.isEmpty() || QFileInfo::exists(path)) continue;
    fileError_ = Error(field->key(), "there is no such file");
    return;
  }
}

// A field that nobody has filled in yet is no mistake: it is only said below why the run cannot start.
void SpecEditor::showErrors() {
  const auto* wrong = problemField();
  for (auto* page : pages_) {
    for (auto* field : page->fields()) {
      const bool untouched = !field->touched() && plainText(field->value()).isEmpty();
      const QString text = field == wrong && !untouched ? sentenceOf(*error()) : QString();
      if (field->error() != text) field->setError(text);
    }
  }
  for (std::size_t i = 0; i < pages_.size(); ++i) {
    const auto& theme = Theme::instance();
    sections_->item(static_cast<int>(i))->setIcon(
        pages_[i]->hasError() ? theme.icon(QStringLiteral("error"), theme.colors().bad) : QIcon());
  }
}

}  // namespace cairn::ui
