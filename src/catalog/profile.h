#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/tri.h"

namespace preflint::catalog {

/// Where a fact comes from: "seed §3", "docs", "users", and when it was last looked at
/// (YYYY-MM-DD).
struct Evidence {
  std::string source, checked;
  std::string note;  // where sources differ: what the others say
};

/// What a storage tier survives; nothing: not known.
struct Tier {
  std::string name;                  // system, data, shared, public…
  std::string path;                  // absolute; "/" for the system disk
  std::vector<std::string> aliases;  // other paths of the same tier
  std::optional<double> size_gb;
  std::optional<long> inodes;  // hard cap; nothing: no cap known
  std::string speed;           // fast, medium, slow, ""
  bool read_only = false;
  bool durable = false;  // the tier that survives what ends the instance
  bool region_locked = false;
  std::optional<bool> survives_stop, survives_reset, survives_release, in_saved_image;
};

/// The software of a box: from the profile's catalogue, the configuration or a probe.
struct Image {
  std::string name;
  std::string torch, torchvision, torchaudio, tensorflow;  // public versions, "" unknown
  std::string cuda;                                        // "12.8"
  std::string python;                                      // "3.12"
  std::map<std::string, std::string>
      frameworks;  // further packages that the image owns: name → version
  bool known() const { return !torch.empty() || !tensorflow.empty() || !python.empty(); }
};

/// A rental platform as data. Empty strings, empty lists and nullopt mean "not known": a rule that
/// needs such a fact stays silent.
struct Profile {
  std::string name;
  std::string title;  // "AutoDL"
  std::string base;   // the profile that this one extends, "" none
  std::string kind;   // ssh-rental, notebook
  std::map<std::string, Evidence, std::less<>> evidence;  // by dotted fact, e.g. "network.hook"

  struct Launch {
    std::vector<std::string> ssh_hosts;  // patterns of the platform's host names: *.seetacloud.com
    std::string entry;                   // how one gets in: ssh, notebook
    std::string ssh_port_changes;        // "recreate" when the port changes on re-create
  } launch;

  struct Storage {
    std::vector<Tier> tiers;
    int auto_release_days = 0;  // stopped for so long: released; 0: never or not known
  } storage;

  struct Network {
    std::string hook_file;                  // /etc/network_turbo
    std::string hook;                       // source /etc/network_turbo
    std::string hook_guarded;               // source /etc/network_turbo 2>/dev/null || true
    std::string hook_off;                   // unset http_proxy && unset https_proxy
    std::vector<std::string> hook_exports;  // no_proxy http_proxy https_proxy …
    std::string proxy_port;                 // "12798"
    std::vector<std::string> no_proxy;      // the hook's list
    std::vector<std::string>
        domestic;  // host patterns that need no proxy: *.tuna.tsinghua.edu.cn, gitee.com
    std::vector<std::string> accelerated;     // hosts that the proxy serves
    std::vector<std::string> mirrors;         // Hugging Face mirror endpoints: hf-mirror.com
    std::vector<std::string> github_mirrors;  // gh-proxy.com …
    std::string hf_endpoint;                  // https://hf-mirror.com
    std::string pip_mirror;                   // host of the index that pip is set to
    bool pip_mirror_preconfigured = false;
    Tri mirror_required = Tri::maybe;
    std::vector<int> exposed_ports;
    int jupyter_port = 0;
  } network;

  struct Python {
    std::string prefix, bin, interpreter;  // /root/miniconda3, …/bin, …/bin/python
    Tri python3 = Tri::maybe;              // does bin hold python3?
    Tri base_is_environment = Tri::maybe;
    Tri path_in_noninteractive = Tri::maybe;  // is bin on PATH in `ssh host 'cmd'`?
  } python;

  struct Panel {
    std::string directory;  // /root/tf-logs
    int port = 0;           // 6007
  } panel;

  struct Billing {
    std::vector<std::string> stop_commands;  // shutdown, /usr/bin/shutdown, poweroff, halt
    std::vector<std::string> release_commands;
    std::string stop_verb, release_verb;  // 关机, 释放
    Tri stop_keeps_storage_billed = Tri::maybe;
    std::optional<bool> stop_destroys_data;  // does a stop lose a tier that holds artefacts?
  } billing;

  struct Interruption {
    Tri spot = Tri::maybe;
    int grace_seconds = 0;  // between the warning and the end; 0: none or not known
  } interruption;

  struct Daemon {
    std::string detach;  // tmux
    Tri preinstalled = Tri::maybe;
    std::string fallback;  // nohup bash … </dev/null >log 2>&1 &
  } daemon;

  std::string credential_file;             // /root/.wandb_key
  std::vector<std::string> success_words;  // en and zh, lower case
  std::vector<std::string> frameworks;     // torch torchvision torchaudio …
  std::vector<Image> images;
  std::map<std::string, std::string> overrides;  // script overrides: DATA_DIR → /root/autodl-tmp …
  std::vector<std::string> gpus;  // models that can be rented, as the platform names them
  struct Gotcha {
    std::string id, en, zh;
  };
  std::vector<Gotcha> gotchas;

  /// The tier that holds an absolute path (longest matching tier path or alias); null when not
  /// known.
  const Tier* tier_of(std::string_view path) const;
  const Tier* tier(std::string_view name) const;
  const Tier* durable_tier() const;
  const Tier* data_tier() const;
  const Tier* system_tier() const;
  /// Is the host one of `patterns` (exact, or `*.suffix`, or a parent domain)?
  static bool host_in(std::string_view host, const std::vector<std::string>& patterns);
};

/// Built-in names: autodl, runpod…
std::vector<std::string> builtin_profiles();
/// A built-in profile; it is parsed at the first call and kept.
Result<const Profile*> builtin_profile(std::string_view name);

}  // namespace preflint::catalog
