#include "ui/app/python_snippet.h"

namespace cairn::ui {

namespace {

/// As a Python literal: whatever stands in the path, it stays one string.
QString quoted(const QString& text) {
  QString literal = QStringLiteral("\"");
  for (const auto letter : text) {
    if (letter == QLatin1Char('"') || letter == QLatin1Char('\\')) literal += QLatin1Char('\\');
    if (letter.unicode() < 0x20)
      literal += QStringLiteral("\\x%1").arg(int{letter.unicode()}, 2, 16, QLatin1Char('0'));
    else
      literal += letter;
  }
  return literal + QLatin1Char('"');
}

}  // namespace

QString pythonSnippet(const QString& path) {
  return QStringLiteral(
             "import torch\n"
             "\n"
             "checkpoint = torch.load(%1, map_location=\"cpu\", weights_only=True)  # PyTorch 1.13: without "
             "weights_only\n"
             "model.load_state_dict(checkpoint[\"model_state_dict\"])\n"
             "optimizer.load_state_dict(checkpoint[\"optimizer_state_dict\"])\n"
             "torch.set_rng_state(checkpoint[\"rng_state\"][\"cpu\"])\n"
             "print(checkpoint[\"epoch\"], checkpoint[\"step\"], checkpoint[\"loss\"])\n")
      .arg(quoted(path));
}

}  // namespace cairn::ui
