#include "core/run_spec.h"
