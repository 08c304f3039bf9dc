#include "ui/app/file_drop.h"

#include <QDragEnterEvent>
#include <QDropEvent>
#include <QMimeData>
#include <QUrl>
#include <QWidget>
#include <algorithm>

namespace cairn::ui {

namespace {
const QStringList& endings() {
  static const QStringList list{QStringLiteral(".pt"), QStringLiteral(".pth"), QStringLiteral(".safetensors"),
                                QStringLiteral(".ckpt"), QStringLiteral(".bin")};
  return list;
}
}  // namespace

FileDrop::FileDrop(QWidget* window) : QObject(window) {
  window->setAcceptDrops(true);
  window->installEventFilter(this);
}

QStringList FileDrop::files(const QMimeData& data) {
  QStringList paths;
  for (const auto& url : data.urls()) {
    const auto path = url.toLocalFile();
    if (std::any_of(endings().begin(), endings().end(),
                    [&](const QString& ending) { return path.endsWith(ending, Qt::CaseInsensitive); }))
      paths << path;
  }
  return paths;
}

bool FileDrop::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() != QEvent::DragEnter && event->type() != QEvent::Drop) return QObject::eventFilter(watched, event);
  auto* drop = static_cast<QDropEvent*>(event);  // a QDragEnterEvent is one
  const auto paths = files(*drop->mimeData());
  if (paths.isEmpty()) return false;
  drop->setDropAction(Qt::CopyAction);
  drop->accept();
  if (event->type() == QEvent::Drop) Q_EMIT dropped(paths);
  return true;
}

QString modelFilePatterns() {
  QStringList patterns;
  for (const auto& ending : endings()) patterns << QString(QLatin1Char('*') + ending);
  return patterns.join(QLatin1Char(' '));
}

}  // namespace cairn::ui
