#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/profile.h"
#include "model/shell/event.h"
#include "model/unit.h"
#include "project/program.h"

namespace preflint::project {

/// Where something is written: the word itself, or the assignment of the variable that it consists
/// of.
struct WrittenWord {
  const Unit* unit = nullptr;
  Span span;
};

/// An `ssh`, `scp`, `rsync` or `sftp` command, or what a prefix or option hands to one.
struct RemoteCall {
  enum Tool : uint8_t { ssh, scp, rsync, sftp } tool = ssh;
  /// `HOST`, or the other machine's operand `HOST:path`; null when the command names none.
  const shell::Argument* target = nullptr;
  std::string host;                             // without user and path; "" unknown
  const shell::Argument* port = nullptr;        // the word that holds it (`-p 22`: `22`)
  std::string port_number;                      // "" unknown or default
  std::vector<const shell::Argument*> command;  // ssh: the words of the remote command
  std::vector<const shell::Argument*> sources;  // scp, rsync: what is copied
  const shell::Argument* destination = nullptr;
  /// Every `Name=value` of `-o`, wherever it comes from, and the word that brings it.
  std::vector<std::pair<std::string, const shell::Argument*>> options;
  bool recursive = false;

  /// The value of an option, in lower case; nothing when it is not given.
  std::optional<std::string> option(std::string_view name) const;
  const shell::Argument* option_word(std::string_view name) const;
};

/// Is it surely no box of the platform: named by its address, and on ssh's own port, which no box
/// has?
bool another_server(const RemoteCall& call, const catalog::Profile& profile);

/// The command as one of these; nothing when it is another one.
std::optional<RemoteCall> remote_call(const shell::CommandEvent& event);

/// The options in a command line of ssh, as variables and configurations hold it (`ssh -i key -o
/// X=y`, also behind `sshpass`). Parts that are not known are passed over.
RemoteCall ssh_command(const shell::Argument& text);

/// `[user@]HOST:path`: is the operand on another machine?
bool is_remote(const shell::Argument& operand);
/// The path of such an operand; the operand itself when it is a local one.
Value path_of(const shell::Argument& operand);

WrittenWord written_at(const Run& run, const shell::CommandEvent& event,
                       const shell::Argument& argument);

}  // namespace preflint::project
