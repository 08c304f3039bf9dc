// A path that may be typed, dropped on it or chosen: a line with a button for the file dialog. GUI thread.
#pragma once

#include <QTimer>
#include <QWidget>

class QLineEdit;

namespace cairn::ui {

class PathLine : public QWidget {
  Q_OBJECT

 public:
  enum class For { Opening, Saving };

  /// `caption` and `filter` are the file dialog's; `name` is the line's object name and, with "Browse" after it, the
  /// button's.
  PathLine(For purpose, const QString& name, const QString& caption, const QString& filter, QWidget* parent = nullptr);

  QString path() const;  ///< absolute, or ""
  void setPath(const QString& path);
  void setFilter(const QString& filter) { filter_ = filter; }
  void commit() { tell(); }  ///< what stands in it is meant: changed() if it was not told yet
  QLineEdit& line() { return *line_; }

 Q_SIGNALS:
  void changed();  ///< a moment after the last letter, or at once if it was chosen

 private:
  void browse();
  void tell();

  For purpose_;
  QString caption_, filter_, told_;
  QLineEdit* line_;
  QTimer typed_;
};

/// The folder that was last used, for the next file dialog.
QString lastFolder();
void rememberFolder(const QString& path);

}  // namespace cairn::ui
