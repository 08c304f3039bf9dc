#include "ui/compare/compare_view.h"

#include <QBuffer>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QImage>
#include <QLabel>
#include <QSettings>
#include <QShortcut>
#include <QShowEvent>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>
#include <algorithm>

#include "core/comparison_summary.h"
#include "storage/export_file.h"
#include "training/comparison.h"
#include "training/run_data.h"
#include "ui/catalog_client.h"
#include "ui/compare/average_page.h"
#include "ui/compare/compare_card.h"
#include "ui/compare/compare_page.h"
#include "ui/compare/compare_verbs.h"
#include "ui/compare/compared_reader.h"
#include "ui/compare/curves_page.h"
#include "ui/compare/path_page.h"
#include "ui/compare/picture_caption.h"
#include "ui/compare/predictions_page.h"
#include "ui/compare/shared_comparison.h"
#include "ui/compare/summary_page.h"
#include "ui/compare/weights_page.h"
#include "ui/dialogs/busy_line.h"
#include "ui/selection.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr auto kFolderKey = "compare/folder";

/// Of each checkpoint, the series in which it is the best.
std::vector<std::set<std::string>> bestSeries(const ComparedItems& items) {
  std::vector<std::set<std::string>> best(items.size());
  if (items.size() < core::kFewestCompared) return best;
  for (const auto& metric : core::summarize({items.begin(), items.end()}).metrics) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (metric.best[i]) best[i].insert(metric.name);
    }
  }
  return best;
}

/// And nobody has read yet whether it is other data.
bool haveDataOfOtherNames(const ComparedItems& items) {
  return std::any_of(items.begin(), items.end(), [&](const Compared& one) {
    return one.dataFingerprint.empty() &&
           training::dataFiles(one.run.spec.data) != training::dataFiles(items.front().run.spec.data);
  });
}

ComparePage::Write pictureWriter(const QImage& picture) {
  return [picture](const std::filesystem::path& file, const core::Progress&) {
    QByteArray png;
    QBuffer buffer(&png);
    if (!buffer.open(QIODevice::WriteOnly) || !picture.save(&buffer, "PNG"))
      throw Error(file.string(), "the picture cannot be made", "make the window smaller, or export the table");
    storage::exportText(storage::FileSystem::posix(), file, {png.data(), static_cast<std::size_t>(png.size())});
  };
}

}  // namespace

CompareView::CompareView(CatalogClient& client, Selection& selection, QWidget* parent)
    : QWidget(parent),
      client_(client),
      selection_(selection),
      reader_(new ComparedReader(client, selection, this)),
      stack_(new QStackedWidget) {
  setObjectName(QStringLiteral("compareView"));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(Theme::kSpacing, Theme::kSpacing, Theme::kSpacing, Theme::kSpacing);
  column->setSpacing(Theme::kSpacing);
  column->addWidget(makeHead());
  column->addWidget(makeTabs());
  column->addWidget(new BusyLine(writing_));
  column->addWidget(stack_, 1);
  addPage(new SummaryPage(client));
  addPage(new CurvesPage(client));
  addPage(new WeightsPage);
  addPage(new PredictionsPage);
  addPage(new PathPage);
  auto* average = new AveragePage(client);
  addPage(average);
  connect(average, &AveragePage::branchRequested, this, &CompareView::branchRequested);
  connect(average, &AveragePage::showRequested, this, &CompareView::showRequested);
  addShortcuts();
  connect(reader_, &ComparedReader::changed, this, &CompareView::showItems);
  connect(tabs_, &QTabBar::currentChanged, this, &CompareView::pageChanged);
  connect(verbs_, &CompareVerbs::branchRequested, this, &CompareView::branchRequested);
  connect(verbs_, &CompareVerbs::tableRequested, this, [this] { askAndExport(true); });
  connect(verbs_, &CompareVerbs::pictureRequested, this, [this] { askAndExport(false); });
  connect(&writing_, &LatestTask::started, this, [this] { verbs_->setWriting(true); });
  connect(&writing_, &LatestTask::finished, this, [this] { verbs_->setWriting(false); });
  connect(&writing_, &LatestTask::failed, this, &CompareView::exportFailed);
  pageChanged();
}

