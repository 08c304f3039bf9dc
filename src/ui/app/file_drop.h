// Takes files that are dropped on a window: those of PyTorch and safetensors, by their names. GUI thread.
#pragma once

#include <QObject>
#include <QStringList>

class QMimeData;
class QWidget;

namespace cairn::ui {

class FileDrop : public QObject {
  Q_OBJECT

 public:
  /// Watches `window`, whose child it becomes.
  explicit FileDrop(QWidget* window);

  /// The local files of a drag that can be inspected.
  static QStringList files(const QMimeData& data);

 Q_SIGNALS:
  void dropped(const QStringList& paths);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
};

/// "*.pt *.pth ...": for file dialogs.
QString modelFilePatterns();

}  // namespace cairn::ui
