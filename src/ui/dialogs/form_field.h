// One setting of a form: label, editor, and a line below that says what is wrong or what changed. GUI thread.
#pragma once

#include <QLabel>
#include <QWidget>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

namespace cairn::ui {

class FormField : public QWidget {
  Q_OBJECT

 public:
  /// How the editor's content becomes the key's JSON value and back. Null: the key is left out of the spec.
  struct Access {
    std::function<nlohmann::json()> read;
    std::function<void(const nlohmann::json&)> write;
    bool nullable = false;  ///< write takes null: a key that the spec leaves out
  };
  using Condition = std::function<bool(const nlohmann::json& spec)>;

  /// `key` is dotted ("optimizer.lr"); one that begins with '~' steers the form and is no part of the spec. `label` may
  /// hold a mnemonic; it is empty for a check box, which bears its own.
  FormField(std::string key, const QString& label, QWidget* editor, Access access);

  FormField* help(const QString& text);  ///< a tooltip on label and editor
  /// Shown, and part of the spec, only while `condition` holds for the settings before it.
  FormField* when(Condition condition);

  const std::string& key() const { return key_; }
  QString title() const;  ///< the label without its mnemonic
  QWidget* editor() const { return editor_; }
  bool applies(const nlohmann::json& spec) const { return !condition_ || condition_(spec); }

  bool nullable() const { return access_.nullable; }
  nlohmann::json value() const { return access_.read(); }
  void setValue(const nlohmann::json& value);  ///< not told by edited()
  bool touched() const { return touched_; }    ///< the person changed it

  void setError(const QString& error);     ///< "" clears it
  const QString& error() const { return error_; }
  void setWarning(const QString& text);    ///< stands below while there is no error
  void setFormer(const QString& former);   ///< marks it as changed, with its former value; "" ends the mark
  bool isMarked() const { return !former_.isEmpty(); }
  void lock(const QString& reason);        ///< shows the value, lets nobody edit it, and says why

  /// For the maker of the editor, which knows its signals.
  void markEdited();

 Q_SIGNALS:
  void edited();

 private:
  void showLine();

  std::string key_;
  QWidget* editor_;
  Access access_;
  Condition condition_;
  QLabel* dot_;
  QLabel* label_;
  QLabel* line_;
  QString error_, warning_, former_, lockReason_;
  bool touched_ = false, loading_ = false;
};

}  // namespace cairn::ui
