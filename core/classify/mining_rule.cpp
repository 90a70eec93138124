#include "classify/mining_rule.hpp"

#include "classify/classifier.hpp"
#include "formats/line_reader.hpp"
#include "text/backtracking_risk.hpp"
#include "text/pattern_set.hpp"
#include "text/pattern_syntax.hpp"

#include <algorithm>
#include <array>

namespace mulligan::classify
{

namespace
{

constexpr std::size_t kSamples = 3;
constexpr std::size_t kMaxSampleBytes = 2000;
constexpr std::size_t kMaxTitleBytes = 90;
constexpr std::size_t kMaxSlugBytes = 40;
constexpr int kDraftPriority = 40; ///< below what people wrote

bool usable(const std::string &expression)
{
    return !expression.empty() && text::checkPattern({expression, false}).has_value()
           && text::backtrackingRisk(text::readPattern(expression)).empty();
}

/// The words of a template in a form that an id may have: "connection-refused-by".
std::string slugOf(std::string_view text)
{
    std::string slug;
    for (std::size_t at = 0; at < text.size() && slug.size() < kMaxSlugBytes; ++at) {
        const char byte = text[at];
        if (byte == '<') { // a placeholder says nothing
            at = std::min(text.find('>', at), text.size());
            continue;
        }
        const bool capital = byte >= 'A' && byte <= 'Z';
        const bool good = capital || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
        if (good)
            slug += capital ? static_cast<char>(byte - 'A' + 'a') : byte;
        else if (!slug.empty() && slug.back() != '-')
            slug += '-';
    }
    while (!slug.empty() && slug.back() == '-')
        slug.pop_back();
    return slug.empty() ? "cluster" : slug;
}

/// A template without the name of its exception, which is long and the same for many.
std::string_view messageOf(const MinedTemplate &cluster)
{
    std::string_view text = cluster.text;
    if (!cluster.exceptionClass.empty() && text.starts_with(cluster.exceptionClass)) {
        const std::size_t rest = text.find_first_not_of(": ", cluster.exceptionClass.size());
        if (rest != std::string_view::npos)
            return text.substr(rest);
        text = text.substr(text.rfind('.', cluster.exceptionClass.size()) + 1);
    }
    return text;
}

std::string titleOf(const MinedTemplate &cluster)
{
    std::string title = formats::repairedUtf8(messageOf(cluster).substr(0, kMaxTitleBytes));
    return title.empty() ? "Cluster " + cluster.id : title;
}

/// What a stack frame's line looks like in any build: no module before it, no file and line after it.
std::string framePattern(std::string_view frame)
{
    const std::size_t colon = frame.find(".py:");
    if (colon != std::string_view::npos)
        return "File \"[^\"\\n]*" + escapedText(frame.substr(0, colon + 3)) + "\", line \\d+, in "
               + escapedText(frame.substr(colon + 4));
    std::string out = "at (?:[\\w.@-]+/)?";
    for (std::size_t at = 0; at < frame.size();) {
        const std::size_t dollar = std::min(frame.find('$', at), frame.size());
        const std::string_view piece = frame.substr(at, dollar - at);
        const std::size_t numbered = piece.find("Accessor.");
        const std::size_t split = numbered == std::string_view::npos ? piece.size() : numbered + 8;
        out += escapedText(piece.substr(0, split)) + (split < piece.size() ? "\\d*" : "");
        out += escapedText(piece.substr(split));
        if (dollar < frame.size())
            out += "\\$\\d*(?:/0x[0-9a-f]+)?";
        at = dollar + 1;
    }
    return out + "\\(";
}

class Candidates
{
public:
    explicit Candidates(const DraftSubject &subject) : m_subject(subject)
    {
        for (const std::string &member : subject.members)
            m_lines.push_back(std::string_view(member).substr(0, member.find('\n')));
    }

