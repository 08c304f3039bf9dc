#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include "ui/dialogs/predict_pages.h"
#include "ui/theme.h"

namespace cairn::ui {

namespace {

constexpr int kMostBytes = 100'000;
constexpr int kPromptHeight = 90;

template <typename Spin>
Spin* addSpin(QHBoxLayout* row, const QString& label, Spin* spin) {
  auto* text = new QLabel(label);
  text->setBuddy(spin);
  row->addWidget(text);
  row->addWidget(spin);
  return spin;
}

}  // namespace

PredictTextPage::PredictTextPage(PredictSession& session, QWidget* parent) : QWidget(parent) {
  auto* prompt = new QPlainTextEdit;
  prompt->setObjectName(QStringLiteral("prompt"));
  prompt->setPlaceholderText(QStringLiteral("The text that the model goes on from"));
  prompt->setAccessibleName(QStringLiteral("Prompt"));
  prompt->setTabChangesFocus(true);
  prompt->setMaximumHeight(kPromptHeight);
  auto* row = new QHBoxLayout;
  row->setSpacing(Theme::kSpacing);
  auto* bytes = addSpin(row, QStringLiteral("&Bytes"), new QSpinBox);
  bytes->setRange(1, kMostBytes);
  bytes->setValue(200);
  auto* temperature = addSpin(row, QStringLiteral("&Temperature"), new QDoubleSpinBox);
  temperature->setRange(0, 5);
  temperature->setSingleStep(0.1);
  temperature->setValue(0.8);
  temperature->setToolTip(QStringLiteral("0 takes the likeliest byte each time; higher is more daring."));
  auto* seed = addSpin(row, QStringLiteral("See&d"), new QSpinBox);
  seed->setRange(0, 1'000'000'000);
  seed->setToolTip(QStringLiteral("The same seed gives the same text."));
  row->addStretch(1);
  auto* go = new QPushButton(QStringLiteral("&Continue the text"));
  go->setProperty("primary", true);
  go->setObjectName(QStringLiteral("continue"));
  row->addWidget(go);
  auto* result = new QPlainTextEdit;
  result->setObjectName(QStringLiteral("textResult"));
  result->setAccessibleName(QStringLiteral("Result"));
  result->setReadOnly(true);
  result->setTabChangesFocus(true);
  auto* layout = new QVBoxLayout(this);
  layout->setSpacing(Theme::kSpacing);
  layout->addWidget(prompt);
  layout->addLayout(row);
  layout->addWidget(result, 1);
  connect(go, &QPushButton::clicked, this, [=, &session] {
    const auto text = prompt->toPlainText().toStdString();
    session.ask<std::string>(
        [text, count = bytes->value(), heat = temperature->value(), start = static_cast<std::uint64_t>(seed->value())](
            engine::Predictor& model, const core::Progress& progress) { return model.continueText(text, count, heat, start, progress); },
        [result](std::string continued) { result->setPlainText(QString::fromStdString(continued)); });
  });
}

}  // namespace cairn::ui
