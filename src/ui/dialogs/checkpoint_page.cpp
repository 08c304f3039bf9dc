#include "ui/dialogs/editors.h"
#include "ui/dialogs/json_text.h"
#include "ui/dialogs/spec_pages.h"

namespace cairn::ui {

using nlohmann::json;

namespace {

bool validates(const json& spec) { return !is(spec, formkeys::kValidation, "none"); }
bool classifies(const json& spec) {
  return !is(spec, "data.format", "csv") || is(spec, "data.task", "classification");
}
bool watchesAccuracy(const json& spec) { return plainText(at(spec, "checkpoints.monitor")).endsWith("accuracy"); }
bool stopsEarly(const json& spec) { return at(spec, formkeys::kEarlyStopping) == json(true); }

/// Only series that will be measured are offered.
void addMonitor(SpecPage* page) {
  for (const bool validation : {true, false}) {
    for (const bool classification : {true, false}) {
      std::vector<ChoiceItem> items;
      if (validation) items.push_back({"val/loss", "Validation loss"});
      if (validation && classification) items.push_back({"val/accuracy", "Validation accuracy"});
      items.push_back({"train/loss", "Training loss"});
      if (classification) items.push_back({"train/accuracy", "Training accuracy"});
      page->add(choiceField("checkpoints.monitor", "&Monitor", items))
          ->when([=](const json& spec) { return validates(spec) == validation && classifies(spec) == classification; })
          ->help("What decides which checkpoint is the best, and when to stop early.");
    }
  }
  page->add(choiceField("checkpoints.mode", "&Better is", {{"max", "higher"}, {"min", "lower"}}))->when(watchesAccuracy);
  page->add(choiceField("checkpoints.mode", "&Better is", {{"min", "lower"}, {"max", "higher"}}))
      ->when([](const json& spec) { return !watchesAccuracy(spec); });
}

}  // namespace

SpecPage* makeCheckpointPage() {
  auto* page = new SpecPage("Checkpoints");
  page->heading("Save");
  page->add(numberOrWordField("checkpoints.every_epochs", "Every ... &epochs", "1", "off"))->help("off, or 0: not by epochs.");
  page->add(numberOrWordField("checkpoints.every_steps", "Every ... &steps", "off", "off"))->help("off, or 0: not by steps.");
  page->add(numberOrWordField("checkpoints.every_seconds", "Every ... se&conds", "off", "off"))->help("off, or 0: not by time.");
  page->heading("Keep");
  page->add(numberOrWordField("checkpoints.keep_last", "&Last", "5", "all"))->help("The newest so many; all, or 0, keeps all.");
  page->add(numberField("checkpoints.keep_best", "Best (&k)", "1"))->help("The best so many.");
  addMonitor(page);
  page->heading("Early stopping");
  page->add(flagField(formkeys::kEarlyStopping, "S&top when it no longer improves", false));
  page->add(numberField("early_stopping.patience", "&Patience", "10"))->when(stopsEarly)->help("Epochs without improvement.");
  page->add(numberField("early_stopping.min_delta", "Least &improvement", "0"))->when(stopsEarly);
  return page;
}

json withFormKeys(json spec) {
  const bool files = !at(spec, "data.validation_path").is_null() || !at(spec, "data.validation_images").is_null();
  const auto fraction = at(spec, "data.validation_fraction");
  const bool part = fraction.is_number() && fraction.get<double>() > 0;
  put(spec, formkeys::kValidation, files ? "files" : part ? "fraction" : "none");
  put(spec, formkeys::kLimit, at(spec, "training.steps").is_null() ? "epochs" : "steps");
  put(spec, formkeys::kEarlyStopping, !at(spec, "early_stopping").is_null());
  return spec;
}

json withoutFormKeys(json spec) {
  for (const char* key : {formkeys::kValidation, formkeys::kLimit, formkeys::kEarlyStopping}) spec.erase(key);
  return spec;
}

}  // namespace cairn::ui
