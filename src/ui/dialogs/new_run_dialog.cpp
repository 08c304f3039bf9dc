#include "ui/dialogs/new_run_dialog.h"

#include <QComboBox>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "engine/face/engine.h"
#include "ui/app/examples.h"
#include "ui/dialogs/csv_header.h"
#include "ui/dialogs/dialog_footer.h"
#include "ui/dialogs/editors.h"
#include "ui/dialogs/idx_companions.h"
#include "ui/dialogs/json_text.h"
#include "ui/dialogs/run_preview.h"
#include "ui/dialogs/spec_editor.h"
#include "ui/dialogs/spec_pages.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr QSize kSize{1060, 700};
constexpr int kMargin = 2 * Theme::kSpacing;

QString nameOfFile(const nlohmann::json& spec) {
  const auto path = plainText(at(spec, is(spec, "data.format", "idx") ? "data.images" : "data.path"));
  return path.section(QLatin1Char('/'), -1).section(QLatin1Char('.'), 0, 0);
}

}  // namespace

NewRunDialog::NewRunDialog(const storage::Home& home, const core::RunSpec* initial, QWidget* parent)
    : QDialog(parent), home_(home), name_(new QLineEdit), startFrom_(new QComboBox), editor_(new SpecEditor),
      preview_(new RunPreview), problem_(new QLabel), start_(new QPushButton(QStringLiteral("&Start training"))) {
  setWindowTitle(QStringLiteral("New run"));
  resizeWithin(*this, kSize);
  auto* body = new QHBoxLayout;
  body->setSpacing(kMargin);
  body->addWidget(editor_, 3);
  body->addWidget(preview_, 2);
  preview_->setMinimumWidth(280);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
  layout->setSpacing(Theme::kSpacing);
  layout->addWidget(makeHeader());
  layout->addLayout(body, 1);
  layout->addWidget(makeFooter());

  connect(name_, &QLineEdit::textChanged, editor_, &SpecEditor::setName);
  connect(startFrom_, &QComboBox::activated, this, &NewRunDialog::startFrom);
  connect(editor_, &SpecEditor::changed, this, &NewRunDialog::update);
  connect(editor_, &SpecEditor::pageChanged, this,
          [this] { preview_->showModel(editor_->currentPage() != SpecEditor::Data); });
  connect(preview_, &RunPreview::dataRead, this, [this] {
    editor_->setDataError({});
    update();
  });
  connect(preview_, &RunPreview::dataFailed, this, [this](const Error& error) {
    editor_->setDataError(error);
    update();
  });
  if (initial) {
    name_->setText(QString::fromStdString(initial->name));
    editor_->setSpec(*initial);
  }
  update();
  offerDevices();
}

void NewRunDialog::setPurpose(const QString& title, const QString& verb) {
  setWindowTitle(title);
  start_->setText(verb);
}

core::RunSpec NewRunDialog::spec() const {
  if (!editor_->spec()) throw Error::invalid("spec", editor_->problem().toStdString());
  auto spec = *editor_->spec();
  if (name_->text().trimmed().isEmpty()) spec.name = name_->placeholderText().toStdString();
  return spec;
}

QWidget* NewRunDialog::makeHeader() {
  startFrom_->addItem(QStringLiteral("Start from an example..."));
  for (const auto& example : builtInExamples()) startFrom_->addItem(example.title, example.name);
  startFrom_->setObjectName(QStringLiteral("startFrom"));
  startFrom_->setAccessibleName(QStringLiteral("Start from an example"));
  name_->setObjectName(QStringLiteral("name"));
  auto* label = new QLabel(QStringLiteral("&Name"));
  label->setBuddy(name_);
  auto* header = new QWidget;
  auto* layout = new QHBoxLayout(header);
  layout->setContentsMargins(0, 0, 0, Theme::kSpacing);
  layout->setSpacing(Theme::kSpacing);
  layout->addWidget(label);
  layout->addWidget(name_, 1);
  layout->addWidget(startFrom_);
  return header;
}

