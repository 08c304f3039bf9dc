// A field of a CSV file as spreadsheets and Python read it (RFC 4180). A pure function.
#pragma once

#include <string>
#include <string_view>

namespace cairn::core {

/// `text`, in quotes where it has a comma, a quote or a line break, or spaces at its edges that readers would strip.
std::string csvField(std::string_view text);

}  // namespace cairn::core
