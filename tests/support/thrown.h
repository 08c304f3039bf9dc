// What a piece of work throws, for tests of the way that things fail.
#pragma once

#include <optional>
#include <string>

#include "core/error.h"

namespace cairn::tests {

/// The Error that `work` throws; none if it throws none.
template <typename Work>
std::optional<Error> errorOf(Work&& work) {
  try {
    work();
  } catch (const Error& error) {
    return error;
  }
  return {};
}

/// Its message; "" if it throws none.
template <typename Work>
std::string messageOf(Work&& work) {
  const auto error = errorOf(work);
  return error ? error->what() : std::string();
}

}  // namespace cairn::tests
