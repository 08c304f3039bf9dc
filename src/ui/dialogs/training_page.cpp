#include <QThread>

#include "ui/dialogs/editors.h"
#include "ui/dialogs/json_text.h"
#include "ui/dialogs/spec_pages.h"

namespace cairn::ui {

using nlohmann::json;

namespace {

FormField::Condition optimizer(bool adam, const char* only = nullptr) {
  return [adam, only](const json& spec) {
    if (only) return is(spec, "optimizer.type", only);
    return is(spec, "optimizer.type", "SGD") != adam;
  };
}
FormField::Condition schedule(const char* wanted) {
  return [wanted](const json& spec) { return is(spec, "lr_scheduler.type", wanted); };
}
FormField::Condition limit(const char* wanted) {
  return [wanted](const json& spec) { return is(spec, formkeys::kLimit, wanted); };
}

void addLength(SpecPage* page) {
  page->heading("Length");
  page->add(choiceField(formkeys::kLimit, "Train &for", {{"epochs", "Epochs"},
                                                         {"steps", "Steps"}}))
      ->help("An epoch is once through the data, a step one update of the weights.");
  page->add(numberField("training.epochs", "&Epochs", "10"))->when(limit("epochs"));
  page->add(numberField("training.steps", "St&eps", "1000"))->when(limit("steps"));
  page->add(numberField("training.batch_size", "&Batch size", "32"))->help("Samples in a step.");
}

// lr and weight_decay stand once for each default, so that a change of optimizer offers its own.
void addOptimizer(SpecPage* page) {
  page->heading("Optimizer");
  page->add(choiceField("optimizer.type", "&Optimizer", {{"AdamW", "AdamW"}, {"Adam", "Adam"}, {"SGD", "SGD"}}));
  page->add(numberField("optimizer.lr", "&Learning rate", "0.001"))->when(optimizer(true))->help("lr: above 0.");
  page->add(numberField("optimizer.lr", "&Learning rate", "0.01"))->when(optimizer(false))->help("lr: above 0.");
  page->add(numberField("optimizer.momentum", "&Momentum", "0"))->when(optimizer(false));
  page->add(numberField("optimizer.dampening", "&Dampening", "0"))->when(optimizer(false));
  page->add(numberField("optimizer.weight_decay", "&Weight decay", "0.01"))->when(optimizer(true, "AdamW"));
  page->add(numberField("optimizer.weight_decay", "&Weight decay", "0"))
      ->when([](const json& spec) { return !is(spec, "optimizer.type", "AdamW"); });
  page->add(listField("optimizer.betas", "Bet&as", "0.9, 0.999"))->when(optimizer(true))
      ->help("Decay of the running means of gradient and square, each below 1.");
  page->add(numberField("optimizer.eps", "E&psilon", "1e-8"))->when(optimizer(true));
  page->add(flagField("optimizer.nesterov", "&Nesterov momentum", false))->when(optimizer(false));
  page->add(flagField("optimizer.amsgrad", "AMS&Grad", false))->when(optimizer(true));
}

void addSchedule(SpecPage* page) {
  page->heading("Learning rate schedule");
  page->add(choiceField("lr_scheduler.type", "Sc&hedule", {{nullptr, "Constant"},
                                                           {"CosineAnnealingLR", "CosineAnnealingLR"},
                                                           {"StepLR", "StepLR"},
                                                           {"ExponentialLR", "ExponentialLR"},
                                                           {"ReduceLROnPlateau", "ReduceLROnPlateau"}}))
      ->help("Stepped once an epoch.");
  page->add(numberField("lr_scheduler.T_max", "T_ma&x", "", "the run's epochs"))->when(schedule("CosineAnnealingLR"))
      ->help("Epochs to the lowest learning rate; 0: the run's.");
  page->add(numberField("lr_scheduler.eta_min", "eta_m&in", "0"))->when(schedule("CosineAnnealingLR"))
      ->help("The lowest learning rate.");
  page->add(numberField("lr_scheduler.step_size", "Step si&ze", "10"))->when(schedule("StepLR"))->help("Epochs between drops.");
  page->add(numberField("lr_scheduler.gamma", "Gamma (&y)", "0.1"))->when(schedule("StepLR"))->help("Factor of each drop.");
  page->add(numberField("lr_scheduler.gamma", "Gamma (&y)", "0.95"))->when(schedule("ExponentialLR"))->help("Factor of each epoch.");
  const auto plateau = schedule("ReduceLROnPlateau");
  page->add(numberField("lr_scheduler.factor", "Fa&ctor", "0.1"))->when(plateau)->help("Of each drop.");
  page->add(numberField("lr_scheduler.patience", "Pa&tience", "10"))->when(plateau)->help("Epochs without improvement before a drop.");
  page->add(numberField("lr_scheduler.threshold", "Th&reshold", "1e-4"))->when(plateau)->help("What counts as an improvement.");
  page->add(choiceField("lr_scheduler.threshold_mode", "Thresho&ld is", {{"rel", "relative"}, {"abs", "absolute"}}))->when(plateau);
  page->add(choiceField("lr_scheduler.mode", "Better is", {{"min", "lower"}, {"max", "higher"}}))->when(plateau);
  page->add(numberField("lr_scheduler.cooldown", "Cooldo&wn", "0"))->when(plateau)->help("Epochs to wait after a drop.");
  page->add(numberField("lr_scheduler.min_lr", "Lowest lr", "0"))->when(plateau);
  page->add(numberField("lr_scheduler.eps", "Least change", "1e-8"))->when(plateau);
  page->add(numberOrWordField("lr_scheduler.warmup_steps", "Warm-&up steps", "off", "off"))
      ->help("The learning rate rises from 0 over so many steps first.");
}

}  // namespace

SpecPage* makeTrainingPage() {
  auto* page = new SpecPage("Training");
  addLength(page);
  addOptimizer(page);
  addSchedule(page);
  page->heading("Machine");
  page->add(numberField("training.seed", "See&d", "0"))->help("Fixes the split, the initial weights, dropout and the order of samples.");
  page->add(comboField("training.device", "De&vice", {"auto", "cpu"}));
  QStringList threads{"auto"};
  for (int n = 1; n <= QThread::idealThreadCount(); ++n) threads << QString::number(n);
  page->add(comboField("training.threads", "Threads (&j)", threads))
      ->help("auto times a few steps at each count and keeps the best.");
  return page;
}

}  // namespace cairn::ui
