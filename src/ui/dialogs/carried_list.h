// What a file will carry of a checkpoint and what not, a line each, said before it is written. GUI thread.
#pragma once

#include <QLabel>
#include <QWidget>
#include <vector>

#include "core/records.h"
#include "storage/inspection.h"

namespace cairn::ui {

/// What can be written of a checkpoint.
enum class ExportKind { Checkpoint, Weights, Safetensors, Script };

/// How large its parts are, as its file's directory tells.
struct CheckpointParts {
  std::int64_t weights = 0, weightBytes = 0;       ///< tensors
  std::int64_t optimizer = 0, optimizerBytes = 0;  ///< tensors
  bool schedule = false;
  bool known = false;  ///< not read yet: sizes are left out
};
CheckpointParts partsOf(const storage::Inspection& inspection);

struct CarriedPart {
  QString name, detail;
  bool carried = false;
};
std::vector<CarriedPart> carriedParts(ExportKind kind, const CheckpointParts& parts);

class CarriedList : public QWidget {
  Q_OBJECT

 public:
  explicit CarriedList(QWidget* parent = nullptr);
  void setParts(const std::vector<CarriedPart>& parts);

 private:
  struct Row {
    QLabel *mark, *name, *detail;
  };
  std::vector<Row> rows_;
};

}  // namespace cairn::ui
