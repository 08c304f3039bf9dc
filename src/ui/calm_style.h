// Fusion with check boxes and radio buttons that stand out in either theme: its own take their outline from the window's
// colour, darkened, which is not to be seen on a dark window. GUI thread.
#pragma once

#include <QProxyStyle>

namespace cairn::ui {

class CalmStyle : public QProxyStyle {
  Q_OBJECT

 public:
  CalmStyle();
  void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget = nullptr) const override;
};

}  // namespace cairn::ui
