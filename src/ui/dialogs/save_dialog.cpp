#include "ui/dialogs/save_dialog.h"

#include <QButtonGroup>
#include <QDir>
#include <QFileInfo>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QRadioButton>
#include <QRegularExpression>
#include <QVBoxLayout>
#include <algorithm>

#include "core/error.h"
#include "ui/dialogs/busy_line.h"
#include "ui/dialogs/dialog_footer.h"
#include "ui/dialogs/path_line.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {
constexpr int kWidth = 640;
constexpr int kMargin = 2 * Theme::kSpacing;
}  // namespace

QString fileNameOf(QString words) {
  words.replace(QRegularExpression(QStringLiteral("[^\\w.-]+")), QStringLiteral("-"));
  return words;
}

bool SaveFormat::names(const QString& path) const {
  return path.endsWith(QLatin1String(ending), Qt::CaseInsensitive) ||
         (also[0] && path.endsWith(QLatin1String(also), Qt::CaseInsensitive));
}

SaveDialog::SaveDialog(const QString& title, std::vector<SaveFormat> formats, const QString& name, QWidget* parent)
    : QDialog(parent),
      formats_(std::move(formats)),
      buttons_(new QButtonGroup(this)),
      middle_(new QVBoxLayout),
      file_(new PathLine(PathLine::For::Saving, QStringLiteral("saveFile"), tr("Write to"), {})),
      problem_(new QLabel),
      save_(new QPushButton(tr("&Export"))),
      form_(new QWidget) {
  setWindowTitle(title);
  setMinimumWidth(kWidth);
  problem_->setObjectName(QStringLiteral("saveProblem"));
  problem_->setProperty("role", "error");
  problem_->setWordWrap(true);
  problem_->setTextFormat(Qt::PlainText);
  problem_->hide();
  middle_->setSpacing(kMargin);
  auto* form = new QVBoxLayout(form_);
  form->setContentsMargins(0, 0, 0, 0);
  form->setSpacing(kMargin);
  form->addWidget(makeFormats());
  form->addLayout(middle_);
  form->addWidget(makePlace());
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
  layout->setSpacing(kMargin);
  layout->addWidget(form_);
  layout->addWidget(problem_);
  layout->addStretch();
  layout->addWidget(makeFooter());
  choose(0);
  const auto folder = lastFolder().isEmpty() ? QDir::homePath() : lastFolder();
  file_->setPath(withEnding(QDir(folder).filePath(name)));
  connect(buttons_, &QButtonGroup::idClicked, this, &SaveDialog::formatClicked);
  connect(file_, &PathLine::changed, this, &SaveDialog::pathChanged);
  connect(&task_, &LatestTask::failed, this, [this](const Error& error) { say(text(error.what())); });
  connect(&task_, &LatestTask::finished, this, [this] { setBusy(false); });
}

QWidget* SaveDialog::makeFormats() {
  auto* box = new QWidget;
  auto* grid = new QGridLayout(box);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setHorizontalSpacing(kMargin);
  grid->setVerticalSpacing(Theme::kSpacing);
  grid->setColumnStretch(1, 1);
  int row = 0;
  for (const auto& format : formats_) {
    auto* button = new QRadioButton(format.title);
    button->setObjectName(QString::fromLatin1(format.name));
    button->setAccessibleDescription(format.use);
    auto* use = new QLabel(format.use);
    use->setProperty("role", "muted");
    buttons_->addButton(button, row);
    grid->addWidget(button, row, 0);
    grid->addWidget(use, row, 1);
    ++row;
  }
  return box;
}

QWidget* SaveDialog::makePlace() {
  auto* label = new QLabel(tr("&File"));
  label->setBuddy(file_);
  auto* box = new QWidget;
  auto* row = new QHBoxLayout(box);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(kMargin);
  row->addWidget(label);
  row->addWidget(file_, 1);
  return box;
}

QWidget* SaveDialog::makeFooter() {
  makePrimary(*save_, QStringLiteral("saveNow"));
  connect(save_, &QPushButton::clicked, this, &SaveDialog::askAndWrite);
  return dialogFooter(new BusyLine(task_), {rejectButton(*this, tr("Close")), save_});
}

