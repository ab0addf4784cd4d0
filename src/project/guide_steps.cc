#include "project/guide_steps.h"

#include <re2/re2.h>

#include <utility>
#include <vector>

#include "base/one_of.h"
#include "base/text.h"
#include "project/conda_names.h"
#include "project/guides.h"
#include "project/upkeep.h"

namespace preflint::project {
namespace {

using Words = std::vector<std::string>;

/// The commands of a line as people write it down for others: `$ cd demo && pip install -r x.txt`.
std::vector<Words> commands_of(std::string_view line) {
  std::vector<Words> out(1);
  std::string word;
  char quote = 0;
  const auto end_word = [&] {
    if (!word.empty()) out.back().push_back(std::exchange(word, ""));
  };
  for (const char c : line) {
    if (quote != 0) {
      if (c == quote)
        quote = 0;
      else
        word += c;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == ' ' || c == '\t' || c == '\r') {
      end_word();
    } else if (c == '#' && word.empty()) {
      break;
    } else if (c == ';' || c == '&' || c == '|') {
      end_word();
      out.emplace_back();
    } else {
      word += c;
    }
  }
  end_word();
  static const RE2 kBefore(R"(\$|>|%|!|[A-Za-z_]\w*=.*|sudo|nohup|time)");
  for (Words& words : out) {
    size_t before = 0;
    while (before < words.size() && RE2::FullMatch(words[before], kBefore)) ++before;
    words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(before));
  }
  return out;
}

/// `.venv` for `./.venv/`.
std::string plain_folder(std::string_view path) {
  if (path.starts_with("./")) path.remove_prefix(2);
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return std::string(path);
}

/// Not to be told from the guide alone: `$HOME/demo`, `<your folder>`, `/path/to/demo`.
bool elsewhere(std::string_view path) {
  return path.empty() || path[0] == '/' || path[0] == '~' ||
         path.find_first_of("$<>{}*") != std::string_view::npos;
}

bool python(std::string_view name) { return name.starts_with("python"); }

}  // namespace

class GuideSteps::Reading {
 public:
  Reading(GuideSteps& out, const Context& context, const std::set<std::string>& environments,
          const File& file)
      : out_(out),
        context_(context),
        reader_(*context.program().reader),
        environments_(environments),
        file_(file),
        folder_(paths::dirname(file.path)),
        at_(folder_) {
    const bool documents = one_of(lower(paths::basename(folder_)), {"doc", "docs"});
    above_ = documents && folder_ != context.program().root ? paths::dirname(folder_) : folder_;
    whole_for_platform_ =
        meant_for_platform(paths::basename(file.path), context.profile()) ||
        (!context.profile().name.empty() &&
         lower(paths::basename(file.path)).find(context.profile().name) != std::string::npos);
  }

  void read() {
    std::string fence, whole;
    bool foreign = false;  // a fence with something else than a POSIX shell's commands
    for (std::string_view rest = file_.bytes; !rest.empty();) {
      const std::string_view raw = take_line(rest);
      const std::string_view line = trimmed(raw);
      image(line);
      if (line.starts_with("```") || line.starts_with("~~~")) {
        const std::string_view mark = line.substr(0, line.find_first_not_of(line[0]));
        if (!fence.empty()) {
          if (line.starts_with(fence)) fence.clear();
        } else if (line.find(mark, mark.size()) == std::string_view::npos) {
          fence = mark;
          foreign = one_of(lower(trimmed(line.substr(mark.size()))),
                           {"powershell", "ps1", "bat", "batch", "cmd", "dockerfile", "docker",
                            "yaml", "yml", "json", "python", "py", "toml"});
          begin_block();
        }
        whole.clear();
        continue;
      }
      if (fence.empty() && heading(line)) continue;
      std::string_view said = line;
      if (fence.empty() && !raw.starts_with("    ") && !raw.starts_with('\t')) said = quoted(line);
      if (said.empty() || (!fence.empty() && foreign)) continue;
      constexpr size_t kLongest = 4'000;
      if (said.ends_with('\\') && whole.size() < kLongest) {
        whole += std::string(said.substr(0, said.size() - 1)) + " ";
        continue;
      }
      whole += said;
      for (const Words& words : commands_of(whole)) command(words);
      whole.clear();
    }
  }

