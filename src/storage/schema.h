// The catalog's numbered schema files (schema/NNNN_name.sql), compiled in.
#pragma once

#include <span>
#include <string_view>

namespace cairn::storage {

struct SchemaFile {
  std::string_view name;  ///< "0001_initial.sql"
  std::string_view sql;
};

/// In order; the Nth brings PRAGMA user_version from N-1 to N, in one transaction.
std::span<const SchemaFile> schemaFiles();

}  // namespace cairn::storage
