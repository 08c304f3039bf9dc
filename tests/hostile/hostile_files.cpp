#include "hostile_files.h"

#include "storage/checksums.h"
#include "storage/zip_layout.h"

namespace cairn::tests {

namespace {

const std::string kStorage("\0\0\x80\x3f\0\0\0\x40", 8);  // 1.0f, 2.0f

std::string number(std::int64_t value) { return "\x8a\x08" + std::string(reinterpret_cast<const char*>(&value), 8); }

/// `bytes` with a 16-bit or 32-bit field of every directory entry set.
template <typename T>
std::string withDirectoryField(std::string bytes, std::size_t field, T value) {
  for (auto at = bytes.find("PK\1\2"); at != std::string::npos; at = bytes.find("PK\1\2", at + 4))
    bytes.replace(at + field, sizeof value, reinterpret_cast<const char*>(&value), sizeof value);
  return bytes;
}

}  // namespace

std::string textOps(const std::string& value) { return std::string("\x8c") + static_cast<char>(value.size()) + value; }

std::string tensorOps(std::int64_t numel, std::int64_t offset, std::int64_t size, std::int64_t stride,
                      const std::string& key) {
  return "ctorch._utils\n_rebuild_tensor_v2\n((" + textOps("storage") + "ctorch\nFloatStorage\n" + textOps(key) +
         textOps("cpu") + number(numel) + "tQ" + number(offset) + number(size) + "\x85" + number(stride) + "\x85\x89" +
         "}tR";
}

std::string zipOf(const std::vector<std::pair<std::string, std::string>>& entries) {
  std::vector<std::pair<std::string, std::uint64_t>> sizes;
  for (const auto& [name, content] : entries) sizes.emplace_back(name, content.size());
  const storage::ZipLayout layout(sizes, 0xFFFFFFFF);
  std::string bytes;
  std::vector<std::uint32_t> crcs;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    crcs.push_back(storage::crc32(std::as_bytes(std::span(entries[i].second))));
    bytes += layout.localHeader(i, crcs.back()) + entries[i].second;
  }
  return bytes + layout.directory(crcs);
}

std::string fileOf(const std::string& ops) {
  return zipOf({{"a/data.pkl", "\x80\x02" + ops + "."}, {"a/data/0", kStorage}, {"a/version", "3\n"}});
}

std::string repeated(const std::string& what, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += what;
  return result;
}

std::string safetensorsOf(const std::string& json, const std::string& data) {
  const std::uint64_t length = json.size();
  return std::string(reinterpret_cast<const char*>(&length), sizeof length) + json + data;
}

std::string safetensorsOfMany(int tensors) {
  std::string json = "{";
  for (int i = 0; i < tensors; ++i)
    json += (i ? ",\"" : "\"") + std::to_string(i) + R"(":{"dtype":"U8","shape":[0],"data_offsets":[0,0]})";
  return safetensorsOf(json + "}", "x");
}

