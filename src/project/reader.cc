#include "project/reader.h"

namespace preflint::project {

std::vector<std::string> names_in(const std::map<std::string, std::shared_ptr<const File>>& files,
                                  const std::string& folder) {
  std::vector<std::string> list;
  for (auto it = files.lower_bound(folder + "/");
       it != files.end() && it->first.starts_with(folder + "/"); ++it) {
    const std::string rest = it->first.substr(folder.size() + 1);
    const size_t slash = rest.find('/');
    std::string one = slash == std::string::npos ? rest : rest.substr(0, slash + 1);
    if (list.empty() || list.back() != one) list.push_back(std::move(one));
  }
  return list;
}

}  // namespace preflint::project
