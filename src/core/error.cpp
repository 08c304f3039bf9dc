#include "core/error.h"

#include <cstring>
#include <utility>

namespace cairn {

namespace {
std::string sentence(const std::string& subject, const std::string& why, const std::string& advice) {
  std::string text = subject + ": " + why;
  if (!advice.empty()) text += "; " + advice;
  return text;
}
}  // namespace

Error::Error(std::string subject, std::string why, std::string advice, ErrorKind kind, int code)
    : std::runtime_error(sentence(subject, why, advice)),
      subject_(std::move(subject)),
      why_(std::move(why)),
      advice_(std::move(advice)),
      kind_(kind),
      code_(code) {}

Error Error::invalid(std::string key, std::string why, std::string advice) {
  return {std::move(key), std::move(why), std::move(advice), ErrorKind::Invalid};
}

Error Error::system(const std::string& action, const std::string& path, int errorNumber, std::string advice) {
  return {path, "cannot " + action + ": " + std::strerror(errorNumber), std::move(advice), ErrorKind::Failed, errorNumber};
}

Error Error::cancelled(std::string subject) {
  return {std::move(subject), "cancelled", {}, ErrorKind::Cancelled};
}

}  // namespace cairn
