#include "ui/theme.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QFile>
#include <array>

#include "ui/calm_style.h"
#include "ui/svg_icon.h"

// Resources of a static library are linked only if asked for; the macro wants the global namespace.
static void linkResources() { Q_INIT_RESOURCE(cairn); }

namespace cairn::ui {

namespace {

const Colors kLight = {
    .window = QColor(0xf4f5f7), .panel = QColor(0xffffff), .border = QColor(0xd8dbe2), .text = QColor(0x1d2026),
    .mutedText = QColor(0x666b78), .accent = QColor(0x2460c8), .accentText = QColor(0xffffff),
    .selection = QColor(0xe3edfb), .grid = QColor(0xebecf0), .bannerBackground = QColor(0xfff6dd),
    .bannerBorder = QColor(0xecd28a), .good = QColor(0x1a7f45), .warning = QColor(0x9a5b00), .bad = QColor(0xb3261e),
    .neutral = QColor(0x858b99), .star = QColor(0xd9a100)};

const Colors kDark = {
    .window = QColor(0x17191d), .panel = QColor(0x1f2227), .border = QColor(0x363a43), .text = QColor(0xe6e8ec),
    .mutedText = QColor(0x9aa0ad), .accent = QColor(0x4c8bf5), .accentText = QColor(0x0d1117),
    .selection = QColor(0x27374f), .grid = QColor(0x2c3037), .bannerBackground = QColor(0x332b16),
    .bannerBorder = QColor(0x6b5720), .good = QColor(0x58c98a), .warning = QColor(0xe6a84c), .bad = QColor(0xf07c73),
    .neutral = QColor(0x858b99), .star = QColor(0xf0c040)};

// Neighbours differ in lightness as well as in hue, so that they stay apart without red or green.
constexpr std::array<QRgb, Theme::kRunColors> kRunsLight = {0x2460c8, 0xd1661b, 0x7a3bb0, 0x12875c,
                                            0xb3294e, 0x0e8fa8, 0x8a6d00, 0x5d6370};
constexpr std::array<QRgb, Theme::kRunColors> kRunsDark = {0x6ea1ff, 0xf0914d, 0xb98bea, 0x3fc08e,
                                           0xef6f8f, 0x4cc4dc, 0xd6b23c, 0xa9afbb};

constexpr auto kPortal = "org.freedesktop.portal.Desktop";
constexpr auto kPortalPath = "/org/freedesktop/portal/desktop";
constexpr auto kPortalSettings = "org.freedesktop.portal.Settings";
constexpr auto kAppearance = "org.freedesktop.appearance";
constexpr auto kColorScheme = "color-scheme";
constexpr uint kPrefersDark = 1;

/// The portal wraps its answer in one variant, or (Read, the older call) in two.
uint schemeOf(QVariant value) {
  while (value.canConvert<QDBusVariant>()) value = value.value<QDBusVariant>().variant();
  return value.toUInt();
}

QPalette paletteOf(const Colors& colors) {
  QPalette palette;
  palette.setColor(QPalette::Window, colors.window);
  palette.setColor(QPalette::WindowText, colors.text);
  palette.setColor(QPalette::Base, colors.panel);
  palette.setColor(QPalette::AlternateBase, colors.window);
  palette.setColor(QPalette::Text, colors.text);
  palette.setColor(QPalette::PlaceholderText, colors.mutedText);
  palette.setColor(QPalette::Button, colors.panel);
  palette.setColor(QPalette::ButtonText, colors.text);
  palette.setColor(QPalette::BrightText, colors.accentText);
  palette.setColor(QPalette::Highlight, colors.accent);
  palette.setColor(QPalette::HighlightedText, colors.accentText);
  palette.setColor(QPalette::ToolTipBase, colors.panel);
  palette.setColor(QPalette::ToolTipText, colors.text);
  palette.setColor(QPalette::Link, colors.accent);
  palette.setColor(QPalette::Mid, colors.border);
  palette.setColor(QPalette::Midlight, colors.grid);
  for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
    palette.setColor(QPalette::Disabled, role, colors.neutral);
  }
  return palette;
}

/// "@role" in the style sheet becomes that role's colour; longer names first, as one begins another.
QString styleSheetOf(const Colors& colors) {
  QFile file(QStringLiteral(":/style/cairn.qss"));
  if (!file.open(QIODevice::ReadOnly)) return {};
  auto sheet = QString::fromUtf8(file.readAll());
  const std::pair<const char*, QColor> roles[] = {
      {"@bannerBackground", colors.bannerBackground}, {"@bannerBorder", colors.bannerBorder},
      {"@accentText", colors.accentText}, {"@accent", colors.accent}, {"@mutedText", colors.mutedText},
      {"@selection", colors.selection}, {"@window", colors.window}, {"@panel", colors.panel},
      {"@border", colors.border}, {"@neutral", colors.neutral}, {"@warning", colors.warning},
      {"@text", colors.text}, {"@grid", colors.grid}, {"@good", colors.good}, {"@bad", colors.bad}};
  for (const auto& [name, color] : roles) sheet.replace(QLatin1String(name), color.name());
  return sheet;
}

QColor mixed(const QColor& a, const QColor& b, double part) {
  const auto mix = [part](float x, float y) { return static_cast<float>(x * (1 - part) + y * part); };
  return QColor::fromRgbF(mix(a.redF(), b.redF()), mix(a.greenF(), b.greenF()), mix(a.blueF(), b.blueF()));
}

}  // namespace

