// The zip that torch.save writes, told from what else a file may be. Free functions, thread-safe.
#pragma once

#include <string>

#include "storage/byte_source.h"
#include "storage/zip_reader.h"

namespace cairn::storage {

/// What is not a zip gets a word on what it is. Throws Error.
void requireZip(const ByteSource& source);
/// The folder that all entries of a PyTorch file stand in. Throws Error if there is none, or it is a TorchScript
/// archive.
std::string archiveOf(const ZipReader& zip);
/// Whether its numbers were written by a big-endian machine.
bool isBigEndian(const ZipReader& zip, const std::string& archive);

}  // namespace cairn::storage
