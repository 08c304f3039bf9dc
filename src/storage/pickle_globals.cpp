#include "storage/pickle_globals.h"

#include <algorithm>
#include <array>
#include <string>

namespace cairn::storage {

namespace {

using std::string_view;

bool isOneOf(const auto& list, string_view text) { return std::find(list.begin(), list.end(), text) != list.end(); }

/// Whether `name` is `package` or within it.
bool within(string_view name, string_view package) {
  return name.starts_with(package) && (name.size() == package.size() || name[package.size()] == '.');
}

// torch/_weights_only_unpickler.py, _get_allowed_globals; its functions, dtypes and storages follow.
constexpr std::array<string_view, 30> kSafe = {"collections.OrderedDict",
                                               "collections.Counter",
                                               "builtins.set",
                                               "__builtin__.set",
                                               "builtins.bytearray",
                                               "__builtin__.bytearray",
                                               "builtins.complex",
                                               "__builtin__.complex",
                                               "_codecs.encode",
                                               "torch.Size",
                                               "torch.Tensor",
                                               "torch.device",
                                               "torch.nn.parameter.Parameter",
                                               "torch.nn.parameter.Buffer",
                                               "torch.serialization._get_layout",
                                               "torch.storage.UntypedStorage",
                                               "torch.storage.TypedStorage",
                                               "torch.storage._UntypedStorage",
                                               "torch.storage._TypedStorage",
                                               "torch._tensor._rebuild_from_type_v2",
                                               "torch.UntypedStorage",
                                               "torch.TypedStorage",
                                               "torch.per_tensor_affine",
                                               "torch.per_channel_affine",
                                               "torch.strided",
                                               "torch.sparse_coo",
                                               "torch.sparse_csr",
                                               "torch.contiguous_format",
                                               "torch.channels_last",
                                               "torch.preserve_format"};

constexpr std::array<string_view, 29> kDTypes = {
    "float",           "float16",    "float32",       "float64",     "half",
    "double",          "bfloat16",   "uint8",         "uint16",      "uint32",
    "uint64",          "int8",       "int16",         "int32",       "int64",
    "short",           "int",        "long",          "bool",        "complex32",
    "complex64",       "complex128", "float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz",
    "float8_e5m2fnuz", "qint8",      "quint8",        "qint32"};

constexpr std::array<string_view, 14> kRebuild = {"_rebuild_tensor",
                                                  "_rebuild_tensor_v2",
                                                  "_rebuild_tensor_v3",
                                                  "_rebuild_parameter",
                                                  "_rebuild_parameter_with_state",
                                                  "_rebuild_sparse_tensor",
                                                  "_rebuild_sparse_csr_tensor",
                                                  "_rebuild_qtensor",
                                                  "_rebuild_meta_tensor_no_storage",
                                                  "_rebuild_nested_tensor",
                                                  "_rebuild_wrapper_subclass",
                                                  "_rebuild_device_tensor_from_cpu_tensor",
                                                  "_rebuild_device_tensor_from_numpy",
                                                  "_rebuild_xla_tensor"};

// Whole packages: whatever is in them runs code or commands, loads more pickles, reaches files or the network, or makes
// functions out of data.
constexpr std::array<string_view, 84> kDangerousPackages = {"os",
                                                            "posix",
                                                            "posixpath",
                                                            "nt",
                                                            "ntpath",
                                                            "sys",
                                                            "subprocess",
                                                            "_posixsubprocess",
                                                            "pty",
                                                            "commands",
                                                            "popen2",
                                                            "platform",
                                                            "shutil",
                                                            "socket",
                                                            "_socket",
                                                            "ssl",
                                                            "http",
                                                            "httplib",
                                                            "urllib",
                                                            "urllib2",
                                                            "requests",
                                                            "httpx",
                                                            "aiohttp",
                                                            "ftplib",
                                                            "smtplib",
                                                            "poplib",
                                                            "imaplib",
                                                            "telnetlib",
                                                            "xmlrpc",
                                                            "socketserver",
                                                            "asyncio",
                                                            "webbrowser",
                                                            "importlib",
                                                            "imp",
                                                            "runpy",
                                                            "pkgutil",
                                                            "zipimport",
                                                            "pickle",
                                                            "_pickle",
                                                            "cPickle",
                                                            "dill",
                                                            "cloudpickle",
                                                            "joblib",
                                                            "marshal",
                                                            "shelve",
                                                            "code",
                                                            "codeop",
                                                            "ctypes",
                                                            "_ctypes",
                                                            "cffi",
                                                            "multiprocessing",
                                                            "_thread",
                                                            "threading",
                                                            "concurrent",
                                                            "signal",
                                                            "pdb",
                                                            "bdb",
                                                            "cProfile",
                                                            "profile",
                                                            "trace",
                                                            "timeit",
                                                            "doctest",
                                                            "pydoc",
                                                            "pip",
                                                            "ensurepip",
                                                            "venv",
                                                            "setuptools",
                                                            "distutils",
                                                            "pkg_resources",
                                                            "tempfile",
                                                            "fileinput",
                                                            "io",
                                                            "_io",
                                                            "inspect",
                                                            "gc",
                                                            "zipfile",
                                                            "tarfile",
                                                            "gzip",
                                                            "sqlite3",
                                                            "dbm",
                                                            "mmap",
                                                            "site",
                                                            "logging",
                                                            "idlelib"};

constexpr std::array<string_view, 29> kDangerousPrefixes = {"torch.load",
                                                            "torch.hub",
                                                            "torch.jit",
                                                            "torch.package",
                                                            "torch.storage._load_from_bytes",
                                                            "torch.serialization.load",
                                                            "torch.utils.cpp_extension",
                                                            "torch.utils.bottleneck",
                                                            "torch.utils.collect_env",
                                                            "torch._dynamo",
                                                            "torch._inductor",
                                                            "torch.distributed",
                                                            "torch.ops",
                                                            "torch.classes",
                                                            "torch.multiprocessing",
                                                            "numpy.load",
                                                            "numpy.testing",
                                                            "numpy.f2py",
                                                            "numpy.distutils",
                                                            "pandas.read_pickle",
                                                            "operator.attrgetter",
                                                            "operator.methodcaller",
                                                            "functools.partial",
                                                            "functools.reduce",
                                                            "functools.singledispatch",
                                                            "types.FunctionType",
                                                            "types.CodeType",
                                                            "types.LambdaType",
                                                            "types.MethodType"};

// Of the built-in functions, those that hold or make plain data; all others are dangerous.
constexpr std::array<string_view, 22> kHarmlessBuiltins = {
    "set",    "frozenset", "bytearray", "bytes",          "complex",   "int",       "float", "bool",
    "str",    "unicode",   "long",      "list",           "dict",      "tuple",     "slice", "range",
    "xrange", "object",    "Ellipsis",  "NotImplemented", "Exception", "ValueError"};

bool isSafe(string_view module, string_view name, string_view whole) {
  if (isOneOf(kSafe, whole)) return true;
  if (module == "torch._utils") return isOneOf(kRebuild, name);
  if (module != "torch" && module != "torch.cuda") return false;
  return isOneOf(kDTypes, name) || (name.ends_with("Storage") && name.find('.') == string_view::npos);
}

/// A name of several parts may lead anywhere from what it begins with: "Net.__init__.__globals__", "os.system" of a
/// module that imports os.
bool leadsElsewhere(string_view name) {
  if (name.find('.') == string_view::npos) return false;
  if (name.find("__") != string_view::npos) return true;
  while (!name.empty()) {
    const auto part = name.substr(0, name.find('.'));
    if (isOneOf(kDangerousPackages, part)) return true;
    name.remove_prefix(std::min(name.size(), part.size() + 1));
  }
  return false;
}

}  // namespace

GlobalRisk riskOf(string_view module, string_view name) {
  std::string joined(module);
  joined.append(".").append(name);
  const string_view whole = joined;
  if (isSafe(module, name, whole)) return GlobalRisk::Safe;
  // "eval.__call__" is found through the builtin, so its first part decides.
  const auto first = name.substr(0, name.find('.'));
  if (module == "builtins" || module == "__builtin__" || module == "__builtins__")
    return first == name && isOneOf(kHarmlessBuiltins, name) ? GlobalRisk::Unknown : GlobalRisk::Dangerous;
  for (const auto package : kDangerousPackages)
    if (within(whole, package)) return GlobalRisk::Dangerous;
  for (const auto prefix : kDangerousPrefixes)
    if (within(whole, prefix)) return GlobalRisk::Dangerous;
  return leadsElsewhere(name) ? GlobalRisk::Dangerous : GlobalRisk::Unknown;
}

string_view riskName(GlobalRisk risk) {
  switch (risk) {
    case GlobalRisk::Safe: return "safe";
    case GlobalRisk::Unknown: return "unknown";
    case GlobalRisk::Dangerous: return "dangerous";
  }
  return {};
}

}  // namespace cairn::storage
