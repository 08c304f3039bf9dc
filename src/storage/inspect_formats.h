// The two formats that can be inspected. Each fills in all of `inspection` but the file's name and size; throws Error
// if the file is not of that format at all. Free functions, thread-safe.
#pragma once

#include "storage/inspection.h"

namespace cairn::storage {

void inspectTorch(Inspection& inspection, const ByteSource& source, const core::Progress& progress,
                  const InspectionLimits& limits);
void inspectSafetensors(Inspection& inspection, const ByteSource& source, const InspectionLimits& limits);

}  // namespace cairn::storage