QWidget* NewRunDialog::makeFooter() {
  makePrimary(*start_, QStringLiteral("start"));
  problem_->setWordWrap(true);
  problem_->setProperty("role", "muted");
  problem_->setObjectName(QStringLiteral("problem"));
  problem_->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
  connect(problem_, &QLabel::linkActivated, this, [this] {
    if (auto* field = editor_->problemField()) editor_->showField(field);
  });
  connect(start_, &QPushButton::clicked, this, &QDialog::accept);
  auto* footer = dialogFooter(problem_, {rejectButton(*this, QStringLiteral("Cancel")), start_});
  footer->setContentsMargins(0, Theme::kSpacing, 0, 0);
  return footer;
}

void NewRunDialog::startFrom(int example) {
  const auto name = startFrom_->itemData(example).toString();
  if (name.isEmpty()) return;
  try {
    const auto spec = readExample(name, home_);
    name_->setText(QString::fromStdString(spec.name));
    editor_->setSpec(spec);
  } catch (const Error& error) {
    problem_->setText(QString::fromUtf8(error.what()).toHtmlEscaped());
  }
}

void NewRunDialog::offerColumns() {
  const auto json = editor_->json();
  const auto path = is(json, "data.format", "csv") ? plainText(at(json, "data.path")) : QString();
  if (path == headerOf_) return;
  headerOf_ = path;
  auto* target = editor_->field("data.target");
  if (!target || path.isEmpty()) return;
  const auto columns = readCsvHeader(path);
  setComboItems(target, columns);
  guessTarget(columns);
}

// Tables usually end in what is to be predicted; so the data and the model are there to see as soon as a file is chosen.
void NewRunDialog::guessTarget(const QStringList& columns) {
  auto* target = qobject_cast<QComboBox*>(editor_->field("data.target")->editor());
  if (!target || columns.isEmpty()) return;
  const auto chosen = target->currentText();
  if (!chosen.isEmpty() && chosen != guessedTarget_) return;
  guessedTarget_ = columns.last();
  target->setCurrentText(guessedTarget_);
}

// MNIST comes as four files in one folder: whoever chose the first has chosen all.
void NewRunDialog::findCompanions() {
  const auto images = plainText(at(editor_->json(), "data.images"));
  if (images == companionsOf_) return;
  companionsOf_ = images;
  const auto kin = idxCompanions(images);
  const auto missing = [this](const char* key) { return !QFileInfo(plainText(at(editor_->json(), key))).isFile(); };
  if (!kin.labels.isEmpty() && missing("data.labels")) editor_->fill("data.labels", kin.labels.toStdString());
  if (kin.validationImages.isEmpty() || !missing("data.validation_images")) return;
  editor_->fill(formkeys::kValidation, "files");
  editor_->fill("data.validation_images", kin.validationImages.toStdString());
  editor_->fill("data.validation_labels", kin.validationLabels.toStdString());
}

void NewRunDialog::offerDevices() {
  devicesTask_.run([this](const core::Progress&) {
    QStringList names{"auto"};
    for (const auto& device : engine::engine().devices()) names << QString::fromStdString(device.name);
    return [this, names] {
      if (auto* device = editor_->field("training.device")) setComboItems(device, names);
    };
  });
}

void NewRunDialog::update() {
  offerColumns();
  findCompanions();
  preview_->setSpec(editor_->spec(), at(editor_->json(), "data").dump());
  const auto fromFile = nameOfFile(editor_->json());
  name_->setPlaceholderText(fromFile.isEmpty() ? QStringLiteral("run") : fromFile);
  const auto problem = editor_->problem();
  start_->setEnabled(problem.isEmpty());
  start_->setToolTip(problem);
  const auto link = QStringLiteral("<a href='#' style='color:%1'>%2</a>")
                        .arg(Theme::instance().colors().text.name(), problem.toHtmlEscaped());
  problem_->setText(problem.isEmpty() ? QString() : QStringLiteral("Cannot start yet. ") + link);
}

}  // namespace cairn::ui
