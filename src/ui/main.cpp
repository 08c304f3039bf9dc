// cairn, the workbench: reads the command line and opens the window.
#include <QApplication>
#include <QCommandLineParser>
#include <QSettings>
#include <algorithm>
#include <cstdio>
#include <optional>
#include <string_view>

#include "storage/home.h"
#include "ui/app/file_commands.h"
#include "ui/app/main_window.h"
#include "ui/app/screenshot.h"
#include "ui/app/session_end.h"
#include "ui/theme.h"

namespace {

using cairn::ui::Theme;

constexpr int kWrongUsage = 2;

struct Options {
  QString home, theme;
  QSize size;
  QStringList files;  ///< to look into
  std::optional<cairn::ui::ScreenshotOptions> screenshot;
};

[[noreturn]] void refuse(const QString& why) {
  std::fprintf(stderr, "cairn: %s\nTry cairn --help.\n", qUtf8Printable(why));
  std::exit(kWrongUsage);
}

QSize parseSize(const QString& text) {
  const auto parts = text.split(QLatin1Char('x'));
  const QSize size = parts.size() == 2 ? QSize(parts[0].toInt(), parts[1].toInt()) : QSize();
  if (size.isEmpty()) refuse(QStringLiteral("--size: \"%1\" is no size; write one such as 1600x1000").arg(text));
  return size;
}

/// "--compare A B": the first is the option's value, the others stand behind it.
QStringList comparedOf(const QCommandLineParser& parser) {
  auto compared = parser.values(QStringLiteral("compare"));
  if (compared.isEmpty()) return {};
  compared += parser.positionalArguments();
  if (compared.size() < 2 || compared.size() > 4) {
    refuse(QStringLiteral("--compare: %1 checkpoints are named; name two to four").arg(compared.size()));
  }
  return compared;
}

Options parse(const QCoreApplication& app) {
  QCommandLineParser parser;
  parser.setApplicationDescription(QStringLiteral("Cairn, a desktop training workbench."));
  parser.addPositionalArgument(QStringLiteral("FILE"), QStringLiteral("A PyTorch or safetensors file to look into."),
                               QStringLiteral("[FILE...]"));
  parser.addHelpOption();
  parser.addVersionOption();
  parser.addOptions({
      {QStringLiteral("home"), QStringLiteral("Where runs and checkpoints are kept."), QStringLiteral("DIR")},
      {QStringLiteral("screenshot"), QStringLiteral("Draw the window to a file and exit."), QStringLiteral("FILE.png")},
      {QStringLiteral("size"), QStringLiteral("The window's size in pixels."), QStringLiteral("WxH")},
      {QStringLiteral("theme"), QStringLiteral("light or dark; else as the desktop."), QStringLiteral("THEME")},
      {QStringLiteral("select"), QStringLiteral("The checkpoint to show, with --screenshot."),
       QStringLiteral("CHECKPOINT")},
      {QStringLiteral("compare"), QStringLiteral("Checkpoints to compare, two to four, with --screenshot."),
       QStringLiteral("A B [C D]")},
      {QStringLiteral("compare-page"),
       QStringLiteral("The page of the comparison, with --compare: summary, curves, ..."), QStringLiteral("NAME")},
      {QStringLiteral("dialog"), QStringLiteral("The dialog to show, with --screenshot: new-run."),
       QStringLiteral("NAME")},
  });
  const bool understood = parser.parse(app.arguments());
  if (parser.isSet(QStringLiteral("help"))) parser.showHelp();
  if (parser.isSet(QStringLiteral("version"))) parser.showVersion();
  if (!understood) refuse(parser.errorText());
  Options options{.home = parser.value(QStringLiteral("home")), .theme = parser.value(QStringLiteral("theme")),
                  .size = {}, .files = parser.positionalArguments(), .screenshot = {}};
  if (parser.isSet(QStringLiteral("size"))) options.size = parseSize(parser.value(QStringLiteral("size")));
  if (!QStringList{QString(), QStringLiteral("light"), QStringLiteral("dark")}.contains(options.theme)) {
    refuse(QStringLiteral("--theme: \"%1\" is neither light nor dark").arg(options.theme));
  }
  const auto dialog = parser.value(QStringLiteral("dialog"));
  if (!dialog.isEmpty() && dialog != QLatin1String("new-run")) {
    refuse(QStringLiteral("--dialog: there is no \"%1\"; there is new-run").arg(dialog));
  }
  if (parser.isSet(QStringLiteral("screenshot"))) {
    options.screenshot = cairn::ui::ScreenshotOptions{parser.value(QStringLiteral("screenshot")),
                                                      parser.value(QStringLiteral("select")), dialog,
                                                      comparedOf(parser), parser.value(QStringLiteral("compare-page"))};
    if (!options.screenshot->compared.isEmpty()) options.files.clear();
    if (options.screenshot->compared.isEmpty() && !options.screenshot->comparePage.isEmpty())
      refuse(QStringLiteral("--compare-page goes with --compare"));
  } else {
    for (const auto* option : {"select", "compare", "compare-page", "dialog"})
      if (parser.isSet(QLatin1String(option)))
        refuse(QStringLiteral("--%1 goes with --screenshot").arg(QLatin1String(option)));
  }
  return options;
}

Theme::Choice themeOf(const Options& options) {
  if (options.theme == QLatin1String("dark")) return Theme::Choice::Dark;
  if (options.theme == QLatin1String("light") || options.screenshot) return Theme::Choice::Light;
  return static_cast<Theme::Choice>(QSettings().value(QStringLiteral("theme"), 0).toInt());
}

/// A picture needs no display; which platform draws is decided before the application is made.
void drawOffscreenIfAsked(int argc, char** argv) {
  for (int at = 1; at < argc; ++at) {
    const bool asked = QByteArrayView(argv[at]).startsWith("--screenshot");
    if (asked && qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
  }
}

/// Qt's own options ("-platform") are a QApplication's to take, so only these are read without one.
bool asksForWords(int argc, char** argv) {
  return std::any_of(argv + 1, argv + argc, [](std::string_view argument) {
    return argument == "-h" || argument == "--help" || argument == "-v" || argument == "--version";
  });
}

/// Prints the help or the version and ends, which needs no display: a QApplication would abort without one.
void answerInWords(int argc, char** argv) {
  const QCoreApplication app(argc, argv);
  parse(app);
}

}  // namespace

int main(int argc, char** argv) {
  drawOffscreenIfAsked(argc, argv);
  QCoreApplication::setOrganizationName(QStringLiteral("cairn"));
  QCoreApplication::setApplicationName(QStringLiteral("cairn"));
  QCoreApplication::setApplicationVersion(QStringLiteral(CAIRN_VERSION));
  if (asksForWords(argc, argv)) answerInWords(argc, argv);
  QApplication app(argc, argv);
  const auto options = parse(app);
  auto sheet = std::make_optional<Theme::SheetAfterwards>();
  Theme::instance().setChoice(themeOf(options));
  QApplication::setWindowIcon(Theme::instance().icon(QStringLiteral("cairn")));

  cairn::ui::MainWindow window(cairn::storage::Home::locate(options.home.toStdString()));
  sheet.reset();
  if (options.screenshot) {
    new cairn::ui::Screenshot(window, *options.screenshot);
  } else {
    window.restoreLayout();
    new cairn::ui::SessionEnd(window.closeGuard(), window.controller(), &window);
  }
  if (options.size.isValid()) window.resize(options.size);
  window.show();
  for (const auto& file : options.files) window.files().inspect(file);
  return QApplication::exec();
}
