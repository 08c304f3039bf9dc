#include "engine/data/dataset.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <span>

#include "core/error.h"
#include "engine/data/byte_source.h"
#include "engine/data/class_names.h"
#include "engine/data/csv_reader.h"
#include "engine/data/data_files.h"
#include "engine/data/idx_reader.h"
#include "engine/data/split.h"
#include "engine/data/text_reader.h"

namespace cairn::engine {

namespace {

/// How the files are read, as part of the fingerprint: the same bytes read in another way are other data.
std::string readingOf(const core::DataSpec& spec) {
  if (const auto* csv = std::get_if<core::CsvData>(&spec.source)) {
    std::string text = csv->task == core::Task::Classification ? "csv classification" : "csv regression";
    for (const auto& target : csv->target) text += fmt::format(" {}:{}", target.size(), target);
    return text;
  }
  if (const auto* text = std::get_if<core::TextData>(&spec.source)) return fmt::format("text {}", text->blockSize);
  return "idx";
}

std::string fingerprintOf(const core::DataSpec& spec, const std::vector<std::string>& digests) {
  std::string text = readingOf(spec);
  for (const auto& digest : digests) text += "\n" + digest;
  return digestOf(text);
}

std::vector<std::int64_t> numbersFrom(std::int64_t first, std::int64_t count, std::int64_t stride = 1) {
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) numbers[static_cast<std::size_t>(i)] = first + i * stride;
  return numbers;
}

void useSplit(Dataset& data, Split split) {
  data.training = std::move(split.training);
  data.validation = std::move(split.validation);
}

// csv

CsvRequest requestFor(const core::CsvData& csv) {
  CsvRequest request;
  request.path = csv.path;
  request.targets = csv.target;
  request.classes = csv.task == core::Task::Classification;
  request.previewRows = 20;
  return request;
}

/// Appends the validation file's rows; its class numbers become those of `all`.
void append(CsvContents& all, CsvContents more) {
  all.values.insert(all.values.end(), more.values.begin(), more.values.end());
  all.targets.insert(all.targets.end(), more.targets.begin(), more.targets.end());
  std::vector<std::int64_t> renumbered;
  for (const auto& name : more.classNames) {
    const auto known = std::find(all.classNames.begin(), all.classNames.end(), name);
    renumbered.push_back(known - all.classNames.begin());
    if (known == all.classNames.end()) all.classNames.push_back(name);
  }
  for (const auto number : more.classes) all.classes.push_back(renumbered[static_cast<std::size_t>(number)]);
  all.rows += more.rows;
}

void takeClasses(Dataset& data, CsvContents& contents) {
  const auto order = sortClasses(contents.classNames);
  data.classes = order.names;
  data.labels = std::move(contents.classes);
  for (auto& label : data.labels) label = order.numberOf[static_cast<std::size_t>(label)];
}

void loadCsv(Dataset& data, const core::CsvData& csv, std::int64_t seed, const core::Progress& progress) {
  CsvRequest request = requestFor(csv);
  CsvContents contents = readCsv(request, progress);
  std::vector<std::string> digests = {contents.digest};
  const auto ownRows = contents.rows;
  if (!data.spec.validationPath.empty()) {
    request.path = data.spec.validationPath;
    request.features = contents.features;
    CsvContents more = readCsv(request, progress);
    digests.push_back(more.digest);
    append(contents, std::move(more));
  }
  data.task = csv.task;
  data.features = contents.features;
  data.targetNames = csv.target;
  data.firstRows = std::move(contents.preview);
  data.values = std::move(contents.values);
  data.targets = std::move(contents.targets);
  if (request.classes) takeClasses(data, contents);
  data.shape.inputs = static_cast<std::int64_t>(data.features.size());
  data.shape.outputs = static_cast<std::int64_t>(request.classes ? data.classes.size() : csv.target.size());
  if (ownRows < contents.rows)
    useSplit(data, {numbersFrom(0, ownRows), numbersFrom(ownRows, contents.rows - ownRows)});
  else
    useSplit(data, randomSplit(ownRows, data.spec.validationFraction, seed));
  data.fingerprint = fingerprintOf(data.spec, digests);
}

// idx

/// Reads a pair of files onto the end of `data`; returns the number of images.
std::int64_t readPair(Dataset& data, const std::string& imagesPath, const std::string& labelsPath,
                      std::vector<std::string>& digests, const core::Progress& progress) {
  IdxContents images = readIdx(imagesPath, 3, progress);
  IdxContents labels = readIdx(labelsPath, 1, progress);
  if (images.shape[0] != labels.shape[0])
    throw Error(labelsPath,
                fmt::format("has {} labels for the {} images of {}", labels.shape[0], images.shape[0], imagesPath),
                "name the two files of one set");
  if (data.pixels.empty()) {
    data.shape.height = images.shape[1];
    data.shape.width = images.shape[2];
    data.pixels = std::move(images.bytes);
  } else {
    if (images.shape[1] != data.shape.height || images.shape[2] != data.shape.width)
      throw Error(imagesPath,
                  fmt::format("its images are {} x {}, those to train on {} x {}", images.shape[1], images.shape[2],
                              data.shape.height, data.shape.width),
                  "name images of one size");
    data.pixels.insert(data.pixels.end(), images.bytes.begin(), images.bytes.end());
  }
  data.labels.insert(data.labels.end(), labels.bytes.begin(), labels.bytes.end());
  digests.push_back(images.digest);
  digests.push_back(labels.digest);
  return images.shape[0];
}

/// How many classes these labels speak of. They count from 0 (or 1) without large gaps.
std::int64_t classesOf(std::span<const std::int64_t> labels) {
  constexpr std::int64_t kFewestClasses = 10;  // a part of MNIST may lack some digits
  const std::set<std::int64_t> distinct(labels.begin(), labels.end());
  return std::max(kFewestClasses, static_cast<std::int64_t>(distinct.size()) + (distinct.contains(0) ? 0 : 1));
}

void checkLabels(std::span<const std::int64_t> labels, std::int64_t classes, const std::string& path) {
  const auto bad = std::find_if(labels.begin(), labels.end(), [&](auto label) { return label >= classes; });
  if (bad != labels.end())
    throw Error(path,
                fmt::format("label {} of image {} is out of range: the training labels speak of {} classes, 0 to {}", *bad,
                            bad - labels.begin(), classes, classes - 1),
                "mend the label, or number the classes from 0 without gaps");
}

void loadIdx(Dataset& data, const core::IdxData& idx, std::int64_t seed, const core::Progress& progress) {
  std::vector<std::string> digests;
  data.shape.channels = 1;
  const auto own = readPair(data, idx.images, idx.labels, digests, progress);
  if (idx.validationImages.empty()) {
    useSplit(data, randomSplit(own, data.spec.validationFraction, seed));
  } else {
    const auto more = readPair(data, idx.validationImages, idx.validationLabels, digests, progress);
    useSplit(data, {numbersFrom(0, own), numbersFrom(own, more)});
  }
  const std::span<const std::int64_t> labels(data.labels);
  data.shape.outputs = classesOf(labels.first(static_cast<std::size_t>(own)));
  checkLabels(labels.first(static_cast<std::size_t>(own)), data.shape.outputs, idx.labels);
  checkLabels(labels.subspan(static_cast<std::size_t>(own)), data.shape.outputs, idx.validationLabels);
  for (std::int64_t i = 0; i < data.shape.outputs; ++i) data.classes.push_back(std::to_string(i));
  data.fingerprint = fingerprintOf(data.spec, digests);
}

// text

std::int64_t blocksIn(const std::string& path, std::int64_t bytes, std::int64_t block) {
  const auto blocks = (bytes - 1) / block;
  if (blocks < 1)
    throw Error(path, fmt::format("has {} bytes, and a block of {} needs {}", bytes, block, block + 1),
                "make data.block_size smaller, or give more text");
  return blocks;
}

void loadText(Dataset& data, const core::TextData& text, const core::Progress& progress) {
  std::vector<std::string> digests = {readText(text.path, data.bytes, progress)};
  const auto own = static_cast<std::int64_t>(data.bytes.size());
  const auto blocks = blocksIn(text.path, own, text.blockSize);
  if (data.spec.validationPath.empty()) {
    useSplit(data, tailSplit(blocks, data.spec.validationFraction));
    for (auto* part : {&data.training, &data.validation})
      for (auto& start : *part) start *= text.blockSize;
  } else {
    digests.push_back(readText(data.spec.validationPath, data.bytes, progress));
    data.validationBytesAt = own;
    const auto more =
        blocksIn(data.spec.validationPath, static_cast<std::int64_t>(data.bytes.size()) - own, text.blockSize);
    useSplit(data, {numbersFrom(0, blocks, text.blockSize), numbersFrom(own, more, text.blockSize)});
  }
  data.shape.inputs = data.shape.outputs = 256;
  data.shape.blockSize = text.blockSize;
  data.fingerprint = fingerprintOf(data.spec, digests);
}

// Mean and deviation

/// Welford's sums would be exact enough; two passes over memory are simpler and more exact still.
void measure(Dataset& data, std::size_t columns, const auto& forEach) {
  auto& mean = data.normalization.mean;
  auto& deviation = data.normalization.std;
  mean.assign(columns, 0.0);
  deviation.assign(columns, 0.0);
  std::vector<double> count(columns, 0.0);
  forEach(
      [&](std::size_t column, double value, double times) { mean[column] += times * value, count[column] += times; });
  for (std::size_t c = 0; c < columns; ++c) mean[c] /= count[c];
  forEach([&](std::size_t column, double value, double times) {
    deviation[column] += times * (value - mean[column]) * (value - mean[column]);
  });
  for (std::size_t c = 0; c < columns; ++c) {
    deviation[c] = std::sqrt(deviation[c] / count[c]);
    if (!(deviation[c] > 0)) deviation[c] = 1.0;
  }
}

void measureColumns(Dataset& data) {
  const auto columns = static_cast<std::size_t>(data.shape.inputs);
  measure(data, columns, [&](auto&& add) {
    for (const auto sample : data.training) {
      const float* row = data.values.data() + static_cast<std::size_t>(sample) * columns;
      for (std::size_t c = 0; c < columns; ++c) add(c, double{row[c]}, 1.0);
    }
  });
}

void measureChannels(Dataset& data) {
  const auto plane = data.shape.height * data.shape.width;
  std::vector<std::array<std::int64_t, 256>> histograms(static_cast<std::size_t>(data.shape.channels));
  for (auto& histogram : histograms) histogram.fill(0);
  for (const auto sample : data.training) {
    const std::uint8_t* pixel = data.pixels.data() + sample * data.shape.channels * plane;
    for (auto& histogram : histograms)
      for (std::int64_t i = 0; i < plane; ++i) ++histogram[*pixel++];
  }
  measure(data, histograms.size(), [&](auto&& add) {
    for (std::size_t c = 0; c < histograms.size(); ++c)
      for (std::size_t grey = 0; grey < 256; ++grey)
        add(c, static_cast<double>(grey) / 255.0, static_cast<double>(histograms[c][grey]));
  });
}

}  // namespace