std::size_t SaveDialog::format() const { return static_cast<std::size_t>(std::max(0, buttons_->checkedId())); }

void SaveDialog::choose(std::size_t format) {
  buttons_->button(static_cast<int>(format))->setChecked(true);
  auto title = formats_[format].title;
  file_->setFilter(
      QStringLiteral("%1 (*%2)").arg(title.remove(QLatin1Char('&')), QString::fromLatin1(formats_[format].ending)));
}

void SaveDialog::formatClicked() {
  choose(format());
  if (!file_->path().isEmpty()) file_->setPath(withEnding(file_->path()));
  formatChanged();
}

// Another format's ending is the choice of that format.
void SaveDialog::pathChanged() {
  problem_->hide();
  if (formats_[format()].names(file_->path())) return;
  const auto found = std::find_if(formats_.begin(), formats_.end(),
                                  [this](const SaveFormat& one) { return one.names(file_->path()); });
  if (found == formats_.end()) return;
  choose(static_cast<std::size_t>(found - formats_.begin()));
  formatChanged();
}

/// In place of whatever format's ending it has.
QString SaveDialog::withEnding(const QString& path) const {
  const QFileInfo info(path);
  auto name = info.fileName();
  for (const auto& one : formats_)
    for (const auto ending : {QLatin1String(one.ending), QLatin1String(one.also)})
      if (!ending.isEmpty() && name.endsWith(ending, Qt::CaseInsensitive)) name.chop(ending.size());
  return QDir(info.absolutePath()).filePath(name + QString::fromLatin1(formats_[format()].ending));
}

std::filesystem::path SaveDialog::target() {
  file_->commit();
  if (file_->path().isEmpty()) throw Error(tr("No file").toStdString(), "none is named", "say where to write to");
  const bool known =
      std::any_of(formats_.begin(), formats_.end(), [this](const SaveFormat& one) { return one.names(file_->path()); });
  if (!known) file_->setPath(withEnding(file_->path()));
  return file_->path().toStdString();
}

void SaveDialog::askAndWrite() {
  problem_->hide();
  try {
    const auto files = filesOf(target());
    QStringList there;
    for (const auto& file : files) {
      const QFileInfo info(text(file.string()));
      if (info.isDir()) throw Error(file.string(), "is a folder", "name a file in it");
      if (info.exists()) there << info.fileName();
    }
    there.isEmpty() ? write(files) : askToReplace(files, there);
  } catch (const Error& error) {
    say(text(error.what()));
  }
}

void SaveDialog::askToReplace(const Files& all, const QStringList& there) {
  auto* box =
      new QMessageBox(QMessageBox::Warning, windowTitle(),
                      tr("%1 is there already. Replace it?").arg(there.join(tr(" and "))), QMessageBox::NoButton, this);
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->setTextFormat(Qt::PlainText);
  auto* replace = box->addButton(tr("&Replace"), QMessageBox::AcceptRole);
  replace->setObjectName(QStringLiteral("replace"));
  auto* keep = box->addButton(QMessageBox::Cancel);
  box->setDefaultButton(keep);
  box->setEscapeButton(keep);
  connect(replace, &QPushButton::clicked, this, [this, all] { write(all); });
  box->open();
}

void SaveDialog::write(const Files& files) {
  QStringList names;
  for (const auto& file : files) names << text(file.string());
  try {
    auto write = writeTo(files.front());
    setBusy(true);
    task_.run([this, names, write = std::move(write)](const core::Progress& progress) -> std::function<void()> {
      write(progress);
      return [this, names] {
        rememberFolder(names.front());
        accept();
        Q_EMIT written(names);
      };
    });
  } catch (const Error& error) {
    say(text(error.what()));
  }
}

void SaveDialog::setBusy(bool busy) {
  form_->setEnabled(!busy);
  save_->setEnabled(!busy);
}

void SaveDialog::say(const QString& problem) {
  problem_->setText(problem);
  problem_->show();
}

}  // namespace cairn::ui
