#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/shell/event.h"

namespace preflint::project {

/// Does a text tell the reader that something worked? `words` are the profile's: English ones count
/// as whole words in any case, Chinese ones anywhere. Plans, questions and failures do not count.
bool claims_success(std::string_view text, const std::vector<std::string>& words);

/// What echo, printf or logger prints, holes shown by name; "" for other commands.
std::string printed_text(const shell::CommandEvent& event);

/// A command that puts data somewhere: cp, mv, rsync, scp, tar, unzip, aws s3 cp, rclone copy, hf
/// upload, git push…
bool is_copy(const shell::CommandEvent& event);

}  // namespace preflint::project
