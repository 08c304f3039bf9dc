#include "ui/app/exit_signals.h"

#include <fcntl.h>
#include <unistd.h>

#include <QSocketNotifier>
#include <cerrno>

#include "core/error.h"

namespace cairn::ui {

namespace {

int writeEnd = -1;  // a handler can reach nothing but globals

// Only what may be called in a signal handler.
void onSignal(int signal) {
  const int before = errno;
  const auto byte = static_cast<unsigned char>(signal);
  [[maybe_unused]] const auto written = ::write(writeEnd, &byte, 1);
  errno = before;
}

}  // namespace

ExitSignals::ExitSignals(QObject* parent) : QObject(parent) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) throw Error::system("make", "a pipe for signals", errno);
  readEnd_ = ends[0];
  writeEnd = ends[1];
  auto* notifier = new QSocketNotifier(readEnd_, QSocketNotifier::Read, this);
  connect(notifier, &QSocketNotifier::activated, this, &ExitSignals::take);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    struct sigaction old {};
    if (sigaction(signal, nullptr, &old) != 0 || old.sa_handler == SIG_IGN) continue;
    struct sigaction ours {};
    ours.sa_handler = onSignal;
    ours.sa_flags = SA_RESTART;
    sigemptyset(&ours.sa_mask);
    if (sigaction(signal, &ours, nullptr) == 0) before_[signal] = old;
  }
}

ExitSignals::~ExitSignals() {
  for (const auto& [signal, old] : before_) sigaction(signal, &old, nullptr);
  ::close(writeEnd);
  ::close(readEnd_);
}

void ExitSignals::take() {
  unsigned char signal = 0;
  while (::read(readEnd_, &signal, 1) == 1) Q_EMIT arrived(signal);
}

}  // namespace cairn::ui
