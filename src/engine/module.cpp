// The module's one entry: what face/loader.cpp looks up.
#include "engine/engine_impl.h"

extern "C" __attribute__((visibility("default"))) cairn::engine::Engine* cairn_engine() {
  static cairn::engine::EngineImpl engine;
  return &engine;
}
