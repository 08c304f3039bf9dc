#include "ui/dialogs/run_preview.h"

#include <QFrame>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableWidget>
#include <QVBoxLayout>
#include <nlohmann/json.hpp>

#include "ui/dialogs/busy_line.h"
#include "ui/dialogs/data_view.h"
#include "ui/dialogs/error_words.h"
#include "ui/dialogs/run_facts.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr int kDebounceMs = 300;
enum Column { Name, Type, Shape, Parameters, ColumnCount };

std::string dataQuestion(const core::RunSpec& spec) {
  return core::toJson(spec)["data"].dump() + std::to_string(spec.training.seed);
}

QTableWidget* makeLayersTable() {
  auto* table = new QTableWidget(0, ColumnCount);
  table->setHorizontalHeaderLabels({"Layer", "Type", "Output", "Parameters"});
  table->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table->setSelectionMode(QAbstractItemView::NoSelection);
  table->setShowGrid(false);
  table->setTabKeyNavigation(false);
  table->verticalHeader()->hide();
  table->verticalHeader()->setDefaultSectionSize(24);
  table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  table->horizontalHeader()->setSectionResizeMode(Type, QHeaderView::Stretch);
  table->setObjectName(QStringLiteral("layers"));
  return table;
}

}  // namespace

RunPreview::RunPreview(QWidget* parent)
    : QWidget(parent), facts_(new QLabel), title_(new QLabel), hint_(new QLabel),
      again_(new QPushButton(QStringLiteral("Read again"))), stack_(new QStackedWidget), dataView_(new DataView),
      layers_(makeLayersTable()) {
  facts_->setWordWrap(true);
  facts_->setTextFormat(Qt::RichText);
  facts_->setObjectName(QStringLiteral("facts"));
  title_->setProperty("role", "heading");
  hint_->setProperty("role", "muted");
  hint_->setWordWrap(true);
  hint_->setTextFormat(Qt::PlainText);
  hint_->setObjectName(QStringLiteral("hint"));
  hint_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  again_->setAutoDefault(false);
  again_->hide();
  stack_->addWidget(hint_);
  stack_->addWidget(dataView_);
  stack_->addWidget(layers_);

  auto* summary = new QLabel(QStringLiteral("SUMMARY"));
  summary->setProperty("role", "heading");
  auto* card = new QFrame;
  card->setProperty("card", true);
  auto* inCard = new QVBoxLayout(card);
  inCard->addWidget(facts_);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, Theme::kSpacing, 0, 0);
  layout->setSpacing(Theme::kSpacing);
  layout->addWidget(summary);
  layout->addWidget(card);
  layout->addWidget(title_);
  layout->addWidget(new BusyLine(dataTask_));
  layout->addWidget(stack_, 1);
  layout->addWidget(again_, 0, Qt::AlignLeft);

  debounce_.setSingleShot(true);
  debounce_.setInterval(kDebounceMs);
  connect(&debounce_, &QTimer::timeout, this, &RunPreview::readData);
  connect(again_, &QPushButton::clicked, this, [this] {
    dataAsked_.clear();
    readData();
  });
  connect(&dataTask_, &LatestTask::failed, this, [this](const Error& error) {
    failure_ = sentenceWithFile(error);
    Q_EMIT dataFailed(error);
  });
  // Told after the answer or the failure, so it also shows that the person cancelled.
  connect(&dataTask_, &LatestTask::finished, this, [this] {
    if (!data_ && failure_.isEmpty()) failure_ = QStringLiteral("Reading was cancelled.");
    showFacts();
  });
  connect(&modelTask_, &LatestTask::failed, this, [this](const Error& error) {
    failure_ = sentenceOf(error);
    showFacts();
  });
  showModel(false);
}

void RunPreview::setSpec(const std::optional<core::RunSpec>& spec, const std::string& dataText) {
  const bool otherData = dataText != dataSeen_;
  dataSeen_ = dataText;
  if (spec) {
    spec_ = spec;
  } else if (otherData) {
    forget();
  }
  if (!spec) {
    showFacts();
    return;
  }
  if (dataQuestion(*spec_) != dataAsked_) {
    data_.reset();
    model_.reset();
    modelAsked_.clear();
    debounce_.start();
  } else {
    debounce_.stop();
    describeModel();
  }
  showFacts();
}

void RunPreview::forget() {
  debounce_.stop();
  dataTask_.cancel();
  spec_.reset();
  data_.reset();
  model_.reset();
  dataAsked_.clear();
  modelAsked_.clear();
  failure_.clear();
}

void RunPreview::readData() {
  if (!spec_) return;
  dataAsked_ = dataQuestion(*spec_);
  failure_.clear();
  data_.reset();
  dataTask_.run([this, data = spec_->data, seed = spec_->training.seed](const core::Progress& progress) {
    auto preview = std::make_shared<const engine::DataPreview>(engine::engine().previewData(data, seed, progress));
    return [this, preview, data] {
      data_ = preview;
      dataView_->show(*preview, data);
      Q_EMIT dataRead();
      describeModel();
    };
  });
  showFacts();
}

void RunPreview::describeModel() {
  if (!spec_ || !data_) return;
  const auto json = core::toJson(*spec_);
  const auto question = json["model"].dump() + json["optimizer"].dump();
  if (question == modelAsked_) return;
  modelAsked_ = question;
  model_.reset();
  modelTask_.run([this, spec = *spec_, data = data_](const core::Progress&) {
    auto summary = engine::engine().describeModel(spec, *data);
    return [this, summary] {
      model_ = summary;
      failure_.clear();
      showLayers(summary);
      showFacts();
    };
  });
}

void RunPreview::showModel(bool model) {
  title_->setText(model ? QStringLiteral("LAYERS") : QStringLiteral("DATA"));
  title_->setProperty("model", model);
  showFacts();
}

void RunPreview::showLayers(const engine::ModelSummary& summary) {
  layers_->setRowCount(static_cast<int>(summary.layers.size()));
  int row = 0;
  for (const auto& layer : summary.layers) {
    const QString parameters = count(layer.parameters);
    const QString cells[] = {QString::fromStdString(layer.name), QString::fromStdString(layer.type),
                             QString::fromStdString(layer.outputShape), parameters};
    for (int column = 0; column < ColumnCount; ++column) {
      auto* item = new QTableWidgetItem(cells[column]);
      item->setToolTip(cells[column]);
      if (column == Parameters) item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
      layers_->setItem(row, column, item);
    }
    ++row;
  }
}

void RunPreview::showFacts() {
  const bool model = title_->property("model").toBool();
  facts_->setText(factsText(spec_, data_.get(), model_ ? &*model_ : nullptr));
  const bool waiting = dataTask_.isRunning() || debounce_.isActive();
  again_->setVisible(!data_ && !failure_.isEmpty() && !waiting);
  if (model && model_) {
    stack_->setCurrentWidget(layers_);
  } else if (!model && data_) {
    stack_->setCurrentWidget(dataView_);
  } else {
    hint_->setText(waiting             ? QString()
                   : !failure_.isEmpty() ? failure_
                                         : QStringLiteral("The data and the model appear here once the data are chosen."));
    stack_->setCurrentWidget(hint_);
  }
}

}  // namespace cairn::ui
