#include "engine/loop/error_translation.h"

#include <new>
#include <string>

#include "engine/torch_pch.h"

namespace cairn::engine {

namespace {

std::string firstLine(const std::string& text) { return text.substr(0, text.find('\n')); }

bool isAboutMemory(const std::string& text) {
  return text.find("out of memory") != std::string::npos || text.find("can't allocate memory") != std::string::npos ||
         text.find("not enough memory") != std::string::npos;
}

constexpr const char* kMemoryAdvice = "use a smaller training.batch_size or a smaller model";

}  // namespace

std::shared_ptr<const Error> failureOf(const char* subject, const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return std::make_shared<Error>(error);
  } catch (const c10::Error& error) {
    const auto why = firstLine(error.what_without_backtrace());
    return std::make_shared<Error>(subject, why, isAboutMemory(why) ? kMemoryAdvice : "");
  } catch (const std::bad_alloc&) {
    return std::make_shared<Error>(subject, "there is not enough memory", kMemoryAdvice);
  } catch (const std::exception& error) {
    return std::make_shared<Error>(subject, firstLine(error.what()));
  } catch (...) {
    return std::make_shared<Error>(subject, "an unknown failure");
  }
  return nullptr;
}

}  // namespace cairn::engine
