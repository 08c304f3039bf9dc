#include "training/job.h"
