#pragma once

#include "classify/classifier.hpp"
#include "classify/line_levels.hpp"
#include "classify/room.hpp"
#include "text/plain_lines.hpp"
#include "text/records.hpp"
#include "text/root_cause.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace mulligan::classify
{

/// The parts of one subject that rules look at. Its root cause is only looked for when a rule asks for it. A cause that
/// the text tells within JSON is a further line of the whole log, so that rules need not know how it is escaped. Of a
/// text in a container runtime's or Airflow's form rules see the lines it holds, without what runners and collectors
/// put before them. For one thread; views into the subject.
class SubjectParts
{
public:
    explicit SubjectParts(const Subject &subject);
    SubjectParts(const SubjectParts &) = delete; // its views are into itself
    SubjectParts &operator=(const SubjectParts &) = delete;

    [[nodiscard]] View view(MatchWhere where, int lines);
    /// Where the text tells its root cause within quotes; absent where it does not.
    [[nodiscard]] std::optional<std::size_t> quotedAt();
    /// Where the cause stands is not known but by its words.
    [[nodiscard]] LineLevels levels(const View &view, MatchWhere where) const;
    /// Those of the whole text, for rules that look at more than the root cause, which has been chosen already; else
    /// null.
    [[nodiscard]] text::Records *records(MatchWhere where);
    /// Whether the text says at its end that all went well. A root cause alone does not tell.
    [[nodiscard]] bool endWell() { return m_hasText && !m_noSuccess && m_records.endWell(); }
    /// Moves a match from its view into the whole text, where it stands at `at`, and finds its line.
    void place(model::RuleMatch &match, const View &view, std::size_t at) const;

    /// The whole text as rules see it, without a cause that it tells within JSON.
    [[nodiscard]] View log() const { return {m_whole}; }
    /// Where the text holds a part of that.
    [[nodiscard]] text::Span placeInText(text::Span part) const;
    /// Whether a part of it, or of another view at its place in it, was read out of quotes or another form.
    [[nodiscard]] bool isDecoded(const View &view, text::Span part) const;

private:
    [[nodiscard]] View cause();
    void seekCause();
    [[nodiscard]] View wholeLog();
    [[nodiscard]] text::RootCause found() const;
    void takeHeadsOffCause();
    [[nodiscard]] bool isQuoted(const View &view, std::size_t end) const;
    [[nodiscard]] text::LineMark markOfQuotes() const;

    std::string_view m_text;
    std::optional<text::PlainLines> m_plain; ///< where the text is in another form
    std::string_view m_said;                 ///< then this is as it was written
    std::optional<text::PlainLines> m_bare;  ///< where lines of that have heads
    std::string_view m_whole;                ///< then this is without; places are in it
    std::string_view m_cause;
    std::string m_found;
    std::string m_bareCause; ///< the cause without heads
    std::size_t m_offset = 0;
    std::optional<std::size_t> m_quotedAt; ///< where the text tells the cause within quotes
    std::string m_withCause;               ///< then the text with the cause as a further line
    std::optional<text::Records> m_recordsWithCause;
    bool m_sought = false;
    bool m_hasText;
    bool m_noSuccess;
    text::Records m_records;
};

} // namespace mulligan::classify
