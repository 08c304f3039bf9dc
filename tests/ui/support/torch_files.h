// Files as PyTorch scripts save them, and a table to go on training with.
#pragma once

#include <QCoreApplication>
#include <QDir>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFile>
#include <QMimeData>
#include <QTest>
#include <QUrl>
#include <string>

#include "core/state_tree.h"
#include "storage/export_file.h"

namespace cairn::tests {

inline core::Tensor filled(std::vector<std::int64_t> shape, float value) {
  std::int64_t count = 1;
  for (const auto extent : shape) count *= extent;
  const std::vector<float> values(static_cast<std::size_t>(count), value);
  return core::Tensor::copyOf(core::DType::Float32, std::move(shape), std::as_bytes(std::span(values)));
}

inline void writeText(const QString& path, const QByteArray& text) {
  QFile file(path);
  QVERIFY(file.open(QIODevice::WriteOnly));
  file.write(text);
}

inline QByteArray readAll(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline void saveTree(const QString& path, const core::StateTree& tree) {
  storage::exportTorchFile(storage::FileSystem::posix(), path.toStdString(), tree);
}

/// An nn.Module with one `self.fc = nn.Linear(inputs, 1)`.
inline core::StateTree linearWeights(std::int64_t inputs = 1) {
  auto dict = core::StateTree::stateDict();
  dict.set("fc.weight", filled({1, inputs}, 1.5f));
  dict.set("fc.bias", filled({1}, 0.25f));
  return dict;
}

/// The tutorial's form, after three epochs of SGD with lr 0.1.
inline core::StateTree tutorialCheckpoint(std::int64_t inputs = 1) {
  using core::StateTree;
  auto group = StateTree::dict();
  for (const auto* key : {"momentum", "dampening", "weight_decay"}) group.set(key, 0.0);
  group.set("lr", 0.1);
  group.set("nesterov", false);
  group.set("params", StateTree::List{0, 1});
  auto optimizer = StateTree::dict();
  optimizer.set("state", StateTree::dict());
  optimizer.set("param_groups", StateTree::List{group});
  auto tree = StateTree::dict();
  tree.set("epoch", 3);
  tree.set("model_state_dict", linearWeights(inputs));
  tree.set("optimizer_state_dict", optimizer);
  tree.set("loss", 0.75);
  return tree;
}

/// The table of four points and its spec, in `folder`; the spec's path.
inline QString writeLineSpec(const QString& folder, const QByteArray& optimizer = R"({"type": "SGD", "lr": 0.5})") {
  const QDir dir(folder);
  writeText(dir.filePath(QStringLiteral("line.csv")), "x,y\n1,2\n2,4\n3,6\n4,8\n");
  const auto path = dir.filePath(QStringLiteral("line.json"));
  writeText(path, R"({"name": "line", "loss": "MSELoss", "model": {"type": "MLP", "hidden": []},
    "data": {"format": "csv", "path": "line.csv", "target": "y", "task": "regression", "normalize": false, "shuffle": false},
    "training": {"epochs": 5, "batch_size": 2, "device": "cpu", "threads": 1}, "optimizer": )" +
                      optimizer + "}");
  return path;
}

/// Drags files over the widget and lets them go, as the desktop does; whether it took them.
inline bool dropOn(QWidget& widget, const QStringList& paths) {
  QMimeData data;
  QList<QUrl> urls;
  for (const auto& path : paths) urls << QUrl::fromLocalFile(path);
  data.setUrls(urls);
  const QPoint at = widget.rect().center();
  QDragEnterEvent enter(at, Qt::CopyAction | Qt::MoveAction, &data, Qt::LeftButton, Qt::NoModifier);
  enter.setAccepted(false);
  QCoreApplication::sendEvent(&widget, &enter);
  if (!enter.isAccepted()) return false;
  QDropEvent release(QPointF(at), Qt::CopyAction | Qt::MoveAction, &data, Qt::LeftButton, Qt::NoModifier);
  QCoreApplication::sendEvent(&widget, &release);
  return release.isAccepted();
}

template <typename Dialog>
Dialog* shownDialog(QWidget& window) {
  for (auto* dialog : window.findChildren<Dialog*>())
    if (dialog->isVisible()) return dialog;
  return nullptr;
}

}  // namespace cairn::tests
