// The peer of row 11: a Qt window with a QCustomPlot in it, and nothing else.
#include <qcustomplot.h>

#include <QApplication>
#include <QMainWindow>

int main(int argc, char** argv) {
  QApplication app(argc, argv);
  QMainWindow window;
  auto* plot = new QCustomPlot;
  plot->addGraph();
  window.setCentralWidget(plot);
  window.resize(1400, 880);
  window.show();
  return QApplication::exec();
}
