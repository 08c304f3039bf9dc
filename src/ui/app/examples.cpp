#include "ui/app/examples.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QSaveFile>

#include "core/error.h"

namespace cairn::ui {

namespace {

QString tr(const char* source) { return QCoreApplication::translate("cairn::ui::examples", source); }

void copyOut(const QString& resource, const QString& target) {
  if (QFile::exists(target)) return;
  QFile source(resource);
  QSaveFile file(target);
  const bool written = source.open(QIODevice::ReadOnly) && file.open(QIODevice::WriteOnly) &&
                       file.write(source.readAll()) == source.size() && file.commit();
  if (!written) {
    throw Error("cannot write the example to " + target.toStdString(), file.errorString().toStdString(),
                "make room or choose another home with --home");
  }
}

}  // namespace

std::vector<BuiltInExample> builtInExamples() {
  return {
      {QStringLiteral("digits"), tr("Handwritten digits"),
       tr("1,797 real 8 × 8 digits (UCI, CC BY 4.0) and a small network. Trains in seconds."), QStringLiteral("image")},
      {QStringLiteral("sonnets"), tr("Sonnets"),
       tr("A small Transformer reads Shakespeare's sonnets byte by byte, then goes on from your prompt."),
       QStringLiteral("text")},
      {QStringLiteral("line"), tr("A straight line"),
       tr("PyTorch's first lesson: four points, one Linear layer, three epochs. Then train it longer."),
       QStringLiteral("chart")},
      {QStringLiteral("iris"), tr("Iris"),
       tr("Three kinds of iris by four measures (UCI, CC BY 4.0): the smallest table there is."), QStringLiteral("table")},
      {QStringLiteral("mnist"), tr("MNIST"),
       tr("A convolutional network on the 60,000 digits. You bring the four files; the dialog says where."),
       QStringLiteral("image"), true},
  };
}

core::RunSpec readExample(const QString& name, const storage::Home& home) {
  const auto folder = home.root() / "examples";
  const QDir inside(QStringLiteral(":/examples"));
  const QDir outside(QString::fromStdString(folder.string()));
  if (!outside.mkpath(QStringLiteral("."))) {
    throw Error("cannot make the folder " + folder.string(), "it is not writable",
                "choose another home with --home");
  }
  for (const auto& file : inside.entryList(QDir::Files)) copyOut(inside.filePath(file), outside.filePath(file));
  return core::readRunSpec(folder / (name.toStdString() + ".json"));
}

}  // namespace cairn::ui
