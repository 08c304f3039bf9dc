#include "ui/dialogs/editors.h"
#include "ui/dialogs/json_text.h"
#include "ui/dialogs/spec_pages.h"

namespace cairn::ui {

using nlohmann::json;

namespace {

FormField::Condition format(const char* wanted) {
  return [wanted](const json& spec) { return is(spec, "data.format", wanted); };
}
FormField::Condition type(const char* wanted) {
  return [wanted](const json& spec) { return is(spec, "model.type", wanted); };
}
bool classifies(const json& spec) {
  return !is(spec, "data.format", "csv") || is(spec, "data.task", "classification");
}

std::vector<ChoiceItem> activations() {
  std::vector<ChoiceItem> items;
  for (const char* name : {"ReLU", "LeakyReLU", "GELU", "SiLU", "Tanh", "Sigmoid", "ELU"}) items.push_back({name, name});
  return items;
}

void addLayers(SpecPage* page) {
  page->add(listField("model.hidden", "&Hidden layers", "64, 64", "none: one Linear layer"))->when(type("MLP"))
      ->help("Units of each layer, separated by commas.");
  page->add(listField("model.channels", "C&hannels", "16, 32"))->when(type("CNN"))
      ->help("Of each 3x3 convolution; 2x2 pooling follows each.");
  page->add(numberField("model.hidden", "H&idden units", "128"))->when(type("CNN"))
      ->help("Of the layer before the output; 0 leaves it out.");
  page->add(flagField("model.batch_norm", "Batch &normalization", true))->when(type("CNN"));
  page->add(numberField("model.layers", "La&yers", "2"))->when(type("Transformer"));
  page->add(numberField("model.heads", "H&eads", "4"))->when(type("Transformer"))->help("Of attention, in each layer.");
  page->add(numberField("model.width", "&Width", "64"))->when(type("Transformer"))->help("A multiple of the heads.");
  page->add(choiceField("model.activation", "&Activation", activations()))
      ->when([](const json& spec) { return !is(spec, "model.type", "Transformer"); });
  page->add(numberField("model.dropout", "D&ropout", "0"))
      ->help("Share of units left out at random in each training step; 0 to below 1.");
}

}  // namespace

SpecPage* makeModelPage() {
  auto* page = new SpecPage("Model");
  page->heading("Architecture");
  page->add(choiceField("model.type", "&Type", {{"MLP", "MLP"}}))->when(format("csv"))->help("What fits a table.");
  page->add(choiceField("model.type", "&Type", {{"CNN", "CNN"}, {"MLP", "MLP"}}))->when(format("idx"))
      ->help("What fits images.");
  page->add(choiceField("model.type", "&Type", {{"Transformer", "Transformer"}}))->when(format("text"))
      ->help("What fits text.");
  addLayers(page);
  page->heading("Loss");
  page->add(choiceField("loss", "&Loss", {{"CrossEntropyLoss", "CrossEntropyLoss"}}))->when(classifies)
      ->help("What training makes small.");
  page->add(choiceField("loss", "&Loss", {{"MSELoss", "MSELoss"}, {"L1Loss", "L1Loss"}, {"SmoothL1Loss", "SmoothL1Loss"}}))
      ->when([](const json& spec) { return !classifies(spec); })
      ->help("What training makes small.");
  return page;
}

}  // namespace cairn::ui