 private:
  /// The command of a line that consists of it: `pip install -r requirements.txt` in backticks,
  /// perhaps as an item of a list.
  static std::string_view quoted(std::string_view line) {
    static const RE2 kWhole(R"((?:[-*+]\s+|\d+[.)]\s+)?`([^`]+)`[。.:：]?)");
    re2::StringPiece inner;
    if (!RE2::FullMatch(line, kWhole, &inner)) return {};
    return {inner.data(), inner.size()};
  }

  /// A section goes on in its subsections, and in the next numbered step; a part for the platform
  /// begins anew.
  bool heading(std::string_view line) {
    const size_t level = line.find_first_not_of('#');
    constexpr size_t kDeepest = 6;
    if (level == 0 || level > kDeepest || (line[level] != ' ' && line[level] != '\t')) return false;
    static const RE2 kNextStep(
        R"((?i)^\W*(?:(?:step|步骤)?\W*(?:\d+\.)?(?:[2-9]|1\d)(?:\W|$)|第[二三四五六七八九]步|[二三四五六七八九]、))");
    while (!sections_.empty() && sections_.back().level >= level) sections_.pop_back();
    const bool own = meant_for_platform(line, context_.profile());
    sections_.push_back({level, own || for_platform()});
    constexpr size_t kSections = 2;  // deeper ones are parts
    const bool part = level > kSections && sections_.size() > 1;
    const std::string_view title = line.substr(level);
    if (own || !(part || RE2::PartialMatch(title, kNextStep))) {
      active_ = false;
      at_ = folder_;
    }
    begin_block();
    return true;
  }

  void begin_block() {
    if (!reader_.directory(at_)) at_ = folder_;
    from_before_ = at_ != folder_;
  }

  bool for_platform() const {
    return whole_for_platform_ || (!sections_.empty() && sections_.back().for_platform);
  }

  /// A file or folder of the project that the guide may speak for; "" none.
  std::string find(const std::string& written, bool folder) const {
    if (elsewhere(written)) return "";
    const auto there = [&](const std::string& base, const std::string& from) -> std::string {
      std::string path = paths::normalise(from + "/" + written);
      const bool is = folder ? reader_.directory(path) : reader_.exists(path);
      return is && paths::under(path, base) ? path : "";
    };
    std::string path = there(above_, at_);
    if (path.empty() && (from_before_ || at_ == folder_)) path = there(above_, folder_);
    if (path.empty() && (from_before_ || at_ == folder_)) path = there(above_, above_);
    return path;
  }

  /// What the longest ending of a path on the box names in the project; "" none.
  std::string by_ending(const std::string& written, bool folder) const {
    for (size_t slash = written.find('/'); slash != std::string::npos;
         slash = written.find('/', slash + 1)) {
      const std::string inner = paths::normalise(folder_ + "/" + written.substr(slash + 1));
      if (slash + 1 < written.size() && (folder ? reader_.directory(inner) : reader_.exists(inner)))
        return inner;
    }
    return "";
  }

  void go(const std::string& written) {
    constexpr size_t kLongestPath = 4'096;
    if (at_.size() + written.size() > kLongestPath) return;
    from_before_ = false;
    const std::string name = paths::basename(plain_folder(written));
    if (elsewhere(written)) {
      // `cd /root/autodl-tmp/widgets`: what follows is for the platform, whatever the title says.
      if (!sections_.empty() && meant_for_platform(written, context_.profile()))
        sections_.back().for_platform = true;
      // The project lies there, or one of its folders.
      const std::string inner = by_ending(written, true);
      at_ = inner.empty() ? folder_ : inner;
      return;
    }
    if (std::string inner = find(written, true); !inner.empty()) {
      at_ = std::move(inner);
    } else if (name == own_clone_ || name == paths::basename(folder_)) {
      at_ = folder_;
    } else {
      at_ = paths::normalise(at_ + "/" + written);  // another project's, or it was never here
    }
  }

