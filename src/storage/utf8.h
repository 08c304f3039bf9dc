// Whether bytes are well-formed UTF-8 (Unicode 15, table 3-7): what a pickle's text must be.
#pragma once

#include <string_view>

namespace cairn::storage {

bool isUtf8(std::string_view text);

}  // namespace cairn::storage
