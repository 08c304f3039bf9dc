// The one exception type of the program: a message that a person can act on.
#pragma once

#include <stdexcept>
#include <string>

namespace cairn {

enum class ErrorKind {
  Failed,     ///< something went wrong at work: cairnctl exits with 1
  Invalid,    ///< wrong usage or an invalid spec: cairnctl exits with 2
  Cancelled,  ///< the person asked to stop: not a fault, never shown as one
};

/// What failed (naming the file or key), why, and what to do about it. `what()` is "WHAT: WHY; WHAT TO DO".
/// Foreign failures (c10::Error, SQLite codes, errno) are translated to it at their layer's edge, keeping the code.
class Error : public std::runtime_error {
 public:
  Error(std::string subject, std::string why, std::string advice = {}, ErrorKind kind = ErrorKind::Failed, int code = 0);

  /// An invalid spec or argument: `key` is its dotted path, such as "optimizer.lr".
  static Error invalid(std::string key, std::string why, std::string advice = {});
  /// A system call that failed on `path`, with errno's text and code.
  static Error system(const std::string& action, const std::string& path, int errorNumber, std::string advice = {});
  static Error cancelled(std::string subject);

  const std::string& subject() const { return subject_; }
  const std::string& why() const { return why_; }
  const std::string& advice() const { return advice_; }
  ErrorKind kind() const { return kind_; }
  /// errno, SQLite's extended code, or 0.
  int code() const { return code_; }

 private:
  std::string subject_, why_, advice_;
  ErrorKind kind_;
  int code_;
};

}  // namespace cairn
