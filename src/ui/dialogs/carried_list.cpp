#include "ui/dialogs/carried_list.h"

#include <QGridLayout>

#include "ui/labels.h"
#include "ui/text.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr int kIconSize = 14;

void count(const storage::InspectedNode& node, std::int64_t& tensors, std::int64_t& bytes) {
  if (node.tensor) {
    ++tensors;
    if (node.tensor->sharesWith.empty()) bytes += static_cast<std::int64_t>(node.tensor->bytes);
  }
  for (const auto& child : node.children) count(child, tensors, bytes);
}

QString sizeText(std::int64_t tensors, std::int64_t size) {
  if (tensors == 0) return CarriedList::tr("its settings: it keeps no tensors");  // SGD without momentum
  return CarriedList::tr("%1 tensors, %2").arg(ui::count(tensors), bytes(size));
}

}  // namespace

CheckpointParts partsOf(const storage::Inspection& inspection) {
  CheckpointParts parts;
  parts.known = true;
  for (const auto& child : inspection.root.children) {
    if (child.name == "model_state_dict") count(child, parts.weights, parts.weightBytes);
    if (child.name == "optimizer_state_dict") count(child, parts.optimizer, parts.optimizerBytes);
    if (child.name == "lr_scheduler_state_dict") parts.schedule = !child.children.empty();
  }
  return parts;
}

std::vector<CarriedPart> carriedParts(ExportKind kind, const CheckpointParts& parts) {
  const bool whole = kind == ExportKind::Checkpoint || kind == ExportKind::Script;
  const auto tr = [](const char* words) { return CarriedList::tr(words); };
  std::vector<CarriedPart> list;
  if (kind == ExportKind::Script)
    list.push_back({tr("The model as Python code"), tr("an nn.Module; predicts from the command line"), true});
  list.push_back({tr("Weights"), parts.known ? sizeText(parts.weights, parts.weightBytes) : QString(), true});
  list.push_back(
      {tr("Optimizer state"), parts.known ? sizeText(parts.optimizer, parts.optimizerBytes) : QString(), whole});
  if (parts.schedule || !parts.known) list.push_back({tr("State of the lr schedule"), {}, whole});
  list.push_back({tr("Random state and place in the data"), tr("what an exact resume takes"), whole});
  list.push_back({tr("Settings, metrics, epoch and step"),
                  kind == ExportKind::Safetensors ? tr("epoch and step alone, as metadata") : QString(), whole});
  list.push_back({tr("Normalization and class names"), tr("what a prediction takes"), whole});
  return list;
}

CarriedList::CarriedList(QWidget* parent) : QWidget(parent) {
  auto* grid = new QGridLayout(this);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setHorizontalSpacing(Theme::kSpacing);
  grid->setVerticalSpacing(Theme::kSpacing / 2);
  grid->setColumnStretch(2, 1);
}

void CarriedList::setParts(const std::vector<CarriedPart>& parts) {
  auto* grid = static_cast<QGridLayout*>(layout());
  while (rows_.size() < parts.size()) {
    const auto row = static_cast<int>(rows_.size());
    rows_.push_back({new QLabel, new QLabel, new QLabel});
    grid->addWidget(rows_.back().mark, row, 0);
    grid->addWidget(rows_.back().name, row, 1);
    grid->addWidget(rows_.back().detail, row, 2);
    setRole(*rows_.back().detail, "muted");
  }
  const auto& theme = Theme::instance();
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const auto& row = rows_[i];
    for (auto* label : {row.mark, row.name, row.detail}) label->setVisible(i < parts.size());
    if (i >= parts.size()) continue;
    const bool carried = parts[i].carried;
    row.mark->setPixmap(theme
                            .icon(carried ? QStringLiteral("check") : QStringLiteral("close"),
                                  carried ? theme.colors().good : theme.colors().mutedText)
                            .pixmap(kIconSize));
    row.mark->setAccessibleName(carried ? tr("carried") : tr("left out"));
    row.name->setText(parts[i].name);
    setRole(*row.name, carried ? "" : "muted");
    row.detail->setText(parts[i].detail);
  }
}

}  // namespace cairn::ui
