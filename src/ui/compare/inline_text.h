// One line of differently coloured words that is cut with "…" where it has no room; the whole is its tool tip. GUI
// thread.
#pragma once

#include <QColor>
#include <QList>
#include <QString>
#include <QWidget>

namespace cairn::ui {

class InlineText : public QWidget {
  Q_OBJECT

 public:
  enum class Tone { Plain, Muted, Strong, Good };
  struct Words {
    QString text;
    Tone tone = Tone::Plain;
    bool star = false;  ///< a star behind it
  };

  explicit InlineText(QWidget* parent = nullptr);
  void setWords(const QList<Words>& words);
  QString plain() const;
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QFont fontOf(Tone tone) const;
  int widthOf(const Words& words) const;
  QList<Words> words_;
};

}  // namespace cairn::ui
