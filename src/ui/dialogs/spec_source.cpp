#include "ui/dialogs/spec_source.h"

#include <QComboBox>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "core/error.h"
#include "ui/app/examples.h"
#include "ui/dialogs/new_run_dialog.h"
#include "ui/dialogs/path_line.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

QString dataTitle(const core::DataSpec& data) {
  const auto path = std::visit(
      [](const auto& source) {
        if constexpr (requires { source.images; })
          return source.images;
        else
          return source.path;
      },
      data.source);
  return QFileInfo(text(path)).fileName();
}

QString limitTitle(const core::TrainingSpec& training) {
  if (training.epochs) return epochs(*training.epochs);
  return SpecSource::tr("%1 steps").arg(count(training.steps.value_or(0)));
}

}  // namespace

QString specTitle(const core::RunSpec& spec) {
  return QStringList{
      dataTitle(spec.data), modelTitle(spec.model),
      text(core::optimizerType(spec.optimizer)) + QStringLiteral(" lr ") + number(core::learningRate(spec.optimizer)),
      limitTitle(spec.training)}
      .join(QStringLiteral(", "));
}

SpecSource::SpecSource(const storage::Home& home, HomeSnapshotPtr snapshot, QWidget* parent)
    : QWidget(parent),
      home_(home),
      snapshot_(std::move(snapshot)),
      kinds_(new QComboBox),
      details_(new QStackedWidget),
      examples_(new QComboBox),
      runs_(new QComboBox),
      file_(new PathLine(PathLine::For::Opening, QStringLiteral("specFile"), tr("Choose a spec"),
                         tr("Specs (*.json);;All files (*)"))),
      edit_(new QPushButton(tr("&Edit…"))),
      line_(new QLabel) {
  fillKinds();
  fillExamples();
  fillRuns();
  for (auto* detail : std::initializer_list<QWidget*>{new QWidget, new QWidget, examples_, runs_, file_, new QWidget})
    details_->addWidget(detail);  // one a kind
  edit_->setObjectName(QStringLiteral("editSpec"));
  edit_->setAutoDefault(false);
  edit_->setToolTip(tr("Opens these settings in the form of a new run"));
  line_->setProperty("role", "muted");
  line_->setObjectName(QStringLiteral("specLine"));
  line_->setWordWrap(true);
  line_->setTextFormat(Qt::PlainText);
  auto* row = new QHBoxLayout;
  row->setSpacing(Theme::kSpacing);
  row->addWidget(kinds_);
  row->addWidget(details_, 1);
  row->addWidget(edit_);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(Theme::kSpacing / 2);
  layout->addLayout(row);
  layout->addWidget(line_);
  setFocusProxy(kinds_);
  connect(kinds_, &QComboBox::activated, this, [this] {
    chosen_ = true;
    choose(kind());
  });
  connect(examples_, &QComboBox::activated, this, &SpecSource::read);
  connect(runs_, &QComboBox::activated, this, &SpecSource::read);
  connect(file_, &PathLine::changed, this, &SpecSource::read);
  connect(edit_, &QPushButton::clicked, this, &SpecSource::edit);
  choose(Nothing);
}

void SpecSource::fillKinds() {
  kinds_->setObjectName(QStringLiteral("specKind"));
  kinds_->setAccessibleName(tr("Where the settings come from"));
  kinds_->addItem(tr("Choose…"), Nothing);
  kinds_->addItem(tr("An example"), Example);
  if (!snapshot_->runs.empty()) kinds_->addItem(tr("A run"), Run);
  kinds_->addItem(tr("A spec file"), SpecFile);
  kinds_->addItem(tr("New settings"), Form);
}

void SpecSource::fillExamples() {
  examples_->setObjectName(QStringLiteral("specExample"));
  examples_->setAccessibleName(tr("Example"));
  for (const auto& example : builtInExamples()) examples_->addItem(example.title, example.name);
}

void SpecSource::fillRuns() {
  runs_->setObjectName(QStringLiteral("specRun"));
  runs_->setAccessibleName(tr("Run"));
  runs_->setMinimumContentsLength(12);
  runs_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  for (auto run = snapshot_->runs.rbegin(); run != snapshot_->runs.rend(); ++run)  // the newest first
    runs_->addItem(text(run->name), text(run->id));
}

SpecSource::Kind SpecSource::kind() const { return static_cast<Kind>(kinds_->currentData().toInt()); }

void SpecSource::offerOwn(const std::optional<core::RunSpec>& own) {
  own_ = own;
  if (const int at = kinds_->findData(Own); at >= 0 && !own_) kinds_->removeItem(at);
  if (own_ && kinds_->findData(Own) < 0) kinds_->insertItem(1, tr("The file itself"), Own);
  if (!chosen_ || kind() == Own) choose(own_ ? Own : kind() == Own ? Nothing : kind());
}

void SpecSource::choose(Kind kind) {
  kinds_->setCurrentIndex(kinds_->findData(kind));
  details_->setCurrentIndex(kind);
  if (kind == Form && !form_) edit();
  read();
}

core::RunSpec SpecSource::readChosen() const {
  switch (kind()) {
    case Own: return *own_;
    case Example: return readExample(examples_->currentData().toString(), home_);
    case Run: return snapshot_->run(runs_->currentData().toString().toStdString())->spec;
    case SpecFile:
      if (!file_->path().isEmpty()) return core::readRunSpec(file_->path().toStdString());
      throw Error::invalid("spec", tr("no spec file is chosen yet").toStdString());
    case Form:
      if (form_) return *form_;
      throw Error::invalid("spec", tr("the form is not filled in yet").toStdString());
    case Nothing: break;
  }
  throw Error::invalid("spec", tr("say what the file is to go on training").toStdString());
}

void SpecSource::read() {
  spec_.reset();
  problem_.clear();
  try {
    spec_ = readChosen();
  } catch (const Error& error) {
    problem_ = text(error.subject() == "spec" ? error.why() : error.what());
    problem_[0] = problem_[0].toUpper();
  }
  edit_->setVisible(kind() != Nothing);
  line_->setText(spec_ ? specTitle(*spec_) : problem_ + QLatin1Char('.'));
  Q_EMIT changed();
}

void SpecSource::edit() {
  auto* dialog = new NewRunDialog(home_, spec_ ? &*spec_ : nullptr, this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setPurpose(tr("Settings to import with"), tr("&Use these settings"));
  connect(dialog, &QDialog::accepted, this, [this, dialog] {
    form_ = dialog->spec();
    chosen_ = true;
    choose(Form);
  });
  dialog->open();
}

}  // namespace cairn::ui
