// The real cairnctl, run on a home of the test's own.
#pragma once

#include <signal.h>

#include <QProcess>
#include <QString>
#include <QTemporaryDir>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace cairn::tests {

struct Outcome {
  int code = -1;
  std::string out, err;
  nlohmann::json json() const { return nlohmann::json::parse(out, nullptr, false); }
};

/// Not thread-safe. A minute at most for each command.
class Cairnctl {
 public:
  Cairnctl() : home_(folder() + "/home") {}
  explicit Cairnctl(std::string home) : home_(std::move(home)) {}

  static std::string example(const std::string& name) {
    return std::string(CAIRN_SOURCE_DIR "/resources/examples/") + name;
  }

  std::string folder() const { return folder_.path().toStdString(); }
  const std::string& home() const { return home_; }
  std::string file(const std::string& name) const { return folder() + "/" + name; }

  Outcome operator()(const std::vector<std::string>& arguments) {
    start(arguments);
    return finish();
  }
  /// As operator(), with --json, and the document.
  nlohmann::json json(std::vector<std::string> arguments) {
    arguments.emplace_back("--json");
    return (*this)(arguments).json();
  }

  void start(const std::vector<std::string>& arguments) {
    QStringList list{"--home", QString::fromStdString(home())};
    for (const auto& argument : arguments) list << QString::fromStdString(argument);
    process_.start(QStringLiteral(CAIRN_BINARY_DIR "/cairnctl"), list);
    process_.waitForStarted();
  }
  void signal(int number) { ::kill(static_cast<pid_t>(process_.processId()), number); }
  long pid() const { return static_cast<long>(process_.processId()); }
  /// What it wrote on stderr so far.
  const QByteArray& messages() {
    process_.waitForReadyRead(1);
    return messages_ += process_.readAllStandardError();
  }
  /// As a terminal that goes away: what it writes fails.
  void closeOutput() {
    process_.closeReadChannel(QProcess::StandardOutput);
    process_.closeReadChannel(QProcess::StandardError);
  }
  bool running() { return process_.state() != QProcess::NotRunning; }
  /// The exit code; -signal if one ended it.
  Outcome finish() {
    if (!process_.waitForFinished(60000)) process_.kill();
    Outcome outcome;
    outcome.code = process_.exitStatus() == QProcess::NormalExit ? process_.exitCode() : -1;
    outcome.out = process_.readAllStandardOutput().toStdString();
    outcome.err = process_.readAllStandardError().toStdString();
    return outcome;
  }
  /// Until the run has a file for a checkpoint, or half a minute has gone.
  bool waitForCheckpoints(int count);

 private:
  QTemporaryDir folder_;
  std::string home_;
  QProcess process_;
  QByteArray messages_;
};

}  // namespace cairn::tests