  void activate(const std::string& name) {
    active_ = name != "base" && name != "root" &&
              (environments_.contains(name) || venvs_.contains(plain_folder(name)));
    out_.entered_ |= active_;
  }

  void tell(Told& told, const std::string& path, bool apart) const {
    if (path.empty()) return;
    if (apart)
      told.apart.insert(path);
    else if (for_platform())
      told.plain.insert(path);
  }

  /// A list as a guide writes it, also below the folder that the project has on the box:
  /// `/root/widgets/requirements.txt`.
  std::string list_file(const std::string& written) const {
    return elsewhere(written) ? by_ending(written, false) : find(written, false);
  }

  void install(const Words& words, size_t from, bool apart) {
    const auto project = [&](std::string written) {
      written = written.substr(0, written.find('['));
      const std::string folder = find(written, true);
      if (folder.empty()) return;
      for (const char* name : {"/pyproject.toml", "/setup.py", "/setup.cfg"}) {
        if (reader_.exists(folder + name)) tell(out_.installed_, folder + name, apart);
      }
    };
    for (size_t i = from; i < words.size(); ++i) {
      const std::string& word = words[i];
      if ((word == "-r" || word == "--requirement") && i + 1 < words.size())
        tell(out_.installed_, list_file(words[++i]), apart);
      else if (word.starts_with("--requirement="))
        tell(out_.installed_, list_file(word.substr(word.find('=') + 1)), apart);
      else if (word.starts_with("-r") && word.size() > 2)
        tell(out_.installed_, list_file(word.substr(2)), apart);
      else if (word[0] == '.' || word.find('/') != std::string::npos)
        project(word);
    }
  }

  void command(const Words& words) {
    if (words.empty()) return;
    std::string name = words[0];
    const auto word = [&](size_t i) { return i < words.size() ? words[i] : std::string(); };
    bool apart = active_;
    if (const size_t bin = name.find("/bin/"); bin != std::string::npos) {
      apart = venvs_.contains(plain_folder(name.substr(0, bin)));
      name = paths::basename(name);
    }
    if (name == "cd") {
      go(word(1));
    } else if (name == "git" && word(1) == "clone") {
      clone(words);
    } else if (one_of(name, {"conda", "mamba", "micromamba"})) {
      if (word(1) == "activate") activate(word(2));
      if (word(1) == "create" || (word(1) == "env" && word(2) == "create")) make_at_prefix(words);
      if (word(1) == "deactivate") active_ = false;
    } else if (name == "deactivate") {
      active_ = false;
    } else if (name == "activate" || ((name == "source" || name == ".") && word(1) == "activate")) {
      activate(word(name == "activate" ? 1 : 2));
    } else if ((name == "source" || name == ".") && word(1).ends_with("/bin/activate")) {
      const std::string script = word(1);
      active_ = venvs_.contains(plain_folder(script.substr(0, script.rfind("/bin/"))));
      out_.entered_ |= active_;
    } else if (name == "virtualenv" || (name == "uv" && word(1) == "venv") ||
               (python(name) && word(1) == "-m" && one_of(word(2), {"venv", "virtualenv"}))) {
      make_venv(words, name == "virtualenv" ? 1 : name == "uv" ? 2 : 3);
    } else if (python(name) && word(1) == "-m" && word(2) == "pip" && word(3) == "install") {
      install(words, 4, apart);
    } else if (name == "uv" && word(1) == "pip" && word(2) == "install") {
      install(words, 3, apart);
    } else if ((name == "pip" || name == "pip3") && word(1) == "install") {
      install(words, 2, apart);
    } else if (one_of(name, {"bash", "sh", "zsh", "source", "."}) || python(name)) {
      size_t i = 1;
      while (word(i).starts_with('-') && word(i) != "-c" && word(i) != "-m") ++i;
      if (!word(i).starts_with('-')) tell(out_.started_, find(word(i), false), apart);
    } else if (name.ends_with(".sh")) {
      tell(out_.started_, find(name, false), apart);
    }
  }

  /// `conda env create -f environment.yml -p env/demo`: then it is activated by that path.
  void make_at_prefix(const Words& words) {
    for (size_t i = 2; i + 1 < words.size(); ++i) {
      if (words[i] == "-p" || words[i] == "--prefix") venvs_.insert(plain_folder(words[i + 1]));
    }
  }

