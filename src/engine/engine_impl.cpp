#include "engine/face/engine.h"
