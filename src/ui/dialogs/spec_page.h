// One page of a spec's form: fields under headings, each bound to a key. GUI thread.
#pragma once

#include <QScrollArea>
#include <QString>
#include <vector>

#include "ui/dialogs/form_field.h"

class QVBoxLayout;

namespace cairn::ui {

class SpecPage : public QScrollArea {
  Q_OBJECT

 public:
  explicit SpecPage(const QString& title, QWidget* parent = nullptr);

  const QString& title() const { return title_; }
  void heading(const QString& text);
  FormField* add(FormField* field);  ///< takes it

  /// Shows the values of `spec` in the fields that apply to it.
  void load(const nlohmann::json& spec);
  /// Shows the fields that apply, and puts their values into `spec`.
  void store(nlohmann::json& spec);
  const std::vector<FormField*>& fields() const { return fields_; }
  /// The field of `key` that applies now, or null.
  FormField* field(const std::string& key) const;
  bool hasError() const;

 Q_SIGNALS:
  void edited();

 private:
  QString title_;
  QVBoxLayout* layout_;
  std::vector<FormField*> fields_;
  bool hasHeading_ = false;
};

}  // namespace cairn::ui
