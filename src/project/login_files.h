#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "project/context.h"

namespace preflint::project {

using WrittenText = std::function<void(const Run&, const shell::CommandEvent&, const Value& file,
                                       std::string_view text)>;
/// Visits what the project's scripts print into files, as far as it is known: `echo … > FILE`,
/// `cat > FILE <<EOF`, `… | tee FILE`, `{ echo …; } > FILE`.
void each_written_text(const Context& context, const WrittenText& visit);

/// What scripts of the project add to a shell's start-up files (`echo "export A=b" >> ~/.bashrc`),
/// and what its documents tell people to add: whoever logs in after the set-up has it, and so has
/// all that is started from there. Documents are opened where the scripts do not settle a question.
class LoginFiles {
 public:
  explicit LoginFiles(const Context& context);
  /// Is the variable exported by some script or document?
  bool exports(std::string_view name) const;
  /// By one that belongs to another start than the run, so that a login may lie between them?
  bool exports(std::string_view name, const Run& run) const;
  /// With this value alone, by such a one?
  bool exports(std::string_view name, std::string_view value, const Run& run) const;
  /// The same for the network hook, or a proxy.
  bool proxied(const Run& run) const;

 private:
  using Writers = std::set<const Run*>;  // roots; null: a document
  struct Written {
    std::map<std::string, Writers, std::less<>> exported;
    std::map<std::string, std::set<std::string, std::less<>>, std::less<>> values;  // as written
    Writers proxied;
    void lines(std::string_view text, const Run* writer, const std::string& hook);
    bool exports(std::string_view name, const Run& run) const;
    bool exports(std::string_view name, std::string_view value, const Run& run) const;
  };
  static bool before(const Writers& writers, const Run& run);
  const Written& by_documents() const;

  const Context& context_;
  Written by_scripts_;
  mutable std::optional<Written> by_documents_;
};

}  // namespace preflint::project