    std::vector<DraftCandidate> make()
    {
        const MinedPattern plain = minePattern(m_lines);
        add(DraftForm::Plain, plain.expression);
        if (plain.whole)
            add(DraftForm::WholeLine, plain.expression + "\\s*$");
        if (!m_subject.cluster.frames.empty())
            addWithFrames(plain);
        const MinedPattern listed = minePattern(m_lines, Generality::Alternatives);
        if (listed.expression != plain.expression)
            add(DraftForm::Alternatives, listed.expression + (listed.whole ? "\\s*$" : ""));
        return std::move(m_out);
    }

private:
    [[nodiscard]] Rule base(DraftForm form) const
    {
        const MinedTemplate &cluster = m_subject.cluster;
        Rule rule;
        rule.id = "mined." + slugOf(messageOf(cluster)) + "." + cluster.id.substr(0, 6);
        rule.title = titleOf(cluster);
        rule.status = RuleStatus::Draft;
        rule.created = m_subject.date;
        rule.modified = m_subject.date;
        rule.errorClass = std::string(model::kUnclassified);
        rule.priority = kDraftPriority;
        rule.where = form == DraftForm::WithFrame ? MatchWhere::RootCause : MatchWhere::Message;
        rule.action = model::RuleAction::AskModel;
        return rule;
    }

    void add(DraftForm form, const std::string &expression)
    {
        if (!usable(expression))
            return;
        DraftCandidate candidate{form, base(form)};
        candidate.rule.any = {expression};
        m_out.push_back(std::move(candidate));
    }

    void addWithFrames(const MinedPattern &plain)
    {
        const std::string line = plain.expression + (plain.whole ? "[ \\t\\r]*(?:\\n|$)" : "");
        std::vector<std::string> all = {line};
        const std::string_view frames = m_subject.cluster.frames;
        for (std::size_t at = 0; at < frames.size();) {
            const std::size_t end = std::min(frames.find('\n', at), frames.size());
            all.push_back(framePattern(frames.substr(at, end - at)));
            at = end + 1;
        }
        if (!std::all_of(all.begin(), all.end(), usable))
            return;
        DraftCandidate candidate{DraftForm::WithFrame, base(DraftForm::WithFrame)};
        candidate.rule.all = std::move(all);
        m_out.push_back(std::move(candidate));
    }

    const DraftSubject &m_subject;
    std::vector<std::string_view> m_lines;
    std::vector<DraftCandidate> m_out;
};

/// A text as a sample of a rule: short, and what a rule file can hold.
std::optional<std::string> sampleOf(std::string_view text, bool wholeCause)
{
    const std::string_view sample = wholeCause ? text : text.substr(0, text.find('\n'));
    if (sample.empty() || sample.size() > kMaxSampleBytes || !formats::isValidUtf8(sample))
        return std::nullopt;
    const bool printable = std::none_of(sample.begin(), sample.end(), [](char byte) {
        const auto code = static_cast<unsigned char>(byte);
        return (code < 0x20 && byte != '\t' && byte != '\n') || code == 0x7F;
    });
    return printable ? std::optional<std::string>(sample) : std::nullopt;
}

} // namespace

std::string_view name(DraftForm form)
{
    static constexpr std::array<std::string_view, 4> kNames = {"plain", "whole_line", "with_frame", "alternatives"};
    return kNames[static_cast<std::size_t>(form)];
}

std::vector<DraftCandidate> draftCandidates(const DraftSubject &subject)
{
    if (subject.members.empty())
        return {};
    return Candidates(subject).make();
}

base::Result<std::uint64_t> addSamples(Rule &rule, std::span<const std::string> members,
                                       std::span<const std::string> nearMisses)
{
    Rule active = rule;
    active.status = RuleStatus::Active;
    RulePack pack;
    pack.rules = {std::move(active)};
    MULLIGAN_TRY(const auto classifier, Classifier::make(std::move(pack)));
    text::Scratch scratch = classifier->makeScratch();
    std::uint64_t leftOut = 0;
    const auto choose = [&](std::span<const std::string> texts, bool positive, std::vector<std::string> &into) {
        for (const std::string &text : texts) {
            if (into.size() >= kSamples)
                return;
            const auto sample = sampleOf(text, rule.where == MatchWhere::RootCause);
            if (!sample || std::find(into.begin(), into.end(), *sample) != into.end())
                continue;
            Subject subject;
            subject.text = *sample;
            if (classifier->classify(subject, scratch).matches.empty() == positive)
                ++leftOut;
            else
                into.push_back(*sample);
        }
    };
    choose(members, true, rule.positive);
    choose(nearMisses, false, rule.negative);
    return leftOut;
}

} // namespace mulligan::classify
