#include "ui/dialogs/editors.h"
#include "ui/dialogs/json_text.h"
#include "ui/dialogs/spec_pages.h"

namespace cairn::ui {

using nlohmann::json;

namespace {

constexpr const char* kCsvFiles = "CSV files (*.csv *.csv.gz *.tsv *.txt);;All files (*)";
constexpr const char* kIdxFiles = "IDX files (*ubyte* *.idx *.gz);;All files (*)";
constexpr const char* kTextFiles = "Text files (*.txt *.md *.csv *.json);;All files (*)";

FormField::Condition format(const char* wanted) {
  return [wanted](const json& spec) { return is(spec, "data.format", wanted); };
}

FormField::Condition filesOf(const char* wanted) {
  return [wanted](const json& spec) {
    return is(spec, "data.format", wanted) && is(spec, formkeys::kValidation, "files");
  };
}

void addSource(SpecPage* page) {
  page->add(choiceField("data.format", "&Format", {{"csv", "CSV table"}, {"idx", "IDX images"}, {"text", "Text"}}))
      ->help("A table with a header line, images in MNIST's format, or any text.");
  page->add(pathField("data.path", "Fi&le", "Choose a CSV file", kCsvFiles))->when(format("csv"))
      ->help("A CSV file with a header line; .gz is read too.");
  page->add(columnsField("data.target", "&Target"))->when(format("csv"))
      ->help("The column to predict. Several, separated by commas, for regression.");
  page->add(choiceField("data.task", "Tas&k", {{"classification", "Classification: which class"},
                                               {"regression", "Regression: how much"}}))->when(format("csv"));
  page->add(pathField("data.images", "&Images", "Choose the images", kIdxFiles))->when(format("idx"))
      ->help("As train-images-idx3-ubyte; .gz is read too.");
  page->add(pathField("data.labels", "La&bels", "Choose the labels", kIdxFiles))->when(format("idx"))
      ->help("As train-labels-idx1-ubyte; .gz is read too.");
  page->add(pathField("data.path", "Fi&le", "Choose a text file", kTextFiles))->when(format("text"))
      ->help("Any text; the model learns to predict its next byte.");
  page->add(numberField("data.block_size", "&Block size", "64"))->when(format("text"))
      ->help("Bytes of context that the model sees.");
}

void addValidation(SpecPage* page) {
  page->heading("Validation");
  page->add(choiceField(formkeys::kValidation, "&Validate on", {{"fraction", "A part of the data"},
                                                                {"files", "Data of their own"},
                                                                {"none", "Nothing"}}))
      ->help("Data that the model is measured on and never trained with.");
  page->add(numberField("data.validation_fraction", "F&raction", "0.2"))
      ->when([](const json& spec) { return is(spec, formkeys::kValidation, "fraction"); })
      ->help("Above 0, at most 0.9. Which samples it takes is fixed by the seed.");
  page->add(pathField("data.validation_path", "Validation fil&e", "Choose the validation data", kCsvFiles))->when(filesOf("csv"));
  page->add(pathField("data.validation_path", "Validation fil&e", "Choose the validation text", kTextFiles))->when(filesOf("text"));
  page->add(pathField("data.validation_images", "Validation i&mages", "Choose the validation images", kIdxFiles))->when(filesOf("idx"));
  page->add(pathField("data.validation_labels", "Validation lab&els", "Choose the validation labels", kIdxFiles))->when(filesOf("idx"));
}

}  // namespace

SpecPage* makeDataPage() {
  auto* page = new SpecPage("Data");
  page->heading("Source");
  addSource(page);
  addValidation(page);
  page->heading("Preparation");
  page->add(flagField("data.normalize", "Normali&ze inputs", true))
      ->help("Subtracts the mean and divides by the standard deviation of the training part.");
  page->add(flagField("data.shuffle", "S&huffle each epoch", true))->help("Anew each epoch, fixed by the seed.");
  return page;
}

}  // namespace cairn::ui
