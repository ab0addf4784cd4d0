#include "project/pip_options.h"

#include <algorithm>
#include <array>

namespace preflint::project {

bool pip_option_takes_value(std::string_view option) {
  static constexpr std::array<std::string_view, 56> kOptions = {"-r",
                                                                "--requirement",
                                                                "--requirements",
                                                                "-c",
                                                                "--constraint",
                                                                "-e",
                                                                "--editable",
                                                                "-i",
                                                                "--index-url",
                                                                "--extra-index-url",
                                                                "-f",
                                                                "--find-links",
                                                                "-t",
                                                                "--target",
                                                                "--prefix",
                                                                "--root",
                                                                "--src",
                                                                "--platform",
                                                                "--python-version",
                                                                "--implementation",
                                                                "--abi",
                                                                "--trusted-host",
                                                                "--proxy",
                                                                "--retries",
                                                                "--timeout",
                                                                "--cache-dir",
                                                                "--log",
                                                                "--progress-bar",
                                                                "--no-binary",
                                                                "--only-binary",
                                                                "-d",
                                                                "--dest",
                                                                "-w",
                                                                "--wheel-dir",
                                                                "--python",
                                                                "-p",
                                                                "--index",
                                                                "--default-index",
                                                                "--config-settings",
                                                                "--config-setting",
                                                                "--global-option",
                                                                "--build-option",
                                                                "-b",
                                                                "--upgrade-strategy",
                                                                "--exists-action",
                                                                "--cert",
                                                                "--client-cert",
                                                                "--use-feature",
                                                                "--report",
                                                                "--index-strategy",
                                                                "--torch-backend",
                                                                "--group",
                                                                "--override",
                                                                "--overrides",
                                                                "--excludes",
                                                                "--upgrade-package"};
  return std::find(kOptions.begin(), kOptions.end(), option) != kOptions.end();
}

}  // namespace preflint::project
