#include "project/services.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "base/one_of.h"
#include "project/guides.h"
#include "project/resolve.h"

namespace preflint::project {
namespace {

using shell::Argument;
using shell::CommandEvent;

std::optional<int> port_number(const std::optional<std::string>& text) {
  if (!text || text->empty() || text->size() > 5 ||
      text->find_first_not_of("0123456789") != std::string::npos)
    return std::nullopt;
  const int port = std::atoi(text->c_str());
  return port > 0 && port < 65536 ? std::optional(port) : std::nullopt;
}

bool loopback(const std::string& host) {
  return host == "localhost" || host.starts_with("127.") || host == "::1";
}

/// A command-line program that serves.
struct Tool {
  std::string_view name;         // the program, and its subcommands after blanks
  std::string_view port_option;  // blank-separated
  std::string_view host_option;
  std::string_view bind_option;  // HOST:PORT
  std::string_view port_variable;
  int usual_port = 0;  // where people expect it to be reached on the default, too
};

// Only tools that are made to be looked at with a browser count with their default port: an API
// server on its default port usually serves the job itself.
constexpr Tool kTools[] = {
    {"streamlit run", "--server.port", "--server.address", "", "STREAMLIT_SERVER_PORT", 8501},
    {"gradio", "", "", "", "GRADIO_SERVER_PORT", 7860},
    {"uvicorn", "--port", "--host", "", "", 0},
    {"hypercorn", "", "", "-b --bind", "", 0},
    {"gunicorn", "", "", "-b --bind", "", 0},
    {"flask run", "-p --port", "-h --host", "", "FLASK_RUN_PORT", 0},
    {"fastapi run", "--port", "--host", "", "", 0},
    {"fastapi dev", "--port", "--host", "", "", 0},
    {"jupyter lab", "--port", "--ip", "", "", 0},
    {"jupyter notebook", "--port", "--ip", "", "", 0},
    {"jupyter-lab", "--port", "--ip", "", "", 0},
    {"jupyter-notebook", "--port", "--ip", "", "", 0},
    {"vllm serve", "--port", "--host", "", "", 0},
    {"vllm.entrypoints.openai.api_server", "--port", "--host", "", "", 0},
    {"vllm.entrypoints.api_server", "--port", "--host", "", "", 0},
    {"sglang.launch_server", "--port", "--host", "", "", 0},
    {"tensorboard", "--port -p", "--host", "", "", 0},
    {"tensorboard.main", "--port", "--host", "", "", 0},
    {"mlflow ui", "-p --port", "-h --host", "", "", 0},
    {"mlflow server", "-p --port", "-h --host", "", "", 0},
    {"visdom", "-port --port", "", "", "", 0},
    {"visdom.server", "-port --port", "", "", "", 0},
    {"label-studio start", "-p --port", "", "", "", 0},
    {"code-server", "", "", "--bind-addr", "", 0},
};

std::vector<std::string> words_of(std::string_view list) {
  std::vector<std::string> out;
  size_t at = 0;
  while (at < list.size()) {
    const size_t end = std::min(list.find(' ', at), list.size());
    out.emplace_back(list.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

/// The event without `python -m`: the module is the program.
CommandEvent as_program(const CommandEvent& event) {
  CommandEvent out = event;
  if (event.name != "python") return out;
  for (size_t i = 0; i + 1 < event.arguments.size(); ++i) {
    if (!event.arguments[i].is("-m")) continue;
    out.name = event.arguments[i + 1].constant().value_or("");
    out.arguments.erase(out.arguments.begin(),
                        out.arguments.begin() + static_cast<std::ptrdiff_t>(i) + 2);
    break;
  }
  return out;
}

/// An option's value, with the place where it is written.
const Argument* value_of(const CommandEvent& event, std::string_view options,
                         std::optional<std::string>& text) {
  for (const std::string& option : words_of(options)) {
    for (size_t i = 0; i < event.arguments.size(); ++i) {
      const Argument& argument = event.arguments[i];
      if (argument.is(option) && i + 1 < event.arguments.size()) {
        text = event.arguments[i + 1].constant();
        return &event.arguments[i + 1];
      }
      const auto whole = argument.constant();
      if (whole && whole->starts_with(option + "=")) {
        text = whole->substr(option.size() + 1);
        return &argument;
      }
      if (!whole && argument.value.known_start().starts_with(option + "=")) return &argument;
    }
  }
  return nullptr;
}

/// `python -m http.server [PORT]`.
std::optional<Service> file_server(const CommandEvent& event) {
  std::optional<std::string> host;
  value_of(event, "--bind -b", host);
  for (const Argument& argument : event.arguments) {
    if (argument.constant().value_or("-").starts_with("-")) continue;
    if (const auto port = port_number(argument.constant()))
      return Service{event.name, *port, true, host && loopback(*host), argument.span};
  }
  return std::nullopt;
}

bool runs(const CommandEvent& event, const Tool& tool) {
  const auto words = words_of(tool.name);
  if (event.name != words[0]) return false;
  if (words.size() == 1) return true;
  const Argument* first = event.operand();
  return first && first->is(words[1]);
}

}  // namespace

std::optional<Service> service_of(const CommandEvent& original) {
  static constexpr std::string_view kHelp[] = {"--help", "--version"};
  for (const std::string_view option : kHelp) {
    if (original.has_option(option)) return std::nullopt;
  }
  const CommandEvent event = as_program(original);
  if (event.name == "http.server" || event.name == "SimpleHTTPServer") return file_server(event);
  for (const Tool& tool : kTools) {
    if (!runs(event, tool)) continue;
    Service out;
    out.tool = words_of(tool.name)[0];
    out.span = event.span;
    std::optional<std::string> text, host;
    if (value_of(event, tool.host_option, host) && host) out.loopback = loopback(*host);
    if (const Argument* argument = value_of(event, tool.port_option, text)) {
      const auto port = port_number(text);
      if (!port) return std::nullopt;
      out.port = *port;
      out.written = true;
      out.span = argument->span;
      return out;
    }
    if (const Argument* argument = value_of(event, tool.bind_option, text)) {
      const size_t colon = text ? text->rfind(':') : std::string::npos;
      const auto port =
          colon == std::string::npos ? std::nullopt : port_number(text->substr(colon + 1));
      if (!port) return std::nullopt;
      out.port = *port;
      out.written = true;
      out.loopback = loopback(text->substr(0, colon));
      out.span = argument->span;
      return out;
    }
    if (!tool.port_variable.empty()) {
      if (const shell::Variable* variable = event.environment.find(tool.port_variable)) {
        const auto port = port_number(variable->value.constant());
        if (!port) return std::nullopt;
        out.port = *port;
        return out;
      }
    }
    if (tool.usual_port == 0 || event.environment.opaque) return std::nullopt;
    if (tool.name == "gradio" && !event.operand()) return std::nullopt;
    out.port = tool.usual_port;
    return out;
  }
  return std::nullopt;
}

namespace {

std::optional<int> port_value(const py::Value& value) {
  if (value.type == py::Type::integer)
    return value.number > 0 && value.number < 65536 ? std::optional(static_cast<int>(value.number))
                                                    : std::nullopt;
  return port_number(value.constant());
}

/// A call that serves: where its port and host stand.
struct Server {
  std::string_view package, method;  // origin begins with, last name
  int port_position, host_position;
  int usual_port;
};

constexpr Server kServers[] = {
    {"uvicorn", "run", -1, -1, 0},    {"flask", "run", 1, 0, 0},
    {"dash", "run_server", -1, 0, 0}, {"dash", "run", -1, 0, 0},
    {"fastapi", "run", -1, -1, 0},    {"aiohttp", "run_app", -1, -1, 0},
    {"waitress", "serve", -1, -1, 0}, {"quart", "run", 1, 0, 0},
    {"bottle", "run", -1, -1, 0},     {"sanic", "run", 1, 0, 0},
    {"tornado", "listen", 0, 1, 0},
};

std::optional<Service> gradio(const py::CallEvent& call, const shell::Environment& environment) {
  if (call.method != "launch" || !call.origin.starts_with("gradio.")) return std::nullopt;
  const py::Argument* share = call.keyword("share");
  if ((share && share->value.expected() != Tri::no) || call.more_keywords) return std::nullopt;
  Service out{"gradio", 7860, false, false, call.span};
  const py::Argument* port = call.argument(-1, {"server_port"});
  // `server_port=args.port`, which is None where nobody gives one.
  const bool left_open = port && port->value.is_unknown() && !port->value.items().empty() &&
                         port->value.items()[0].is_none();
  if (port && !port->value.is_none() && !left_open) {
    const auto number = port_value(port->value);
    if (!number) return std::nullopt;
    out.port = *number;
    out.written = true;
    out.span = port->span;
    return out;
  }
  if (const shell::Variable* variable = environment.find("GRADIO_SERVER_PORT")) {
    const auto number = port_number(variable->value.constant());
    if (!number) return std::nullopt;
    out.port = *number;
    return out;
  }
  if (environment.opaque) return std::nullopt;
  return out;
}

}  // namespace

bool may_serve(const py::CallEvent& call) {
  const std::string_view last = std::string_view(call.origin).substr(call.origin.rfind('.') + 1);
  return call.method == "launch" ||
         std::any_of(std::begin(kServers), std::end(kServers),
                     [&](const Server& server) { return last == server.method; });
}

std::optional<Service> service_of(const py::CallEvent& call,
                                  const shell::Environment& environment) {
  if (call.uncalled() || call.project) return std::nullopt;
  if (auto found = gradio(call, environment)) return found;
  for (const Server& server : kServers) {
    const std::string_view origin = call.origin;
    if (!origin.starts_with(server.package) || origin.size() <= server.package.size()) continue;
    if (origin[server.package.size()] != '.' && origin[server.package.size()] != '(') continue;
    const std::string_view last = origin.substr(origin.rfind('.') + 1);
    if (last != server.method) continue;
    const py::Argument* port = call.argument(server.port_position, {"port"});
    const auto number = port ? port_value(port->value) : std::nullopt;
    if (!number) return std::nullopt;
    const py::Argument* host = call.argument(server.host_position, {"host"});
    const auto name = host ? host->value.constant() : std::nullopt;
    return Service{std::string(server.package), *number, true, name && loopback(*name), port->span};
  }
  return std::nullopt;
}

namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool word_character(char c) {
  return digit(c) || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool speaks_to(std::string_view text, int port) {
  const std::string number = std::to_string(port);
  for (const std::string_view host : {"localhost:", "127.0.0.1:", "-L ", "-L", "-CNgL "}) {
    const std::string wanted = std::string(host) + number;
    for (size_t at = text.find(wanted); at != std::string_view::npos;
         at = text.find(wanted, at + 1)) {
      const size_t end = at + wanted.size();
      if (end >= text.size() || !digit(text[end])) return true;
    }
  }
  return false;
}

/// `ngrok http 8000`, `cpolar http 8000`, `pyngrok.connect(8000)`, frp's `local_port = 8000`:
/// somebody outside gets there by another way.
bool tunnelled(std::string_view text, int port) {
  const std::string number = std::to_string(port);
  for (size_t at = text.find(number); at != std::string_view::npos;
       at = text.find(number, at + 1)) {
    const size_t end = at + number.size();
    if ((at > 0 && word_character(text[at - 1])) || (end < text.size() && digit(text[end])))
      continue;
    const size_t begin = text.rfind('\n', at) + 1;  // 0 where there is none
    const std::string_view before = text.substr(begin, at - begin);
    if (holds_any(before, {"ngrok", "cpolar", "natapp", "cloudflared", "localtunnel", "local_port",
                           "localPort"}))
      return true;
  }
  return false;
}

bool tells_of_tunnel(std::string_view text) {
  const auto says = [&](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  };
  return says("ssh ") && (says("tunnel") || says("隧道") || says("转发") || says("orward"));
}

/// `http://0.0.0.0:PORT/…`: as an address to go to it means this machine.
bool asks_any_address(std::string_view text, int port) {
  const std::string wanted = "://0.0.0.0:" + std::to_string(port) + "/";
  return text.find(wanted) != std::string_view::npos;
}

/// `requests.get(f"http://{host}:PORT/…")`: whichever machine it is, a program asks, nobody else.
bool asked_by_program(std::string_view text, int port) {
  const std::string wanted = "}:" + std::to_string(port);
  for (size_t at = text.find(wanted); at != std::string_view::npos;
       at = text.find(wanted, at + 1)) {
    const size_t end = at + wanted.size();
    if (end < text.size() && digit(text[end])) continue;
    const size_t begin = text.rfind('\n', at) + 1;  // 0 where there is none
    const std::string_view before = text.substr(begin, at - begin);
    // `TTS_URL = f"http://{TTS_HOST}:8001/tts"`: what is kept for a program.
    const bool kept =
        before.find("print") == std::string_view::npos && holds_any(before, {"URL", "url"});
    if (kept || holds_any(before, {"requests.", "httpx.", "urlopen(", "session.", "curl "}))
      return true;
  }
  return false;
}

/// Does an expression for a port, like `5000 + index`, name a number? Then the port is near it.
bool may_compute(std::string_view expression, int port) {
  bool named = false, near = false;
  for (size_t at = 0; at < expression.size(); ++at) {
    if (!digit(expression[at]) || (at > 0 && word_character(expression[at - 1]))) continue;
    const int number = std::atoi(std::string(expression.substr(at, 5)).c_str());
    named = named || number >= 1024;
    near = near || (number >= 1024 && number <= port && port < number + 100);
  }
  return near || !named;
}

constexpr size_t kNear = 400;  // bytes of a line that are looked at: a notebook's may be endless

/// `requests.get(f"http://127.0.0.1:{5000 + index}/…")`, `curl "http://localhost:$PORT"`: a program
/// asks a server of its own machine whose port is computed. So does whatever a script hands the
/// address to: `--api_url "http://localhost:${PORT}/v1"`. What is printed is for a person.
bool asks_computed_port(const File& file, int port) {
  const std::string_view text = file.bytes;
  const bool asks =
      holds_any(text, {"requests.", "httpx", "aiohttp", "urlopen(", "OpenAI(", "curl "});
  if (!asks && file.kind != FileKind::shell) return false;
  for (const std::string_view host : {"localhost:", "127.0.0.1:"}) {
    for (size_t at = text.find(host); at != std::string_view::npos; at = text.find(host, at + 1)) {
      const std::string_view near = text.substr(at + host.size(), kNear);
      const std::string_view behind = near.substr(0, near.find('\n'));
      const bool computed = behind.starts_with('{') || behind.starts_with('$') ||
                            behind.starts_with('%') || behind.starts_with("\" +") ||
                            behind.starts_with("' +");
      const size_t close = behind.find_first_of(behind.starts_with('{') ? "}" : "/\"'");
      if (!computed || !may_compute(behind.substr(0, close), port)) continue;
      std::string_view before = text.substr(at - std::min(at, kNear), std::min(at, kNear));
      before.remove_prefix(before.rfind('\n') + 1);  // 0 where there is none
      if (!asks && !before.ends_with("://")) continue;
      if (!holds_any(before, {"print", "echo ", "logg", "info("})) return true;
    }
  }
  return false;
}

}  // namespace

bool for_people(const Service& service) {
  for (const std::string_view tool : {"gradio", "streamlit", "tensorboard", "jupyter", "mlflow",
                                      "visdom", "label-studio", "code-server", "dash"}) {
    if (std::string_view(service.tool).starts_with(tool)) return true;
  }
  return false;
}

namespace {

/// `frpc -c frpc.ini`, `nginx -c nginx.conf`: does a file of the project that they are given pass
/// the port on?
bool forwarded(const Context& context, int port) {
  const Program& program = context.program();
  const Resolver resolver(program.root, *program.reader);
  bool out = false;
  context.each_command(
      Where::instance, {"frpc", "nginx", "natapp", "cpolar", "ngrok"},
      [&](const Run&, const CommandEvent& event) {
        for (const Argument& argument : event.arguments) {
          if (out || argument.value.known_start().starts_with('-')) continue;
          const std::string path = resolver.file(argument.value, event.state.here(),
                                                 paths::dirname(event.unit->file().path));
          const auto file = path.empty() ? nullptr : program.reader->open(path);
          out = file && (speaks_to(file->bytes, port) || tunnelled(file->bytes, port));
        }
      });
  return out;
}

}  // namespace

std::optional<int> streamlit_port(const Context& context, const CommandEvent& event) {
  const Program& program = context.program();
  const Resolver resolver(program.root, *program.reader);
  const std::string path =
      resolver.file(Value::literal(".streamlit/config.toml"), event.state.here(),
                    paths::dirname(event.unit->file().path));
  std::shared_ptr<const File> file =
      program.reader->open(path.empty() ? program.root + "/.streamlit/config.toml" : path);
  static const RE2 kPort(R"((?m)^[ \t]*port[ \t]*=[ \t]*(\d{2,5})[ \t]*(?:#|\r?$))");
  std::string port;
  if (!file || !RE2::PartialMatch(file->bytes, kPort, &port)) return std::nullopt;
  return port_number(port);
}

bool used_inside(const Context& context, const Service& service, const File& server) {
  const Program& program = context.program();
  const int port = service.port;
  for (const auto& file : program.files) {
    if (speaks_to(file->bytes, port) || tunnelled(file->bytes, port)) return true;
    if (!for_people(service) && asks_computed_port(*file, port)) return true;
    // What a server prints about itself is no client.
    if (file->path != server.path &&
        (asks_any_address(file->bytes, port) || asked_by_program(file->bytes, port)))
      return true;
  }
  for (const char* name : {"README.md", "README_CN.md", "README_zh.md", "README.zh-CN.md",
                           "readme.md", "README.rst", "docs/README.md"}) {
    const auto file = program.reader->open(program.root + "/" + name);
    if (file && speaks_to(file->bytes, port)) return true;
  }
  // A page that the project serves asks it: the address stands in the page's settings.
  std::string folder = paths::dirname(server.path);
  while (!for_people(service) && paths::under(folder, program.root)) {
    for (const char* name : {".env", ".env.development", ".env.production", "vite.config.ts",
                             "vite.config.js", "next.config.js", "vue.config.js"}) {
      const auto file = program.reader->open(folder + "/" + name);
      if (file && speaks_to(file->bytes, port)) return true;
    }
    if (folder == program.root) break;
    folder = paths::dirname(folder);
  }
  if (forwarded(context, port)) return true;
  const auto& told = context.shared<Guides>().files;
  return std::any_of(told.begin(), told.end(), [&](const auto& file) {
    return speaks_to(file->bytes, port) && tells_of_tunnel(file->bytes);
  });
}

}  // namespace preflint::project
