// Takes files that are dropped on a window: those of PyTorch and safetensors, and data to train on, by their names. GUI
// thread.
#pragma once

#include <QObject>
#include <QStringList>

class QMimeData;
class QWidget;

namespace cairn::ui {

class FileDrop : public QObject {
  Q_OBJECT

 public:
  enum class Takes { Models, ModelsAndData };
  /// Watches `window`, whose child it becomes.
  explicit FileDrop(QWidget* window, Takes takes = Takes::Models);

  /// The local files of a drag that can be inspected.
  static QStringList files(const QMimeData& data);

 Q_SIGNALS:
  void dropped(const QStringList& paths);
  void dataDropped(const QStringList& paths);  ///< where no model was among them

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  Takes takes_;
};

/// "*.pt *.pth ...": for file dialogs.
QString modelFilePatterns();

}  // namespace cairn::ui