std::vector<HostileFile> hostilePickles() {
  std::vector<HostileFile> files;
  const auto row = [&](const char* name, const std::string& ops, const char* says) {
    files.push_back({name, fileOf(ops), says});
  };
  row("empty", "", "stack is empty");
  row("stack-underflow", "a", "stack is empty");
  row("underflow-below-a-mark", "](\x85", "stack is empty");
  row("mark-missing", "t", "mark is missing");
  row("left-over", "NN", "left over");
  row("append-to-a-number", "K\1K\2a", "no list");
  row("key-without-value", "}(K\1u", "key has no value");
  row("state-of-a-number", "K\1}b", "takes none");
  row("unknown-memo", "h\7", "never kept");
  row("unknown-opcode", "\xff", "unknown opcode");
  row("newer-protocol", "\x80\x09N", "newer");
  row("huge-text", "X\xff\xff\xff\xff", "ends in the middle");
  row("huge-64-bit-text", "\x8d" + std::string(8, '\xff'), "ends in the middle");
  row("huge-bytes", "\x8e" + std::string(7, '\xff') + "\x7f", "ends in the middle");
  row("endless-number", "\x8b" + std::string("\0\0\x20\0", 4) + std::string(1 << 21, '\1'), "bytes long");
  row("negative-long", "\x8b\xff\xff\xff\xff", "negative length");
  row("not-utf-8", "\x8c\2\xc0\x80", "not UTF-8");
  row("name-without-end", "cos", "no end");
  row("deep-nesting", repeated("]", 100'000) + repeated("a", 99'999), "nested deeper");
  row("deep-parameters", repeated("ctorch._utils\n_rebuild_parameter\n", 100'000) + "N" + repeated("\x85R", 100'000),
      "nested deeper");
  row("deep-tuples", ")" + repeated("\x85", 1'000'000), "nested deeper");
  row("contains-itself", "]q\1h\1a", "contains itself");
  row("dict-contains-itself", "}q\1K\1h\1s", "contains itself");
  row("billion-laughs", "]q\1K\1a" + repeated("0](h\1h\1h\1h\1h\1h\1h\1h\1h\1h\1eq\1", 30), "far more memory");
  row("long-laughs",
      "\x8d" + std::string("\0\0\x10\0\0\0\0\0", 8) + std::string(1 << 20, 'x') + "q\1" + "0(" +
          repeated("h\1", 10'000) + "l",
      "far more memory");
  row("storage-longer-than-its-record", tensorOps(3, 0, 3, 1), "more than the 8 bytes");
  row("storage-of-huge-count", tensorOps(INT64_MAX, 0, 1, 1), "more than the 8 bytes");
  row("storage-of-negative-count", tensorOps(-1, 0, 1, 1), "more than the 8 bytes");
  row("view-too-long", tensorOps(2, 0, 3, 1), "outside the storage");
  row("view-too-far", tensorOps(2, 2, 1, 1), "outside the storage");
  row("view-strided-out", tensorOps(2, 0, 2, 2), "outside the storage");
  row("negative-offset", tensorOps(2, -1, 1, 1), "impossible shape");
  row("negative-size", tensorOps(2, 0, -1, 1), "impossible shape");
  row("negative-stride", tensorOps(2, 1, 2, -1), "impossible shape");
  row("overflowing-view", tensorOps(2, 1, INT64_MAX, INT64_MAX), "impossible shape");
  row("expanded-without-end", tensorOps(2, 0, INT64_MAX / 8, 0), "far more memory");
  row("no-such-storage", tensorOps(2, 0, 1, 1, "7"), "has no bytes");
  row("storage-named-like-a-path", tensorOps(2, 0, 1, 1, "../../etc/passwd"), "has no bytes");
  row("memo-without-number", "Np-1\n", "no number");
  row("text-without-quotes", "Sos\n", "not in quotes");
  row("text-with-a-broken-escape", "S'\\x2'\n", "broken escape");
  row("instance-without-a-mark", "ios\nsystem\n", "mark is missing");
  row("object-without-a-class", "(o", "class is missing");
  return files;
}

std::vector<HostileFile> hostileZips() {
  std::vector<HostileFile> files;
  const auto row = [&](const char* name, const std::string& bytes, const char* says) {
    files.push_back({name, bytes, says});
  };
  const auto good = fileOf("N");
  const auto bytesOf = [](std::initializer_list<int> values) { return std::string(values.begin(), values.end()); };
  row("empty", "", "is empty");
  row("text", "hello, world", "no zip");
  row("only-pk", "PK", "too short");
  row("no-directory", good.substr(0, good.size() - 22) + std::string(22, ' '), "no zip directory");
  row("before-1-6", bytesOf({0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20}) + good, "before 1.6");
  row("bare-pickle", "\x80\x02N.", "bare pickle");
  row("torchscript", zipOf({{"a/data.pkl", "\x80\x02N."}, {"a/constants.pkl", "\x80\x02)."}, {"a/version", "3\n"}}),
      "TorchScript");
  row("another-zip", zipOf({{"word/document.xml", "<xml/>"}}), "without a data.pkl");
  row("big-endian", zipOf({{"a/data.pkl", "\x80\x02N."}, {"a/byteorder", "big"}}), "big-endian");
  row("twice", zipOf({{"a/data.pkl", "\x80\x02N."}, {"a/data.pkl", "\x80\x02N."}}), "there twice");
  row("compressed", withDirectoryField<std::uint16_t>(good, 10, 8), "is compressed");
  row("encrypted", withDirectoryField<std::uint16_t>(good, 8, 1), "is encrypted");
  row("bomb", withDirectoryField<std::uint32_t>(good, 24, 0x7fffffff), "two sizes");
  row("beyond-the-end", withDirectoryField<std::uint32_t>(good, 42, 0x7fffffff), "outside the file");
  row("header-not-there", withDirectoryField<std::uint32_t>(good, 42, 1), "no header");
  row("all-at-one-place", withDirectoryField<std::uint32_t>(good, 42, 0), "another name");
  row("too-long", withDirectoryField<std::uint32_t>(withDirectoryField<std::uint32_t>(good, 24, 5000), 20, 5000),
      "reaches out");
  auto overlapping = good;
  overlapping.replace(good.find("PK\1\2") + 20, 8, bytesOf({80, 0, 0, 0, 80, 0, 0, 0}));  // the first entry's two sizes
  row("overlapping", overlapping, "overlaps");
  row("wide-without-field", withDirectoryField<std::uint32_t>(good, 42, 0xffffffff), "zip64");
  row("wrong-crc", withDirectoryField<std::uint32_t>(good, 16, 1), "CRC-32");
  auto many = good;
  many.replace(many.size() - 12, 2, "\xf0\xf0");  // entries, in the end record
  row("more-entries-than-there-are", many, "more entries");
  auto far = good;
  far.replace(far.size() - 6, 4, "\xf0\xff\xff\x7f");
  row("directory-outside", far, "outside the file");
  auto wide = good;
  wide.replace(wide.size() - 6, 4, "\xff\xff\xff\xff");
  row("no-zip64-directory", wide, "zip64 directory");
  row("no-directory-at-all", std::string("PK\3\4") + std::string(60, 'x'), "no zip directory");
  return files;
}

std::vector<HostileFile> attackingPickles(const std::string& trace) {
  const auto command = "touch " + trace;
  const auto code = "open('" + trace + "', 'w')";
  std::vector<HostileFile> files;
  const auto row = [&](const char* name, const std::string& ops, const char* says) {
    files.push_back({name, fileOf(ops), says});
  };
  row("system", "cos\nsystem\n" + textOps(command) + "\x85R", "os.system");
  row("posix-system", "cposix\nsystem\n" + textOps(command) + "\x85R", "posix.system");
  row("eval", "c__builtin__\neval\n" + textOps(code) + "\x85R", "__builtin__.eval");
  row("exec", textOps("builtins") + textOps("exec") + "\x93" + textOps(code) + "\x85R", "builtins.exec");
  row("dotted-name", textOps("builtins") + textOps("eval.__call__") + "\x93" + textOps(code) + "\x85R",
      "builtins.eval.__call__");
  row("popen", "csubprocess\nPopen\n](" + textOps("touch") + textOps(trace) + "e\x85R", "subprocess.Popen");
  row("protocol-0", "cos\nsystem\n(S'" + command + "'\ntR", "os.system");
  row("escaped-name", "S'o\\x73'\nS'sys\\x74em'\n\x93(S'" + command + "'\ntR", "os.system");
  row("instance", "(S'" + command + "'\nios\nsystem\n", "os.system");
  row("object", "(cos\nsystem\nS'" + command + "'\no", "os.system");
  row("new-object", "cos\nsystem\n" + textOps(command) + "\x85\x81", "os.system");
  row("within-a-checkpoint",
      "}" + textOps("model") + "}s" + textOps("epoch") + "cos\nsystem\n" + textOps(command) + "\x85Rs", "os.system");
  row("as-a-key", "}cos\nsystem\n" + textOps(command) + "\x85RNs", "os.system");
  row("as-a-state",
      "cmy\nModel\n)R"
      "cos\nsystem\n" +
          textOps(command) + "\x85Rb",
      "os.system");
  row("thrown-away", "cos\nsystem\n" + textOps(command) + "\x85R0N", "os.system");
  row("as-a-factory", "ccollections\ndefaultdict\ncos\nsystem\n\x85R", "os.system");
  row("partial", "cfunctools\npartial\n(c__builtin__\neval\n" + textOps(code) + "tR)R", "functools.partial");
  row("nested-pickle", "ctorch.storage\n_load_from_bytes\nC\4\x80\x02N.\x85R", "torch.storage._load_from_bytes");
  return files;
}

std::vector<HostileFile> hostileSafetensors() {
  std::vector<HostileFile> files;
  const auto row = [&](const char* name, const std::string& bytes, const char* says) {
    files.push_back({name, bytes, says});
  };
  const auto json = [&](const char* name, const std::string& header, const char* says) {
    row(name, safetensorsOf(header, std::string(8, '\1')), says);
  };
  const auto one = [](const std::string& shape, const std::string& offsets) {
    return R"({"w":{"dtype":"F32","shape":[)" + shape + R"(],"data_offsets":[)" + offsets + "]}}";
  };
  row("too-short", "\2\0\0", "too short");
  row("header-of-endless-length", std::string(8, '\xff') + "{}", "more than any has");
  row("header-out-of-the-file", std::string("\xff\0\0\0\0\0\0\0", 8) + "{}", "reaches out");
  row("no-object", safetensorsOf("[]", ""), "not a JSON object");
  json("broken-json", R"({"w":)", "not valid JSON");
  json("endless-nesting", R"({"w":)" + repeated("[", 100'000), "");
  json("endless-objects", repeated(R"({"w":)", 100'000), "");
  json("name-twice",
       R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
       "twice");
  json("unknown-type", R"({"w":{"dtype":"F99","shape":[2],"data_offsets":[0,8]}})", "unknown");
  json("key-missing", R"({"w":{"dtype":"F32","shape":[2]}})", "needs");
  json("negative-offset", one("2", "-8,0"), "negative");
  json("negative-size", one("-2", "0,8"), "negative");
  json("offset-out-of-the-file", one("2", "8,16"), "out of the file");
  json("offset-beyond-all", one("2", "18446744073709551608,18446744073709551615"), "out of the file");
  json("ends-before-it-begins", one("2", "8,0"), "out of the file");
  json("shape-of-other-size", one("3", "0,8"), "bytes where");
  json("shape-of-huge-size", one("4611686018427387904,4611686018427387904", "0,8"), "impossible");
  json("too-many-dimensions", one("1" + repeated(",1", 100'000), "0,8"), "dimensions");
  json("overlapping",
       R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
       "overlaps");
  json("hidden-bytes", one("1", "0,4"), "belong to no tensor");
  json("not-utf-8", "{\"\xc0\x80\":{}}", "not valid JSON");
  return files;
}

}  // namespace cairn::tests