QWidget* CompareView::makeHead() {
  auto* head = new QWidget;
  cards_ = new QHBoxLayout(head);
  cards_->setContentsMargins(0, 0, 0, 0);
  cards_->setSpacing(Theme::kSpacing);
  auto* back = new QToolButton;
  back->setObjectName(QStringLiteral("closeCompare"));
  back->setText(tr("Back"));
  back->setToolTip(tr("Back to the runs (Esc)"));
  back->setProperty("framed", true);
  back->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  back->setFocusPolicy(Qt::TabFocus);
  const auto dressBack = [back] { back->setIcon(Theme::instance().icon(QStringLiteral("arrow-left"))); };
  connect(&Theme::instance(), &Theme::changed, back, dressBack);
  connect(back, &QToolButton::clicked, this, &CompareView::closeRequested);
  dressBack();
  count_ = new QLabel;
  count_->setProperty("role", QStringLiteral("muted"));
  count_->setAlignment(Qt::AlignHCenter);
  auto* first = new QVBoxLayout;
  first->setSpacing(3);
  first->addWidget(back);
  first->addWidget(count_);
  cards_->addLayout(first);
  return head;
}

QWidget* CompareView::makeTabs() {
  auto* row = new QWidget;
  tabs_ = new QTabBar;
  tabs_->setObjectName(QStringLiteral("comparePages"));
  tabs_->setAccessibleName(tr("Pages of the comparison"));
  tabs_->setProperty("role", QStringLiteral("pages"));
  tabs_->setDrawBase(false);
  tabs_->setExpanding(false);
  tabs_->setUsesScrollButtons(false);
  verbs_ = new CompareVerbs;
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(tabs_);
  layout->addStretch(1);
  layout->addWidget(verbs_);
  return row;
}

void CompareView::addPage(ComparePage* page) {
  pages_.push_back(page);
  stack_->addWidget(page);
  tabs_->addTab(page->title());
  tabs_->setTabToolTip(tabs_->count() - 1, tr("%1 (Ctrl+%2)").arg(page->title()).arg(tabs_->count()));
  connect(page, &ComparePage::contentChanged, this, [this, page] {
    if (page == currentPage()) verbs_->setExportable(page->hasTable(), page->hasContent());
  });
}

void CompareView::addShortcuts() {
  const auto add = [this](const QKeySequence& keys, auto act) {
    auto* shortcut = new QShortcut(keys, this);
    shortcut->setContext(Qt::WidgetWithChildrenShortcut);
    connect(shortcut, &QShortcut::activated, this, act);
  };
  add(QKeySequence(Qt::Key_Escape), [this] { Q_EMIT closeRequested(); });
  for (int at = 0; at < static_cast<int>(pages_.size()); ++at) {
    add(QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + at)), [this, at] { showPage(at); });
  }
  const auto step = [this](int by) { showPage((tabs_->currentIndex() + by + tabs_->count()) % tabs_->count()); };
  add(QKeySequence(QStringLiteral("Ctrl+PgDown")), [step] { step(1); });
  add(QKeySequence(QStringLiteral("Ctrl+PgUp")), [step] { step(-1); });
}

ComparePage* CompareView::currentPage() const {
  return static_cast<std::size_t>(tabs_->currentIndex()) < pages_.size()
             ? pages_[static_cast<std::size_t>(tabs_->currentIndex())]
             : nullptr;
}

void CompareView::showPage(int at) { tabs_->setCurrentIndex(at); }

bool CompareView::showPage(const QString& name) {
  for (std::size_t i = 0; i < pages_.size(); ++i) {
    if (pages_[i]->fileName() != name) continue;
    showPage(static_cast<int>(i));
    return true;
  }
  return false;
}

void CompareView::pageChanged() {
  auto* page = currentPage();
  if (!page) return;
  stack_->setCurrentWidget(page);
  verbs_->setExportable(page->hasTable(), page->hasContent());
}

// A window that is minimized goes on with what it computes.
void CompareView::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  if (event->spontaneous()) return;
  reader_->setActive(true);
  tabs_->setFocus();
}

void CompareView::hideEvent(QHideEvent* event) {
  QWidget::hideEvent(event);
  if (event->spontaneous()) return;
  reader_->setActive(false);
  lookingAtData_.cancel();
  files_.reset();
  for (auto* page : pages_) page->setItems({}, {});  // what was being computed ends, what was read is let go of
}

