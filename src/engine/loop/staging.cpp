#include "engine/loop/staging.h"

#include <utility>

namespace cairn::engine {

namespace {

constexpr std::size_t kKept = 2;  // free blocks held ready: one is written while the next is filled

}  // namespace

StagingPool::Block StagingPool::take(Shelf& shelf, std::size_t bytes) {
  {
    const std::lock_guard lock(shelf.mutex);
    for (auto block = shelf.blocks.begin(); block != shelf.blocks.end(); ++block) {
      if (block->size < bytes) continue;
      Block taken = std::move(*block);
      shelf.blocks.erase(block);
      return taken;
    }
    shelf.blocks.clear();  // too small for this state, so for those to come
  }
  return {core::allocateLarge(bytes), bytes};
}

std::shared_ptr<std::byte> StagingPool::lease(std::size_t bytes) {
  auto block = std::make_shared<Block>(take(*shelf_, bytes));
  auto* memory = block->memory.get();
  return {memory, [block, shelf = shelf_](std::byte*) {
            const std::lock_guard lock(shelf->mutex);
            if (shelf->blocks.size() < kKept) shelf->blocks.push_back(std::move(*block));
          }};
}

}  // namespace cairn::engine