  void make_venv(const Words& words, size_t from) {
    std::string folder = words[0] == "uv" ? ".venv" : "";
    for (size_t i = from; i < words.size(); ++i) {
      if (one_of(words[i], {"-p", "--python", "--prompt"}))
        ++i;
      else if (!words[i].starts_with('-'))
        folder = words[i];
    }
    if (!folder.empty()) venvs_.insert(plain_folder(folder));
  }

  /// The first project that is fetched is the one that the guide is of.
  void clone(const Words& words) {
    if (!own_clone_.empty()) return;
    for (size_t i = 2; i < words.size(); ++i) {
      if (words[i].find(':') == std::string::npos) continue;
      const bool named = i + 1 < words.size() && !words[i + 1].starts_with('-');
      own_clone_ = paths::basename(plain_folder(words[named ? i + 1 : i]));
      if (own_clone_.ends_with(".git")) own_clone_.resize(own_clone_.size() - 4);
      return;
    }
  }

  /// `Miniconda/conda3/3.10(ubuntu22.04)/11.8`, `PyTorch 2.1.2 Python 3.10(ubuntu22.04) CUDA 11.8`:
  /// what the platform calls its images.
  void image(std::string_view line) {
    static const RE2 kImage(
        R"((?i)\b([a-z]{3,})\s*/?\s*([\w.]+)\s*/?\s*(?:python\s*)?3\.\d+\s*\(ubuntu\s*\d)");
    static const RE2 kPlain(R"((?i)(?:镜像|\bimage\b).*\bminiconda\s*/\s*conda3\b)");
    if (line.find("untu") == std::string_view::npos &&
        lower(line).find("conda3") == std::string::npos)
      return;
    auto& named = out_.images_[folder_];
    if (RE2::PartialMatch(line, kPlain)) named.insert("miniconda");
    std::string kind, version;
    for (re2::StringPiece rest(line.data(), line.size());
         RE2::FindAndConsume(&rest, kImage, &kind, &version);) {
      kind = lower(kind);
      named.insert(kind == "pytorch" ? "torch " + version : kind);
    }
    if (named.empty()) out_.images_.erase(folder_);
  }

  struct Section {
    size_t level;
    bool for_platform;  // its title says so, or one around it
  };

  GuideSteps& out_;
  const Context& context_;
  const Reader& reader_;
  const std::set<std::string>& environments_;  // of conda
  const File& file_;
  std::string folder_;        // of the guide
  std::string above_;         // the same, or what documentation in it is of
  std::string at_;            // where commands run
  bool from_before_ = false;  // went there in an earlier block
  bool active_ = false;       // an environment that the guide makes
  bool whole_for_platform_ = false;
  std::string own_clone_;
  std::set<std::string> venvs_;  // and environments of conda that have a folder for a name
  std::vector<Section> sections_;
};

GuideSteps::GuideSteps(const Context& context) : root_(context.program().root) {
  const auto& guides = context.shared<Guides>().files;
  if (guides.empty()) return;
  const std::set<std::string> environments = created_environments(context);
  for (const auto& file : guides) {
    if (lower(file->path).ends_with(".md")) Reading(*this, context, environments, *file).read();
  }
  for (Told* told : {&installed_, &started_}) {
    for (const std::string& path : told->plain) told->apart.erase(path);
  }
}

std::optional<std::string> GuideSteps::image_torch(const std::string& path) const {
  if (images_.empty()) return std::nullopt;
  for (std::string folder = paths::dirname(path); paths::under(folder, root_);
       folder = paths::dirname(folder)) {
    const auto at = images_.find(folder);
    if (at != images_.end()) {
      constexpr std::string_view kTorch = "torch ";
      if (at->second.size() != 1) return std::nullopt;
      const std::string& image = *at->second.begin();
      if (image == "miniconda") return "";
      if (image.starts_with(kTorch)) return image.substr(kTorch.size());
      return std::nullopt;
    }
    if (folder.size() <= root_.size()) break;
  }
  return std::nullopt;
}

}  // namespace preflint::project
