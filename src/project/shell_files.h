#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "project/artefacts.h"

namespace preflint::project {

/// Reads the commands of one shell run for what they do to files: what add_shell_artefacts adds.
/// Which tool is read how stands in shell_artefacts.cc, and there what needs few words; copies,
/// archives, what is fetched or brought off the box, and launches have files of their own.
class ShellFiles {
 public:
  ShellFiles(const Lander& lander, const Run& run, std::vector<Artefact>& out)
      : lander_(lander), run_(run), out_(out) {}
  /// Adds what one command does, in the order in which it is said.
  void read(const shell::CommandEvent& event);

 private:
  /// Adds something that the command does to `path`, which `span` of its text says.
  Artefact& add(Artefact::Kind kind, Span span, const Value& path);
  /// Adds that it brings something off the box.
  Artefact& bring_away();
  /// A path as the command means it, from the folder where it runs.
  Value place(const Value& path) const;
  /// What is known of a word: all of it, or its beginning.
  static std::string start_of(const shell::Argument& argument);
  /// Operands of the command, whose listed options take the next word.
  std::vector<const shell::Argument*> operands(
      std::initializer_list<std::string_view> with_value) const;
  /// The value of the first of these options: `-C DIR`, `-CDIR`, `--directory DIR`,
  /// `--directory=DIR`.
  std::optional<shell::Argument> option(std::initializer_list<std::string_view> names) const;
  /// Files that its output is sent to.
  void redirects();
  /// Adds one for each operand.
  void for_each_operand(Artefact::Kind kind, std::string_view tool,
                        std::initializer_list<std::string_view> with_value);
  void remove();

  // shell_copies.cc
  /// cp, mv, install, rsync and scp, on the box, from it and to it.
  void copy();
  /// The folder of `cp -t DIR FILE…`.
  std::optional<shell::Argument> target_option() const;
  /// `cp a/best.pth /keep/` writes /keep/best.pth.
  void name_file(Artefact& out, const Value& target, const Value& source) const;
  /// What `find … -delete` and `find … -exec` remove and copy.
  void find();
  /// What `find … -exec cp {} DIR \;` copies, for each file that it finds.
  void find_copies();
  /// The folder in which `find` looks, with the pattern of the names.
  Value found_files() const;
  /// `dd of=FILE`
  void block_copy();
  /// `split -b 4G best.pth /keep/best.`: into parts of these names.
  void split();

  // shell_archives.cc
  void tar();
  void zip();
  void unzip();
  /// `tar cz out > /keep/out.tgz`, `zstd -c best.pth > /keep/best.zst`, `cat best.pth > /keep/b`: a
  /// copy of what is read.
  void written_out();
  /// `(cd a && tar cf - out) | (cd b && tar xf -)`: a folder is copied, and no archive unpacked.
  bool between_tars() const;
  /// `tar cz out | ssh host "cat > out.tgz"`
  void streamed();

  // shell_transfers.cc
  /// What git clones or pushes; where pip, conda and venv are told to install.
  void git();
  void pip();
  void conda();
  void venv();
  /// What `hf download ID`, `modelscope download --model ID` fetches.
  DownloadSize downloaded() const;
  /// The command line of the Hub and of ModelScope.
  void hub();
  /// Other programs that bring files off the box.
  static bool uploads(const shell::CommandEvent& event);

  // shell_launches.cc
  /// What a launch tells its program: `--output_dir X`, `--output_dir=X`, hydra's
  /// `paths.output_dir=X`.
  void launch();
  /// `--push_to_hub`, `push_to_hub=true`: the program is told to bring away what it saves.
  bool told_to_push() const;
  /// Its Trainer reports to W&B, and WANDB_LOG_MODEL uploads what that saves.
  bool told_to_log_model() const;

  const Lander& lander_;
  const Run& run_;
  std::vector<Artefact>& out_;
  const shell::CommandEvent* event_ = nullptr;  // that is read
};

}  // namespace preflint::project
