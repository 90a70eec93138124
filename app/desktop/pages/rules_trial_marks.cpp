#include "desktop/pages/rules_trial_marks.hpp"

#include "desktop/shell/theme.hpp"
#include "desktop/widgets/log_view.hpp"

#include <QTextCursor>
#include <QTextDocument>

#include <algorithm>

namespace mulligan::desktop
{

namespace
{

struct Stretch {
    size_t begin = 0;
    size_t end = 0;
    QTextCharFormat format;
};

QTextCharFormat matchFormat(PatternRole role)
{
    const Theme &theme = Theme::current();
    QTextCharFormat format;
    if (role == PatternRole::None) {
        format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        format.setUnderlineColor(theme.loss);
        format.setForeground(theme.loss);
    } else {
        format.setBackground(theme.highlight);
        format.setForeground(theme.text);
    }
    return format;
}

QTextCharFormat groupFormat()
{
    QTextCharFormat format;
    format.setBackground(Theme::current().highlight);
    format.setForeground(Theme::current().text);
    format.setFontWeight(QFont::Bold);
    format.setUnderlineStyle(QTextCharFormat::SingleUnderline);
    format.setUnderlineColor(Theme::current().assumed);
    return format;
}

QTextCharFormat otherRuleFormat()
{
    QTextCharFormat format;
    format.setUnderlineStyle(QTextCharFormat::DashUnderline);
    format.setUnderlineColor(Theme::current().modelled);
    return format;
}

/// What is marked in the text: matches of other rules below, the rule's own over them, its captures on top.
std::vector<Stretch> stretchesOf(const RuleTrial &trial, const std::string &rule)
{
    std::vector<Stretch> all;
    for (const auto &match : trial.verdict.matches) {
        if (match.rule != rule)
            all.push_back({match.begin, match.end, otherRuleFormat()});
    }
    for (const auto &match : trial.matches)
        all.push_back({match.begin, match.end, matchFormat(match.role)});
    for (const auto &match : trial.matches) {
        if (match.decoded)
            continue; // its groups have no place
        for (const auto &group : match.groups)
            all.push_back({group.begin, group.end, groupFormat()});
    }
    return all;
}

} // namespace

QList<QTextEdit::ExtraSelection> trialMarks(const RuleTrial &trial, const std::string &rule, const std::string &shown,
                                            QTextDocument *document)
{
    const auto stretches = stretchesOf(trial, rule);
    std::vector<size_t> offsets;
    for (const auto &stretch : stretches) {
        offsets.push_back(stretch.begin);
        offsets.push_back(stretch.end);
    }
    const auto positions = utf16Positions(shown, offsets);
    const int last = std::max(0, document->characterCount() - 1);
    QList<QTextEdit::ExtraSelection> selections;
    for (size_t i = 0; i < stretches.size(); ++i) {
        QTextEdit::ExtraSelection selection;
        selection.cursor = QTextCursor(document);
        selection.cursor.setPosition(std::min(positions[2 * i], last));
        selection.cursor.setPosition(std::min(positions[2 * i + 1], last), QTextCursor::KeepAnchor);
        selection.format = stretches[i].format;
        selections << selection;
    }
    return selections;
}

} // namespace mulligan::desktop
