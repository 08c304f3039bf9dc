// Memory that checkpoints are copied into: kept warm and used again once the recorder has let go of the last one.
// Leased on the training thread; a lease may end on any.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "core/large_memory.h"

namespace cairn::engine {

class StagingPool {
 public:
  /// At least `bytes`, aligned to 64; it goes back to the pool with its last owner.
  std::shared_ptr<std::byte> lease(std::size_t bytes);

 private:
  struct Block {
    core::LargeMemory memory;
    std::size_t size = 0;
  };
  struct Shelf {
    std::mutex mutex;  // guards blocks
    std::vector<Block> blocks;
  };

  static Block take(Shelf& shelf, std::size_t bytes);

  // Outlives the pool as long as a lease does.
  std::shared_ptr<Shelf> shelf_ = std::make_shared<Shelf>();
};

}  // namespace cairn::engine
