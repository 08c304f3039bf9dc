// A whole spec as a form: sections on the left, the pages beside them; checked after each edit by the spec's own
// validation, whose error stands at its field. GUI thread.
#pragma once

#include <QWidget>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/run_spec.h"
#include "ui/dialogs/spec_page.h"

class QListWidget;
class QStackedWidget;

namespace cairn::ui {

class SpecEditor : public QWidget {
  Q_OBJECT

 public:
  enum Page { Data, Model, Training, Checkpoints };

  explicit SpecEditor(QWidget* parent = nullptr);

  void setSpec(const core::RunSpec& spec);
  void setName(const QString& name);  ///< the run's, which is edited elsewhere; "" leaves it to the spec's default

  nlohmann::json json() const { return json_; }  ///< as it would stand in a spec file
  /// Absent while something is wrong with it.
  const std::optional<core::RunSpec>& spec() const { return spec_; }
  /// What is wrong, in a sentence; "" if nothing is.
  QString problem() const;
  /// The field at which it is wrong; null if it has none.
  FormField* problemField() const;
  /// What reading the data said; it stands until the data settings change.
  void setDataError(const std::optional<Error>& error);

  FormField* field(const std::string& key) const;  ///< that applies now, or null
  /// Puts a value that nobody typed into the field of `key` that applies now, if one does.
  void fill(const std::string& key, const nlohmann::json& value);
  const std::vector<SpecPage*>& pages() const { return pages_; }
  Page currentPage() const;
  void showPage(Page page);
  void showField(FormField* field);

 Q_SIGNALS:
  void changed();
  void pageChanged();

 private:
  void refresh();
  void check();
  void findMissingFile();
  void showErrors();
  const std::optional<Error>& error() const;  ///< the one that is shown
  FormField* dataErrorField() const;

  QListWidget* sections_;
  QStackedWidget* stack_;
  std::vector<SpecPage*> pages_;
  QString name_;
  nlohmann::json json_ = nlohmann::json::object();
  std::optional<core::RunSpec> spec_;
  std::optional<Error> fileError_, specError_, dataError_;
  bool loading_ = false;
};

}  // namespace cairn::ui
