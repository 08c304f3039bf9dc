// Tags as small labels: a click takes one off, a field adds one. GUI thread.
#pragma once

#include <QWidget>
#include <string>
#include <vector>

class QLineEdit;

namespace cairn::ui {

class FlowLayout;

class TagBar : public QWidget {
  Q_OBJECT

 public:
  explicit TagBar(QWidget* parent = nullptr);
  void setTags(const std::vector<std::string>& tags, bool readOnly);

 Q_SIGNALS:
  void tagsEdited(const std::vector<std::string>& tags);

 private:
  void rebuild();
  void add();
  void remove(const std::string& tag);

  std::vector<std::string> tags_;
  bool readOnly_ = false;
  std::vector<QWidget*> labels_;
  QLineEdit* field_;
  FlowLayout* layout_;
};

}  // namespace cairn::ui
