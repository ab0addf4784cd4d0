#include "project/standard_library.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "base/one_of.h"
#include "model/python/trace.h"
#include "project/imports.h"

namespace preflint::project {
namespace {

/// As CPython 3.11 has it in sys.stdlib_module_names, sorted, without private modules.
constexpr std::string_view kModules[] = {
    "__future__",  "abc",          "aifc",
    "argparse",    "array",        "ast",
    "asynchat",    "asyncio",      "asyncore",
    "atexit",      "audioop",      "base64",
    "bdb",         "binascii",     "bisect",
    "builtins",    "bz2",          "cProfile",
    "calendar",    "cgi",          "cgitb",
    "chunk",       "cmath",        "cmd",
    "code",        "codecs",       "codeop",
    "collections", "colorsys",     "compileall",
    "concurrent",  "configparser", "contextlib",
    "contextvars", "copy",         "copyreg",
    "crypt",       "csv",          "ctypes",
    "curses",      "dataclasses",  "datetime",
    "dbm",         "decimal",      "difflib",
    "dis",         "distutils",    "doctest",
    "email",       "encodings",    "ensurepip",
    "enum",        "errno",        "faulthandler",
    "fcntl",       "filecmp",      "fileinput",
    "fnmatch",     "fractions",    "ftplib",
    "functools",   "gc",           "genericpath",
    "getopt",      "getpass",      "gettext",
    "glob",        "graphlib",     "grp",
    "gzip",        "hashlib",      "heapq",
    "hmac",        "html",         "http",
    "imaplib",     "imghdr",       "imp",
    "importlib",   "inspect",      "io",
    "ipaddress",   "itertools",    "json",
    "keyword",     "linecache",    "locale",
    "logging",     "lzma",         "mailbox",
    "mailcap",     "marshal",      "math",
    "mimetypes",   "mmap",         "modulefinder",
    "msilib",      "msvcrt",       "multiprocessing",
    "netrc",       "nis",          "nntplib",
    "nt",          "ntpath",       "nturl2path",
    "numbers",     "opcode",       "operator",
    "optparse",    "os",           "ossaudiodev",
    "pathlib",     "pdb",          "pickle",
    "pickletools", "pipes",        "pkgutil",
    "platform",    "plistlib",     "poplib",
    "posix",       "posixpath",    "pprint",
    "profile",     "pstats",       "pty",
    "pwd",         "py_compile",   "pyclbr",
    "pydoc",       "pydoc_data",   "pyexpat",
    "queue",       "quopri",       "random",
    "re",          "readline",     "reprlib",
    "resource",    "rlcompleter",  "runpy",
    "sched",       "secrets",      "select",
    "selectors",   "shelve",       "shlex",
    "shutil",      "signal",       "site",
    "smtpd",       "smtplib",      "sndhdr",
    "socket",      "socketserver", "spwd",
    "sqlite3",     "sre_compile",  "sre_constants",
    "sre_parse",   "ssl",          "stat",
    "statistics",  "string",       "stringprep",
    "struct",      "subprocess",   "sunau",
    "symtable",    "sys",          "sysconfig",
    "syslog",      "tabnanny",     "tarfile",
    "telnetlib",   "tempfile",     "termios",
    "textwrap",    "threading",    "time",
    "timeit",      "tkinter",      "token",
    "tokenize",    "tomllib",      "trace",
    "traceback",   "tracemalloc",  "tty",
    "turtle",      "types",        "typing",
    "unicodedata", "unittest",     "urllib",
    "uu",          "uuid",         "venv",
    "warnings",    "wave",         "weakref",
    "webbrowser",  "winreg",       "winsound",
    "wsgiref",     "xdrlib",       "xml",
    "xmlrpc",      "zipapp",       "zipfile",
    "zipimport",   "zlib",         "zoneinfo",
};

/// Modules of the standard library that run or install something else when they are started by
/// name.
bool starts_other(std::string_view module) {
  return one_of(module, {"venv", "ensurepip", "runpy", "site", "sysconfig", "cProfile", "profile",
                         "pdb", "trace", "timeit", "unittest", "doctest", "zipapp"});
}

/// What a text says of its own interpreter or of what that has, or starts in it: there it matters
/// which one it is.
bool means_interpreter(std::string_view text) {
  constexpr std::string_view kWords[] = {
      "__import__", "importlib",   "import site",    "sysconfig",     "pkgutil",
      "runpy",      "subprocess",  "sys.executable", "sys.prefix",    "sys.base_prefix",
      "sys.path",   "sys.version", "site-packages",  "python_version"};
  return std::any_of(std::begin(kWords), std::end(kWords), [&](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  });
}

bool imports_standard_only(std::string text) {
  std::replace(text.begin(), text.end(), ';', '\n');
  const std::vector<WrittenImport> imports = written_imports(text);
  return std::all_of(imports.begin(), imports.end(), [](const WrittenImport& import) {
    return !import.relative && in_standard_library(import.module);
  });
}

}  // namespace

bool in_standard_library(std::string_view module) {
  return std::binary_search(std::begin(kModules), std::end(kModules),
                            module.substr(0, module.find('.')));
}

bool standard_library_only(const Run& run, const shell::CommandEvent& event) {
  for (const Run* child : run.children) {
    if (child->launch_command != event.index || !child->python) continue;
    const auto& imports = child->python->imports;
    if (child->unit->embedding == Embedding::file || means_interpreter(child->unit->source.text()))
      return false;
    return std::all_of(imports.begin(), imports.end(), [](const py::ImportEvent& import) {
      return !import.project && in_standard_library(import.module);
    });
  }
  for (size_t i = 0; i + 1 < event.arguments.size(); ++i) {
    const Value& value = event.arguments[i + 1].value;
    if (event.arguments[i].is("-c"))
      return !means_interpreter(value.display()) && imports_standard_only(value.display());
    if (!event.arguments[i].is("-m")) {
      if (event.arguments[i].value.known_start().starts_with("-")) continue;
      return false;
    }
    const auto module = value.constant();
    return module && in_standard_library(*module) && !starts_other(*module);
  }
  return false;
}

}  // namespace preflint::project
