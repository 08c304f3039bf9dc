#include "engine/torch_error.h"

#include "core/caught_error.h"
#include "engine/torch_pch.h"

namespace cairn::engine {

namespace {

std::string firstLine(const std::string& text) { return text.substr(0, text.find('\n')); }

bool isAboutMemory(const std::string& text) {
  return text.find("out of memory") != std::string::npos || text.find("can't allocate memory") != std::string::npos ||
         text.find("not enough memory") != std::string::npos;
}

}  // namespace

Error caughtTorchError(const std::string& subject) {
  try {
    throw;
  } catch (const c10::Error& error) {
    const auto why = firstLine(error.what_without_backtrace());
    return {subject, why, isAboutMemory(why) ? "use a smaller training.batch_size or a smaller model" : ""};
  } catch (...) {
    return caughtError(subject);
  }
}

}  // namespace cairn::engine
