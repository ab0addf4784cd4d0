#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "project/build.h"

namespace preflint::project {

/// Which files have to be looked at so that no finding of the asking rules is lost, as their texts
/// tell before any is parsed.
///
/// A shell file counts when it and the scripts that it names hold what some rule about shell looks
/// for, or when it starts Python. A Python file counts when it holds what some rule about Python
/// looks for, or runs commands and holds what one about shell does; and when it imports such a
/// file.
///
/// A project of up to kSmall bytes of Python is read as a whole where it counts. In a larger one a
/// Python file that nothing launches is looked at when it holds a trigger itself, and of what it
/// imports only files that hold a trigger or tell paths are followed. What matters in programs, and
/// commands that they run, count only in programs there, and only where the project names the
/// platform.
class Demand {
 public:
  static constexpr size_t kSmall = size_t{3} << 20;

  explicit Demand(const BuildRequest& request);

  /// Has the file to be looked at on its own account?
  bool wanted(const std::string& path) const;
  /// Does an import of the file lead to something that counts, in a program that a script launches
  /// or in another one? True for files that were not among the request's.
  bool followed(const std::string& path, bool launched) const;
  /// Is the project read as a whole?
  bool small() const { return small_; }
  /// May some other file of the project import it?
  bool imported(const std::string& path) const;
  /// Does it run as a program: a notebook, or a text with a main part?
  bool program(const std::string& path) const;

 private:
  enum Mark : uint16_t {
    kTrigger = 1,  // holds what some rule looks for
    kValues = 2,   // tells options or paths that others use
    kProgram = 4,
    kImported = 8,
    kReaches = 16,     // imports, directly or not, a file with a trigger
    kLaunched = 64,    // holds what matters in a program that a shell starts
    kSpawns = 128,     // runs commands
    kCommand = 256,    // holds what a rule about shell looks for, and something runs commands there
    kSpawnsFar = 512,  // imports, directly or not, a file that runs commands
    kOwn = 1024,       // holds what matters in programs
    kPaths = 2048,     // tells paths that others use
    kPlatform = 4096,  // names the platform
  };
  void scan(const BuildRequest& request, const std::vector<std::vector<size_t>>& imports);
  void follow_imports(const std::vector<std::vector<size_t>>& imports);
  void mark_importers(const std::vector<std::vector<size_t>>& importers, Mark of, Mark reaching);
  static uint16_t marks_for(uint16_t answers);
  uint16_t marks_of(const std::string& path) const;

  bool everything_ = false, small_ = true;
  bool for_platform_ = false;                        // some file names it
  std::unordered_map<std::string, size_t> numbers_;  // by path
  std::vector<uint16_t> marks_;
};

}  // namespace preflint::project
