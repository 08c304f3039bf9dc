#include "ui/dialogs/inspect_dialog.h"

#include <QFileInfo>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeView>
#include <QVBoxLayout>

#include "ui/dialogs/busy_line.h"
#include "ui/dialogs/dialog_footer.h"
#include "ui/dialogs/inspection_model.h"
#include "ui/labels.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr QSize kSize{860, 620};
constexpr int kMargin = 2 * Theme::kSpacing;
constexpr int kFewRows = 400;     // of a tree that is opened whole
constexpr int kMostWarnings = 6;  // on top; the rest stand at their rows

QString summaryOf(const storage::Inspection& inspection) {
  return QStringLiteral("%1 file, %2: %3 tensors of %4 values, %5. Nothing in it was executed.")
      .arg(text(inspection.format), bytes(static_cast<std::int64_t>(inspection.fileBytes)),
           count(static_cast<std::int64_t>(inspection.tensors)), count(static_cast<std::int64_t>(inspection.values)),
           bytes(static_cast<std::int64_t>(inspection.tensorBytes)));
}

QString warningsOf(const storage::Inspection& inspection) {
  QStringList lines;
  for (const auto& warning : inspection.warnings) {
    if (lines.size() == kMostWarnings) break;
    auto line = text(warning);
    if (!line.isEmpty()) line[0] = line[0].toUpper();
    lines << QString(QStringLiteral("• ") + line + QLatin1Char('.'));
  }
  const auto more = static_cast<qsizetype>(inspection.warnings.size()) - lines.size();
  if (more > 0) lines << QStringLiteral("• and %1 more").arg(more);
  return lines.join(QLatin1Char('\n'));
}

int rowsBelow(const storage::InspectedNode& node) {
  int rows = static_cast<int>(node.children.size());
  for (const auto& child : node.children) {
    if (rows > kFewRows) break;
    rows += rowsBelow(child);
  }
  return rows;
}

}  // namespace

InspectDialog::InspectDialog(const QString& path, QWidget* parent)
    : QDialog(parent),
      path_(path),
      summary_(fileLabel("muted")),
      warnings_(fileLabel("error")),
      error_(fileLabel("error")),
      filter_(new QLineEdit),
      tree_(new QTreeView),
      import_(new QPushButton),
      model_(new InspectionModel(this)),
      shown_(new InspectionFilter(this)) {
  setWindowTitle(tr("Inspect %1").arg(QFileInfo(path).fileName()));
  resizeWithin(*this, kSize);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
  layout->setSpacing(Theme::kSpacing);
  summary_->setObjectName(QStringLiteral("summary"));
  warnings_->setObjectName(QStringLiteral("warnings"));
  error_->setObjectName(QStringLiteral("error"));
  layout->addWidget(summary_);
  layout->addWidget(warnings_);
  layout->addWidget(error_);
  layout->addWidget(makeTree(), 1);
  layout->addWidget(makeFooter());
  warnings_->hide();
  error_->hide();
  summary_->setText(path);

  connect(&task_, &LatestTask::failed, this, &InspectDialog::showError);
  task_.run([this, file = path.toStdString()](const core::Progress& progress) -> std::function<void()> {
    auto inspection =
        std::make_shared<const storage::Inspection>(storage::inspectFile(storage::FileSystem::posix(), file, progress));
    return [this, inspection] { showInspection(inspection); };
  });
}

void InspectDialog::setImportable(bool importable) {
  importable_ = importable;
  import_->setVisible(importable);
}

QWidget* InspectDialog::makeTree() {
  shown_->setSourceModel(model_);
  tree_->setModel(shown_);
  tree_->setObjectName(QStringLiteral("tree"));
  tree_->setAccessibleName(tr("What is in the file"));
  tree_->setUniformRowHeights(true);
  tree_->setAllColumnsShowFocus(true);
  tree_->setAlternatingRowColors(true);
  auto* header = tree_->header();
  header->setSortIndicatorClearable(true);
  header->setSortIndicator(-1, Qt::AscendingOrder);  // first as the file has it
  header->setStretchLastSection(false);
  tree_->setSortingEnabled(true);
  filter_->setObjectName(QStringLiteral("filter"));
  filter_->setPlaceholderText(tr("Filter by name or type"));
  filter_->setClearButtonEnabled(true);
  connect(filter_, &QLineEdit::textChanged, this, [this](const QString& words) {
    shown_->setFilter(words);
    if (!words.trimmed().isEmpty()) tree_->expandAll();
  });
  auto* around = new QWidget;
  auto* layout = new QVBoxLayout(around);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(Theme::kSpacing);
  layout->addWidget(filter_);
  layout->addWidget(tree_, 1);
  return around;
}

QWidget* InspectDialog::makeFooter() {
  import_->setText(tr("&Import as run…"));
  import_->setObjectName(QStringLiteral("import"));
  import_->setProperty("primary", true);
  import_->setAutoDefault(false);
  import_->setEnabled(false);
  connect(import_, &QPushButton::clicked, this, [this] {
    accept();
    Q_EMIT importRequested(path_);
  });
  return dialogFooter(new BusyLine(task_), {rejectButton(*this, tr("Close")), import_});
}

void InspectDialog::showInspection(std::shared_ptr<const storage::Inspection> inspection) {
  summary_->setText(summaryOf(*inspection));
  warnings_->setText(warningsOf(*inspection));
  warnings_->setVisible(!inspection->warnings.empty());
  import_->setEnabled(importable_ && inspection->tensors > 0);
  const bool few = rowsBelow(inspection->root) <= kFewRows;
  model_->setInspection(std::move(inspection));
  if (few)
    tree_->expandAll();
  else
    tree_->expandToDepth(0);
  tree_->resizeColumnToContents(InspectionModel::Type);
  tree_->resizeColumnToContents(InspectionModel::Size);
  const auto* header = tree_->header();
  const int rest = tree_->viewport()->width() - header->sectionSize(InspectionModel::Type) -
                   header->sectionSize(InspectionModel::Size);
  tree_->setColumnWidth(InspectionModel::Name, std::max(160, rest / 2));
  tree_->header()->setSectionResizeMode(InspectionModel::Value, QHeaderView::Stretch);
}

void InspectDialog::showError(const Error& error) {
  error_->setText(text(error.what()));
  error_->show();
  filter_->parentWidget()->setEnabled(false);
}

}  // namespace cairn::ui