Theme& Theme::instance() {
  static Theme theme;
  return theme;
}

Theme::Theme() {
  linkResources();
  systemDark_ = QGuiApplication::palette().color(QPalette::Window).lightness() < 128;
  dark_ = systemDark_;
}

void Theme::setChoice(Choice choice) {
  choice_ = choice;
  if (choice == Choice::System) askPortal();
  apply();
}

const Colors& Theme::colors() const { return dark_ ? kDark : kLight; }

QColor Theme::runColor(int index) const {
  const auto& palette = dark_ ? kRunsDark : kRunsLight;
  return QColor(palette[static_cast<std::size_t>(index) % palette.size()]);
}

QString Theme::runColorName(int index) {
  const std::array<QString, kRunColors> names = {tr("Blue"), tr("Orange"), tr("Purple"), tr("Green"),
                                                 tr("Crimson"), tr("Teal"), tr("Ochre"), tr("Grey")};
  return names[static_cast<std::size_t>(index) % names.size()];
}

QIcon Theme::icon(const QString& name, QColor color) const {
  return svgIcon(QStringLiteral(":/icons/") % name % QStringLiteral(".svg"), color.isValid() ? color : colors().text);
}

std::pair<QColor, QColor> Theme::statePill(core::RunStatus status) const {
  const auto tint = [this](const QColor& color) { return std::pair(mixed(colors().panel, color, 0.16), color); };
  switch (status) {
    case core::RunStatus::Running: return tint(colors().good);
    case core::RunStatus::Paused: return tint(colors().warning);
    case core::RunStatus::Failed:
    case core::RunStatus::Interrupted: return tint(colors().bad);
    case core::RunStatus::Queued: return tint(colors().accent);
    case core::RunStatus::Stopped:
    case core::RunStatus::Completed: break;
  }
  return {mixed(colors().panel, colors().neutral, 0.2), colors().mutedText};
}

void Theme::apply() {
  dark_ = choice_ == Choice::Dark || (choice_ == Choice::System && systemDark_);
  if (auto* app = qobject_cast<QApplication*>(QCoreApplication::instance())) {
    QApplication::setStyle(new CalmStyle);
    QApplication::setPalette(paletteOf(colors()));
    if (!sheetLater_) app->setStyleSheet(styleSheetOf(colors()));
  }
  Q_EMIT changed();
}

Theme::SheetAfterwards::SheetAfterwards() { instance().sheetLater_ = true; }

Theme::SheetAfterwards::~SheetAfterwards() {
  auto& theme = instance();
  theme.sheetLater_ = false;
  if (auto* app = qobject_cast<QApplication*>(QCoreApplication::instance())) app->setStyleSheet(styleSheetOf(theme.colors()));
}

// Asked without waiting: a desktop without a portal, or a slow one, must not hold the window up.
void Theme::askPortal() {
  auto bus = QDBusConnection::sessionBus();
  if (!bus.isConnected()) return;
  bus.connect(QLatin1String(kPortal), QLatin1String(kPortalPath), QLatin1String(kPortalSettings),
              QStringLiteral("SettingChanged"), this,
              SLOT(onPortalSettingChanged(QString, QString, QDBusVariant)));
  auto question = QDBusMessage::createMethodCall(QLatin1String(kPortal), QLatin1String(kPortalPath),
                                                 QLatin1String(kPortalSettings), QStringLiteral("Read"));
  question << QLatin1String(kAppearance) << QLatin1String(kColorScheme);
  auto* watcher = new QDBusPendingCallWatcher(bus.asyncCall(question), this);
  connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
    const QDBusPendingReply<QVariant> reply = *watcher;
    watcher->deleteLater();
    if (reply.isError()) return;
    onPortalSettingChanged(QLatin1String(kAppearance), QLatin1String(kColorScheme), QDBusVariant(reply.value()));
  });
}

void Theme::onPortalSettingChanged(const QString& group, const QString& key, const QDBusVariant& value) {
  if (group != QLatin1String(kAppearance) || key != QLatin1String(kColorScheme)) return;
  const bool dark = schemeOf(value.variant()) == kPrefersDark;
  if (dark == systemDark_) return;
  systemDark_ = dark;
  if (choice_ == Choice::System) apply();
}

}  // namespace cairn::ui
