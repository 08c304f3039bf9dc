// How a whole divides: one bar of coloured parts, each named in the line below. GUI thread.
#pragma once

#include <QColor>
#include <QList>
#include <QWidget>

namespace cairn::ui {

class ShareBar : public QWidget {
  Q_OBJECT

 public:
  struct Part {
    QString name;
    QColor color;
    qint64 count = 0;
  };

  explicit ShareBar(QWidget* parent = nullptr);
  void set(const QList<Part>& parts);
  const QList<Part>& parts() const { return parts_; }
  QSize sizeHint() const override { return {200, 10}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QList<Part> parts_;
};

}  // namespace cairn::ui
