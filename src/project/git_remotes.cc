#include "project/git_remotes.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>

#include "base/text.h"
#include "model/value.h"
#include "project/guides.h"
#include "project/reach.h"

namespace preflint::project {
namespace {

/// The ways of several URLs as one.
class Ways {
 public:
  explicit Ways(const catalog::Profile& profile) : profile_(profile) {}

  void add(std::string_view url) {
    const Reach reach = reach_of_host(host_of(url), profile_);
    if (reach == Reach::domestic || reach == Reach::local || url.starts_with('/'))
      home_ = true;
    else if (over_ssh(url) || host_of(url).empty())  // `../b.git`: where the project itself is
      ssh_ = true;
    else
      abroad_ = true;
  }
  /// One that goes over ssh, or is not known, makes it unknown which way a call takes.
  GitRemotes::Way all() const {
    if (ssh_) return GitRemotes::ssh;
    if (abroad_) return GitRemotes::abroad;
    return home_ ? GitRemotes::home : GitRemotes::unsaid;
  }

 private:
  const catalog::Profile& profile_;
  bool home_ = false, ssh_ = false, abroad_ = false;
};

/// The URLs of a configuration file of git.
GitRemotes::Way configured(const Context& context, const std::string& name) {
  Ways ways(context.profile());
  const auto file = context.program().reader->open(context.program().root + name);
  std::string_view rest = file ? std::string_view(file->bytes) : std::string_view();
  while (!rest.empty()) {
    std::string_view row = take_line(rest);
    row.remove_prefix(std::min(row.find_first_not_of(" \t"), row.size()));
    if (row.starts_with("url = ")) ways.add(trimmed(row.substr(6)));
  }
  return ways.all();
}

/// The word of a guide that begins there, without the marks of Markdown around it.
std::string_view word_at(std::string_view text) {
  return text.substr(0, text.find_first_of(" \t\r\n\"'`<>()[]|，。；）"));
}

/// Is it the project's own URL? Guides name those of others, too.
bool names_project(std::string_view url, std::string_view root) {
  while (url.ends_with('/')) url.remove_suffix(1);
  if (url.ends_with(".git")) url.remove_suffix(4);
  const std::string name = lower(url.substr(url.rfind('/') + 1));
  const std::string folder = lower(paths::basename(std::string(root)));
  return !name.empty() && folder.ends_with(name) &&
         (folder.size() == name.size() ||
          std::isalnum(static_cast<unsigned char>(folder[folder.size() - name.size() - 1])) == 0);
}

/// Who writes an ssh URL into a guide has a key for that host, whosever repository it is.
GitRemotes::Way written(const Context& context) {
  Ways ways(context.profile());
  for (const auto& file : context.shared<Guides>().files) {
    const std::string_view text = file->bytes;
    for (const std::string_view start : {"git@", "ssh://git@", "https://"}) {
      for (size_t at = text.find(start); at != std::string_view::npos;
           at = text.find(start, at + 1)) {
        if (start == "git@" && text.substr(0, at).ends_with("//")) continue;  // in a URL
        const std::string_view url = word_at(text.substr(at));
        const bool counts = start == "https://" ? names_project(url, context.program().root)
                                                : !host_of(url).empty();
        if (counts) ways.add(url);
      }
    }
  }
  return ways.all();
}

}  // namespace

GitRemotes::GitRemotes(const Context& context)
    : own(configured(context, "/.git/config")), modules(configured(context, "/.gitmodules")) {
  if (own == unsaid) own = written(context);
}

bool over_ssh(std::string_view url) {
  if (url.find("://") != std::string_view::npos)
    return url.starts_with("ssh://") || url.starts_with("git+ssh://");
  const size_t at = url.find('@'), colon = url.find(':');
  return at != std::string_view::npos && colon != std::string_view::npos && at < colon;
}

}  // namespace preflint::project
