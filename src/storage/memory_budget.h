// How much memory reading one file may still take: a hostile file must not ask for more. Not thread-safe.
#pragma once

#include <cstdint>
#include <string>

#include "core/error.h"

namespace cairn::storage {

class MemoryBudget {
 public:
  MemoryBudget(std::string file, std::uint64_t bytes) : file_(std::move(file)), left_(bytes) {}

  const std::string& file() const { return file_; }
  std::uint64_t left() const { return left_; }
  void refund(std::uint64_t bytes) { left_ += bytes; }
  void charge(std::uint64_t bytes) {
    if (bytes > left_)
      throw Error(file_, "asks for far more memory than its size explains", "it is damaged, or was made to do harm");
    left_ -= bytes;
  }

 private:
  std::string file_;
  std::uint64_t left_;
};

}  // namespace cairn::storage
