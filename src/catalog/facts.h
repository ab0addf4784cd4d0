#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/profile.h"
#include "catalog/rule.h"
#include "syntax/document.h"

namespace preflint::catalog {

/// A profile's single facts under their dotted names, as `needs:`, `${profile.…}` and `profile
/// show` use them: "network.hook", "panel.port". Beside those that a profile states there are
/// derived ones: storage.durable, storage.data, storage.shared, storage.system (paths),
/// storage.tiers, storage.inodes, images.catalogue.
std::vector<std::string_view> fact_names();
bool is_fact(std::string_view name);
/// Does the profile know it? `none` is known, too: the platform has no such thing.
bool fact_known(const Profile& profile, std::string_view name);
/// The fact in words, a list joined by ", "; nothing when it is not known or there is no such
/// thing.
std::optional<std::string> fact_text(const Profile& profile, std::string_view name);

/// The facts that a rule needs and the profile does not have; the rule sleeps while there are any.
/// What is known to be absent is missing, too.
std::vector<std::string_view> missing_facts(const Rule& rule, const Profile& profile);

/// The names of the facts of a section ("network"), without it; of the top level for "".
std::vector<std::string_view> stated_facts(std::string_view section);
/// What a value of this fact has to be, as a JSON Schema names it.
std::string_view fact_type(std::string_view name);
/// Sets a fact from its value in YAML; an error names what is wrong with it.
void set_fact(Profile& profile, std::string_view name, const Document& value,
              std::vector<Error>& errors);

/// Fills in `${profile.fact}` and `${image.torch}`; nothing when one of them is not known.
std::optional<std::string> expand(std::string_view text, const Profile& profile,
                                  const Image& image);
/// That no profile has a fact of this name.
Sentence no_such_fact(std::string_view name);
/// What is wrong with the references of a text, if anything.
std::optional<Sentence> bad_reference(std::string_view text);

}  // namespace preflint::catalog
