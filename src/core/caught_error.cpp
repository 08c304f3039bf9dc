#include "core/caught_error.h"

#include <exception>
#include <new>

namespace cairn {

Error caughtError(const std::string& subject) {
  try {
    throw;
  } catch (const Error& error) {
    return error;
  } catch (const std::bad_alloc&) {
    return {subject, "there is not enough memory", "close other programs, or make the model or the batch smaller"};
  } catch (const std::exception& error) {
    const std::string why = error.what();
    return {subject, why.substr(0, why.find('\n'))};
  } catch (...) {
    return {subject, "an unknown failure"};
  }
}

}  // namespace cairn
