#include "ui/compare/compare_offers.h"

#include <QCoreApplication>
#include <algorithm>

#include "ui/checkpoint_names.h"
#include "ui/selection.h"

namespace cairn::ui {

namespace {

QString tr(const char* words) { return QCoreApplication::translate("cairn::ui::compare_offers", words); }

bool has(const std::vector<std::string>& ids, const std::string& id) { return std::find(ids.begin(), ids.end(), id) != ids.end(); }

class Offers {
 public:
  Offers(const HomeSnapshot& home, const core::CheckpointRecord& checkpoint) : home_(home), own_(checkpoint.id) {}

  void addTicked(const std::vector<std::string>& ticked) {
    if (ticked.size() >= 2 && has(ticked, own_)) return list_.push_back({tr("the %1 that are ticked").arg(ticked.size()), ticked});
    if (ticked.size() == 1) add(home_.checkpoint(ticked.front()), tr("ticked"));
    if (ticked.size() < 2) return;
    if (ticked.size() < Selection::kMostCompared) {
      auto all = ticked;
      all.push_back(own_);
      list_.push_back({tr("with the %1 that are ticked").arg(ticked.size()), all});
    }
    list_.push_back({tr("the %1 that are ticked, without this one").arg(ticked.size()), ticked});
  }

  /// Once, and not with itself.
  void add(const core::CheckpointRecord* other, const QString& what) {
    if (!other || other->id == own_ || has(offered_, other->id)) return;
    offered_.push_back(other->id);
    list_.push_back({tr("with %1, %2").arg(checkpointName(home_, other->id), what), {other->id, own_}});
  }

  /// If its file is there.
  void addBest(const core::RunRecord& run, const QString& what) {
    const auto* best = home_.bestReady(run);
    if (best && run.best && run.best->step == best->step) add(best, what);
  }

  std::vector<CompareOffer> take() { return std::move(list_); }

 private:
  const HomeSnapshot& home_;
  const std::string own_;
  std::vector<std::string> offered_;
  std::vector<CompareOffer> list_;
};

}  // namespace

std::vector<CompareOffer> compareOffers(const HomeSnapshot& home, const std::vector<std::string>& ticked,
                                        const core::CheckpointRecord& checkpoint) {
  Offers offers(home, checkpoint);
  offers.addTicked(ticked);
  const auto* run = home.run(checkpoint.run);
  if (!run) return offers.take();
  if (const auto* from = home.checkpoint(run->parentCheckpoint); from && from->state == core::CheckpointState::Ready) {
    offers.add(from, tr("where its run branched off"));
  }
  if (const auto* parent = home.run(run->parentRun)) offers.addBest(*parent, tr("the best of the parent"));
  offers.addBest(*run, tr("the best of its run"));
  offers.add(home.newestReady(run->id), tr("the newest of its run"));
  return offers.take();
}

}  // namespace cairn::ui
