// What is done beside training for a person who waits for it: a value, kept by the training controller.
#pragma once

#include <QString>
#include <cstdint>
#include <string>

#include "ui/event_mailbox.h"

namespace cairn::ui {

struct SideWork {
  enum class Kind { None, LookingAtData, Recreating };

  Kind kind = Kind::None;
  std::string run;                   ///< id
  std::int64_t step = 0;             ///< Recreating: the one that is made again
  bool waits = false;                ///< Recreating: for what trains at this moment
  QString phase;                     ///< "" while steps are taken
  std::int64_t done = 0, total = 0;  ///< total 0: not known
  std::int64_t startStep = -1;       ///< Recreating: where training sets out from; -1: not known yet

  bool operator==(const SideWork&) const = default;
};

/// What a recreation's events say of it; true once it has ended.
bool apply(const EventMailbox::Delivery& delivery, SideWork& work);

}  // namespace cairn::ui
