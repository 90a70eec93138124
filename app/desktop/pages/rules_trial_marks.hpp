#pragma once

#include "desktop/pages/rules_editor_trial.hpp"

#include <QList>
#include <QTextEdit>

#include <string>

class QTextDocument;

namespace mulligan::desktop
{

/// What is marked in a log: matches of other rules are underlined, those of `rule` lie on the highlight's colour, its
/// captures are bold and underlined over them, and what keeps it from matching is in the colour of losses. What matches
/// in a cause that JSON tells is marked where the JSON tells it. `shown` is the document's text in bytes.
[[nodiscard]] QList<QTextEdit::ExtraSelection> trialMarks(const RuleTrial &trial, const std::string &rule,
                                                          const std::string &shown, QTextDocument *document);

} // namespace mulligan::desktop
