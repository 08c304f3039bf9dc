#include "ui/dialogs/form_field.h"

#include <QAbstractButton>
#include <QGridLayout>
#include <QStyle>

#include "ui/labels.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr int kDotWidth = 10;
constexpr int kLabelWidth = 118;

}  // namespace

FormField::FormField(std::string key, const QString& label, QWidget* editor, Access access)
    : key_(std::move(key)), editor_(editor), access_(std::move(access)), dot_(new QLabel(this)),
      label_(new QLabel(label, this)), line_(new QLabel(this)) {
  auto* grid = new QGridLayout(this);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setHorizontalSpacing(Theme::kSpacing / 2);
  grid->setVerticalSpacing(2);
  dot_->setFixedWidth(kDotWidth);
  label_->setFixedWidth(kLabelWidth);
  label_->setBuddy(editor_->focusProxy() ? editor_->focusProxy() : editor_);
  line_->setWordWrap(true);
  line_->setTextFormat(Qt::PlainText);  // it may tell of a file's contents
  line_->hide();
  grid->addWidget(dot_, 0, 0);
  grid->addWidget(label_, 0, 1);
  grid->addWidget(editor_, 0, 2);
  grid->addWidget(line_, 1, 2);
  grid->setColumnStretch(2, 1);
  setObjectName(QString::fromStdString(key_));
  editor_->setObjectName(QString::fromStdString(key_ + ".editor"));
  editor_->setAccessibleName(title());
}

FormField* FormField::help(const QString& text) {
  label_->setToolTip(text);
  editor_->setToolTip(text);
  editor_->setAccessibleDescription(text);
  return this;
}

FormField* FormField::when(Condition condition) {
  condition_ = std::move(condition);
  return this;
}

QString FormField::title() const {
  const auto* button = qobject_cast<const QAbstractButton*>(editor_);
  return (label_->text().isEmpty() && button ? button->text() : label_->text()).remove(QLatin1Char('&'));
}

void FormField::setValue(const nlohmann::json& value) {
  loading_ = true;
  access_.write(value);
  loading_ = false;
}

void FormField::markEdited() {
  if (loading_) return;
  touched_ = true;
  Q_EMIT edited();
}

void FormField::setError(const QString& error) {
  error_ = error;
  editor_->setProperty("invalid", !error.isEmpty());
  editor_->style()->unpolish(editor_);
  editor_->style()->polish(editor_);
  showLine();
}

void FormField::setWarning(const QString& text) {
  warning_ = text;
  showLine();
}

void FormField::setFormer(const QString& former) {
  former_ = former;
  auto font = label_->font();
  font.setBold(isMarked());
  label_->setFont(font);
  dot_->setPixmap({});
  if (isMarked()) dot_->setPixmap(Theme::instance().icon(QStringLiteral("edit"), Theme::instance().colors().accent).pixmap(kDotWidth));
  showLine();
}

void FormField::lock(const QString& reason) {
  lockReason_ = reason;
  editor_->setEnabled(reason.isEmpty());
  editor_->setToolTip(reason);
  showLine();
}

void FormField::showLine() {
  QStringList parts;
  if (!former_.isEmpty()) parts << QStringLiteral("was ") + former_;
  if (!lockReason_.isEmpty()) parts << lockReason_;
  if (!warning_.isEmpty()) parts << warning_;
  setRole(*line_, error_.isEmpty() ? "muted" : "error");
  line_->setText(error_.isEmpty() ? parts.join(QStringLiteral(" · ")) : error_);
  line_->setVisible(!line_->text().isEmpty());
}

}  // namespace cairn::ui
