#include "ui/app/session_end.h"

#include <unistd.h>

#include <QEventLoop>
#include <QGuiApplication>
#include <QSessionManager>
#include <cstdio>

#include "ui/app/close_guard.h"
#include "ui/app/exit_signals.h"
#include "ui/app/training_controller.h"

namespace cairn::ui {

namespace {

constexpr int kSignalBase = 128;  // of the exit status of a program that a signal ended

void say(const std::string& words) { std::fprintf(stderr, "cairn: %s\n", words.c_str()); }

}  // namespace

SessionEnd::SessionEnd(CloseGuard& guard, TrainingController& controller, QObject* parent)
    : QObject(parent), guard_(guard), controller_(controller) {
  auto* signals = new ExitSignals(this);
  connect(signals, &ExitSignals::arrived, this, &SessionEnd::onSignal);
  connect(qGuiApp, &QGuiApplication::commitDataRequest, this, &SessionEnd::onCommit, Qt::DirectConnection);
  // Whoever sent a signal may look at a terminal rather than at the window.
  connect(&guard, &CloseGuard::cannotSave, this, [this](const Error& why) {
    if (bySignal_) say(std::string("the checkpoint cannot be saved: ") + why.what());
  });
  connect(&guard, &CloseGuard::saved, this, [this] {
    if (bySignal_) QCoreApplication::exit(0);
  });
  connect(&guard, &CloseGuard::stayed, this, [this] { bySignal_ = false; });
}

void SessionEnd::onSignal(int signal) {
  if (bySignal_) _exit(kSignalBase + signal);  // what is durable stays so
  bySignal_ = true;
  if (controller_.busy()) say("stopping with a checkpoint (again: stop at once)");
  guard_.save(CloseGuard::Then::Close);
}

// The session waits for this function: it comes back once all is saved, or it is clear that it will not be.
void SessionEnd::onCommit(QSessionManager& manager) {
  if (!controller_.busy()) return;
  QEventLoop loop;
  bool asking = false, staying = false;
  connect(&guard_, &CloseGuard::saved, &loop, &QEventLoop::quit);
  connect(&guard_, &CloseGuard::stayed, &loop, [&] {
    staying = true;
    loop.quit();
  });
  connect(&guard_, &CloseGuard::cannotSave, &loop, [&](const Error& why) {
    asking = asking || manager.allowsInteraction();
    if (asking) return;
    say(std::string("the checkpoint cannot be saved: ") + why.what());
    loop.quit();  // nobody can be asked, and the session cannot wait for room on the disk
  });
  // The window stays: whether it goes is for the session to say.
  QMetaObject::invokeMethod(&guard_, [this] { guard_.save(CloseGuard::Then::Stay); }, Qt::QueuedConnection);
  loop.exec();
  if (asking) manager.release();
  if (staying) manager.cancel();
}

}  // namespace cairn::ui