void CompareView::showItems() {
  const auto& items = reader_->items();
  showCards(items);
  verbs_->setItems(items, client_.readOnly());
  renewFiles(items);
  lookAtData(items);
  for (std::size_t i = 0; i < pages_.size(); ++i) {
    pages_[i]->setItems(items, files_);
    tabs_->setTabText(static_cast<int>(i), pages_[i]->title());
  }
  fitVerbs();
}

void CompareView::renewFiles(const ComparedItems& items) {
  if (files_ && sameCheckpoints(items, filesOf_)) return;
  std::vector<std::string> ids;
  for (const auto& item : items) ids.push_back(item.checkpoint.id);
  lookingAtData_.cancel();
  files_ = std::make_shared<SharedComparison>(client_.home(), ids);
  filesOf_ = items;
}

// Data of another name may be the same: only the checkpoints' files tell. Not worth a message where they are gone.
void CompareView::lookAtData(const ComparedItems& items) {
  if (lookingAtData_.isRunning() || !haveDataOfOtherNames(items) || !lettersWithoutFile(items).isEmpty()) return;
  lookingAtData_.run([this, files = files_](const core::Progress& progress) -> std::function<void()> {
    const auto read = files->get(progress);
    return [this, read] { reader_->learn(read->checkpoints()); };
  });
}

void CompareView::fitVerbs() { verbs_->setRoom(width() - tabs_->sizeHint().width() - 4 * Theme::kSpacing); }

void CompareView::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  fitVerbs();
}

void CompareView::showCards(const ComparedItems& items) {
  while (shownCards_.size() > items.size()) {
    shownCards_.back()->deleteLater();
    shownCards_.pop_back();
  }
  while (shownCards_.size() < items.size()) {
    auto* card = new CompareCard;
    connect(card, &CompareCard::moveRequested, this, &CompareView::move);
    connect(card, &CompareCard::removeRequested, this,
            [this](const std::string& id) { selection_.toggleCompared(id); });
    cards_->addWidget(card, 1);
    shownCards_.push_back(card);
  }
  const auto best = bestSeries(items);
  for (std::size_t i = 0; i < items.size(); ++i) shownCards_[i]->show(items[i], best[i], i == 0, i + 1 == items.size());
  count_->setText(tr("%1 of up to %2").arg(items.size()).arg(Selection::kMostCompared));
  count_->setToolTip(tr("%1 of up to %2 checkpoints").arg(items.size()).arg(Selection::kMostCompared));
}

void CompareView::move(const std::string& checkpoint, int by) {
  auto order = selection_.compared();
  const auto at = std::find(order.begin(), order.end(), checkpoint);
  const auto to = (at - order.begin()) + by;
  if (at == order.end() || to < 0 || to >= static_cast<std::ptrdiff_t>(order.size())) return;
  std::iter_swap(at, order.begin() + to);
  selection_.setCompared(order);
}

void CompareView::askAndExport(bool table) {
  auto* page = currentPage();
  const QSettings settings;
  const auto folder = settings.value(QLatin1String(kFolderKey)).toString();
  auto* dialog = new QFileDialog(this, table ? tr("Export the table") : tr("Export the picture"), folder,
                                 table ? tr("CSV files (*.csv)") : tr("Pictures (*.png)"));
  dialog->setObjectName(QStringLiteral("exportDialog"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix(table ? QStringLiteral("csv") : QStringLiteral("png"));
  dialog->selectFile(page->fileName() + (table ? QStringLiteral(".csv") : QStringLiteral(".png")));
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
    QSettings().setValue(QLatin1String(kFolderKey), QFileInfo(path).absolutePath());
    exportTo(path);
  });
  dialog->open();
}

void CompareView::exportTo(const QString& path) {
  const bool table = path.endsWith(QLatin1String(".csv"), Qt::CaseInsensitive);
  const auto write = table ? currentPage()->tableWriter() : pictureWriter(withCaption(currentPage()->picture(), reader_->items()));
  writing_.run([this, write, path](const core::Progress& progress) -> std::function<void()> {
    write(path.toStdString(), progress);
    return [this, path] { Q_EMIT exported(path); };
  });
}

}  // namespace cairn::ui
