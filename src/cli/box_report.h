#pragma once

#include <string>

#include "base/finding.h"
#include "cli/box.h"
#include "output/json_writer.h"

namespace preflint::cli {

/// How a box is told to people.
struct BoxStyle {
  Language language = Language::en;
  bool color = false;
  bool all = true;  // what is good, too
};

/// The verdict in the colour of its weight, padded to a column.
std::string painted(probe::Verdict verdict, bool color, size_t width = 0);

/// One line an answer, what is worst first, with what to do under it.
std::string answers_text(const Box& box, const BoxStyle& style);
/// "verdict: NO-GO (1 NO-GO, …)".
std::string verdict_line(const Box& box, const BoxStyle& style);

std::string reason_of(const probe::Answer& answer, Language language);
std::string remedy_of(const probe::Answer& answer, Language language);

/// An object with all that is known about the box.
void write_json(const Box& box, Language language, output::JsonWriter& json);

}  // namespace preflint::cli
