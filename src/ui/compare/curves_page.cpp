#include "ui/compare/curves_page.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSlider>
#include <QToolButton>
#include <algorithm>

#include "ui/catalog_client.h"
#include "ui/chart/chart_legend.h"
#include "ui/chart/scene_builder.h"
#include "ui/chart/series_store.h"
#include "ui/compare/curves_plot.h"
#include "ui/labels.h"
#include "ui/report/curves_csv.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr int kUsualSmoothing = 60;  ///< of 100
constexpr int kSlider = 80;
constexpr int kRoomForLegend = 960;

}  // namespace

CurvesPage::CurvesPage(CatalogClient& client, QWidget* parent)
    : ComparePage(parent), client_(client), plot_(new CurvesPlot(client)) {
  header_ = makeHeader();
  empty_ = roleLabel("muted");
  empty_->setAlignment(Qt::AlignCenter);
  empty_->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Expanding);
  empty_->hide();
  setContent(compareCard({}, {header_, plot_, empty_}));
  connect(plot_, &CurvesPlot::drawn, this, &CurvesPage::updateTabs);
  connect(&Theme::instance(), &Theme::changed, this, &CurvesPage::applyTheme);
  smoothing_->setValue(kUsualSmoothing);
  log_->setChecked(true);
  showGroup(0);
  applyTheme();
}

QWidget* CurvesPage::makeHeader() {
  auto* header = new QWidget;
  header->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  auto* row = new QHBoxLayout(header);
  row->setContentsMargins(0, 0, 8, 0);
  row->setSpacing(2);
  for (std::size_t i = 0; i < seriesGroups().size(); ++i) {
    auto* tab = new QToolButton;
    tab->setText(QString::fromUtf8(seriesGroups()[i].shortTitle));
    tab->setToolTip(QString::fromUtf8(seriesGroups()[i].title));
    tab->setObjectName(QStringLiteral("series%1").arg(i));
    tab->setCheckable(true);
    tab->setAutoExclusive(true);
    tab->setFocusPolicy(Qt::TabFocus);
    tab->setProperty("seriesTab", true);
    connect(tab, &QToolButton::clicked, this, [this, i] { showGroup(i); });
    tabs_.push_back(tab);
    row->addWidget(tab);
  }
  row->addStretch(1);
  align_ = new QComboBox;
  align_->addItems({tr("Step"), tr("Epoch"), tr("Time"), tr("Branch point")});
  align_->setObjectName(QStringLiteral("alignBy"));
  align_->setAccessibleName(tr("What the curves are aligned by"));
  log_ = new QToolButton;
  log_->setText(tr("Log"));
  log_->setToolTip(tr("Logarithmic values"));
  log_->setObjectName(QStringLiteral("compareLog"));
  log_->setProperty("framed", true);
  log_->setCheckable(true);
  log_->setFocusPolicy(Qt::TabFocus);
  smoothing_ = new QSlider(Qt::Horizontal);
  smoothing_->setRange(0, 99);
  smoothing_->setFixedWidth(kSlider);
  smoothing_->setObjectName(QStringLiteral("compareSmoothing"));
  smoothing_->setAccessibleName(tr("Smoothing"));
  legend_ = new ChartLegend;
  row->addWidget(legend_);
  row->addSpacing(Theme::kSpacing);
  row->addWidget(roleLabel("muted", tr("Align by ")));
  row->addWidget(align_);
  row->addSpacing(Theme::kSpacing);
  row->addWidget(log_);
  row->addSpacing(Theme::kSpacing);
  row->addWidget(roleLabel("muted", tr("Smoothing ")));
  row->addWidget(smoothing_);
  connect(align_, &QComboBox::currentIndexChanged, this,
          [this](int at) { plot_->setAlignment(static_cast<Alignment>(at)); });
  connect(log_, &QToolButton::toggled, plot_, &CurvesPlot::setLogY);
  connect(smoothing_, &QSlider::valueChanged, this, [this](int value) { plot_->setSmoothing(value / 100.0); });
  return header;
}

void CurvesPage::begin() {
  plot_->setItems(items());
  plot_->axis().fit();
  showContent();
}

// Where there is little room the legend goes first: dashes are read as validation elsewhere in the window too.
void CurvesPage::resizeEvent(QResizeEvent* event) {
  ComparePage::resizeEvent(event);
  legend_->setVisible(width() >= kRoomForLegend);
}

void CurvesPage::leave() { plot_->setItems({}); }

void CurvesPage::recordsChanged() { plot_->setItems(items()); }

void CurvesPage::showGroup(std::size_t group) {
  group_ = group;
  tabs_[group]->setChecked(true);
  plot_->setGroup(group);
}

void CurvesPage::updateTabs() {
  for (std::size_t i = 0; i < tabs_.size(); ++i) {
    const auto& series = seriesGroups()[i].series;
    const auto& runs = plot_->runs();
    const bool any = std::any_of(runs.begin(), runs.end(), [&](const auto& run) {
      return std::any_of(series.begin(), series.end(), [&](auto one) { return plot_->store().has(run, one); });
    });
    tabs_[i]->setEnabled(any || i == 0);
  }
  const auto& curves = plot_->scene().curves;
  const bool any = std::any_of(curves.begin(), curves.end(), [](const auto& curve) { return curve.curve->size() > 0; });
  plot_->setVisible(any);
  empty_->setVisible(!any);
  empty_->setText(plot_->store().reading() ? tr("Reading the curves…") : tr("Nothing was measured in these runs."));
  Q_EMIT contentChanged();
}

bool CurvesPage::hasTable() const { return hasContent() && !plot_->scene().curves.empty(); }

// The points of a chart are rounded and thinned: the table is what is on record, as File > Export curves writes it.
ComparePage::Write CurvesPage::tableWriter() const {
  return [home = client_.home(), runs = plot_->runs(), series = seriesGroups()[group_].series](
             const std::filesystem::path& file, const core::Progress& progress) {
    writeCurvesCsv(home, runs, series, file, progress);
  };
}

void CurvesPage::applyTheme() {
  const auto& colors = Theme::instance().colors();
  header_->setStyleSheet(
      QStringLiteral(
          "QToolButton[seriesTab=\"true\"] { border: none; border-radius: 5px; padding: 4px 11px; color: %1; }"
          "QToolButton[seriesTab=\"true\"]:hover { background: %2; }"
          "QToolButton[seriesTab=\"true\"]:checked { background: %3; color: %4; font-weight: 600; }"
          "QToolButton[seriesTab=\"true\"]:disabled { color: %5; }")
          .arg(colors.text.name(), colors.grid.name(), colors.selection.name(), colors.accent.name(),
               colors.border.name()));
}

}  // namespace cairn::ui
