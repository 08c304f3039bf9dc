#include "storage/home.h"
