#include "ui/dialogs/path_line.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>

#include "ui/theme.h"

namespace cairn::ui {

namespace {
constexpr int kTypedMs = 300;
constexpr auto kFolderKey = "files/folder";
}  // namespace

QString lastFolder() { return QSettings().value(QLatin1String(kFolderKey)).toString(); }
void rememberFolder(const QString& path) {
  QSettings().setValue(QLatin1String(kFolderKey), QFileInfo(path).absolutePath());
}

PathLine::PathLine(For purpose, const QString& name, const QString& caption, const QString& filter, QWidget* parent)
    : QWidget(parent), purpose_(purpose), caption_(caption), filter_(filter), line_(new QLineEdit) {
  line_->setObjectName(name);
  line_->setAccessibleName(caption);
  line_->setClearButtonEnabled(true);
  setFocusProxy(line_);
  auto* button = new QPushButton(tr("Browse…"));
  button->setObjectName(name + QStringLiteral("Browse"));
  button->setAutoDefault(false);
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(Theme::kSpacing);
  layout->addWidget(line_, 1);
  layout->addWidget(button);
  typed_.setSingleShot(true);
  typed_.setInterval(kTypedMs);
  connect(line_, &QLineEdit::textEdited, this, [this] { typed_.start(); });
  connect(line_, &QLineEdit::editingFinished, this, &PathLine::tell);
  connect(&typed_, &QTimer::timeout, this, &PathLine::tell);
  connect(button, &QPushButton::clicked, this, &PathLine::browse);
}

QString PathLine::path() const {
  auto path = line_->text().trimmed();
  if (path.startsWith(QLatin1String("~/"))) path.replace(0, 1, QDir::homePath());
  return path.isEmpty() ? path : QDir::cleanPath(QDir::current().absoluteFilePath(path));
}

void PathLine::setPath(const QString& path) {
  line_->setText(path);
  tell();
}

void PathLine::tell() {
  typed_.stop();
  const auto now = path();
  if (now == told_) return;
  told_ = now;
  Q_EMIT changed();
}

void PathLine::browse() {
  const QFileInfo there(path());
  const auto folder = path().isEmpty() ? lastFolder() : there.absolutePath();
  auto* dialog = new QFileDialog(this, caption_, folder, filter_);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  if (purpose_ == For::Saving) {
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setOption(QFileDialog::DontConfirmOverwrite);  // who writes asks, also about a path that was typed
    if (!path().isEmpty()) dialog->selectFile(there.fileName());
  } else {
    dialog->setFileMode(QFileDialog::ExistingFile);
  }
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& chosen) {
    rememberFolder(chosen);
    setPath(chosen);
  });
  dialog->open();
}

}  // namespace cairn::ui