std::vector<std::string> filesOf(const core::DataSpec& spec) {
  std::vector<std::string> files;
  if (const auto* csv = std::get_if<core::CsvData>(&spec.source)) files = {csv->path, spec.validationPath};
  if (const auto* text = std::get_if<core::TextData>(&spec.source)) files = {text->path, spec.validationPath};
  if (const auto* idx = std::get_if<core::IdxData>(&spec.source))
    files = {idx->images, idx->labels, idx->validationImages, idx->validationLabels};
  std::erase(files, "");
  return files;
}

Dataset loadDataset(const core::DataSpec& spec, std::int64_t seed, const core::Progress& progress) {
  Dataset data;
  data.spec = spec;
  if (const auto* csv = std::get_if<core::CsvData>(&spec.source)) loadCsv(data, *csv, seed, progress);
  if (const auto* idx = std::get_if<core::IdxData>(&spec.source)) loadIdx(data, *idx, seed, progress);
  if (const auto* text = std::get_if<core::TextData>(&spec.source)) loadText(data, *text, progress);
  if (spec.normalize && !data.values.empty()) measureColumns(data);
  if (spec.normalize && !data.pixels.empty()) measureChannels(data);
  return data;
}

std::string fingerprintFiles(const core::DataSpec& spec, const core::Progress& progress) {
  std::vector<std::string> digests;
  std::vector<char> piece(std::size_t{1} << 20);
  for (const auto& file : filesOf(spec)) {
    ByteSource source(file, progress);
    while (source.read(piece.data(), piece.size()) == piece.size()) {
    }
    digests.push_back(source.digest());
  }
  return fingerprintOf(spec, digests);
}

}  // namespace cairn::engine
