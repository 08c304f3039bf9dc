#include "ui/app/file_drop.h"

#include <QDragEnterEvent>
#include <QDropEvent>
#include <QMimeData>
#include <QUrl>
#include <QWidget>
#include <algorithm>

#include "ui/app/data_drop.h"

namespace cairn::ui {

namespace {
const QStringList& endings() {
  static const QStringList list{QStringLiteral(".pt"), QStringLiteral(".pth"), QStringLiteral(".safetensors"),
                                QStringLiteral(".ckpt"), QStringLiteral(".bin")};
  return list;
}

QStringList dataFiles(const QMimeData& data) {
  QStringList paths;
  for (const auto& url : data.urls())
    if (const auto path = url.toLocalFile(); isDataFile(path)) paths << path;
  return paths;
}

}  // namespace

FileDrop::FileDrop(QWidget* window, Takes takes) : QObject(window), takes_(takes) {
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
  const auto models = files(*drop->mimeData());
  const auto data = takes_ == Takes::ModelsAndData ? dataFiles(*drop->mimeData()) : QStringList();
  if (models.isEmpty() && data.isEmpty()) return false;
  drop->setDropAction(Qt::CopyAction);
  drop->accept();
  if (event->type() == QEvent::DragEnter) return true;
  if (models.isEmpty())
    Q_EMIT dataDropped(data);
  else
    Q_EMIT dropped(models);
  return true;
}

QString modelFilePatterns() {
  QStringList patterns;
  for (const auto& ending : endings()) patterns << QString(QLatin1Char('*') + ending);
  return patterns.join(QLatin1Char(' '));
}

}  // namespace cairn::ui
