#include "pipeline/preview_units.hpp"

#include "classify/subject_parts.hpp"
#include "pipeline/scratch_pool.hpp"

#include <algorithm>
#include <map>
#include <mutex>

namespace mulligan::pipeline
{

namespace
{

/// Units that a worker takes at a time.
constexpr std::size_t kChunk = 256;

base::Error cancelled()
{
    return base::makeError(base::ErrorCode::Cancelled, "The preview was cancelled");
}

/// The first error of several threads.
class FirstError
{
public:
    void note(base::Result<void> done)
    {
        if (done)
            return;
        const std::lock_guard lock(m_mutex);
        if (!m_error)
            m_error = std::move(done).error();
    }
    [[nodiscard]] base::Result<void> result()
    {
        if (m_error)
            return std::move(*m_error);
        return {};
    }

private:
    std::mutex m_mutex;
    std::optional<base::Error> m_error;
};

/// Runs `work(from, to)` over chunks of `count` things.
base::Result<void> inChunks(std::size_t count, WorkerPool &workers,
                            const std::function<base::Result<void>(std::size_t, std::size_t)> &work)
{
    FirstError error;
    workers.run((count + kChunk - 1) / kChunk,
                [&](std::size_t chunk) { error.note(work(chunk * kChunk, std::min(count, (chunk + 1) * kChunk))); });
    return error.result();
}

/// Which of the base pack's scopes each attempt is in.
class Signatures
{
public:
    Signatures(const classify::Classifier &base, store::ScopeReader &scopes) : m_base(base), m_scopes(scopes) {}

    base::Result<const std::string *> of(const PreviewAttempt &attempt)
    {
        const std::pair key(attempt.jobId, attempt.configId);
        if (const auto known = m_known.find(key); known != m_known.end())
            return &known->second;
        classify::Subject subject;
        MULLIGAN_TRY(const std::string *job, m_scopes.job(attempt.jobId));
        subject.job = *job;
        MULLIGAN_TRY(subject.config, m_scopes.config(attempt.configId));
        return &m_known.emplace(key, m_base.scopeSignature(subject)).first->second;
    }

private:
    const classify::Classifier &m_base;
    store::ScopeReader &m_scopes;
    std::map<std::pair<std::int64_t, std::int64_t>, std::string> m_known;
};

/// Sorts equal subjects by scope and cuts the attempts into units.
base::Result<void> cut(PreviewUnits &out, const classify::Classifier &base, store::ScopeReader &scopes)
{
    Signatures signatures(base, scopes);
    const bool scoped = base.hasScopes();
    auto &attempts = out.attempts;
    for (std::size_t from = 0; from < attempts.size();) {
        std::size_t to = from;
        std::map<std::string, std::vector<PreviewAttempt>> byScope;
        for (; to < attempts.size() && attempts[to].subject == attempts[from].subject
               && attempts[to].success == attempts[from].success;
             ++to) {
            if (!scoped)
                continue;
            MULLIGAN_TRY(const std::string *signature, signatures.of(attempts[to]));
            byScope[*signature].push_back(attempts[to]);
        }
        if (!scoped)
            out.units.push_back(
                {static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to), 0, 0, attempts[from].success});
        std::size_t at = from;
        for (const auto &[signature, some] : byScope) {
            std::copy(some.begin(), some.end(), attempts.begin() + static_cast<std::ptrdiff_t>(at));
            out.units.push_back({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + some.size()), 0, 0,
                                 some.front().success});
            at += some.size();
        }
        from = to;
    }
    return {};
}

std::vector<const classify::Rule *> rulesByRank(const classify::Classifier &base)
{
    std::vector<const classify::Rule *> rules;
    for (const classify::Rule &rule : base.pack().rules) {
        const auto rank = base.rank(rule.id);
        if (!rank)
            continue;
        rules.resize(std::max<std::size_t>(rules.size(), *rank + 1));
        rules[*rank] = &rule;
    }
    return rules;
}

} // namespace

base::Result<PreviewUnits> makeUnits(const sqlite::Connection &connection, std::vector<PreviewAttempt> attempts,
                                     const PreviewTexts &texts, const classify::Classifier &base, WorkerPool &workers,
                                     const std::stop_token &stop, base::Progress &progress)
{
    PreviewUnits out;
    out.attempts = std::move(attempts);
    out.rules = rulesByRank(base);
    MULLIGAN_TRY(auto scopes, store::ScopeReader::prepare(connection, base.scopeProperties()));
    MULLIGAN_CHECK(cut(out, base, scopes));
    std::vector<classify::Subject> subjects(out.units.size());
    for (std::size_t i = 0; i < subjects.size(); ++i) {
        const PreviewAttempt &first = out.attempts[out.units[i].begin];
        MULLIGAN_TRY(const std::string *job, scopes.job(first.jobId));
        subjects[i].job = *job;
        MULLIGAN_TRY(subjects[i].config, scopes.config(first.configId));
        subjects[i].rootCause = texts.cause(first.subject.causeId);
    }
    progress.begin("Classifying texts", subjects.size());
    std::vector<std::vector<PreviewMatch>> matches(subjects.size());
    ScratchPool scratches(base);
    const auto classifySome = [&](std::size_t from, std::size_t to, text::Scratch &scratch) -> base::Result<void> {
        PreviewTexts::Reader reader(texts);
        for (std::size_t i = from; i < to; ++i) {
            if (stop.stop_requested())
                return cancelled();
            classify::Subject subject = subjects[i];
            MULLIGAN_TRY(subject.text, reader.text(out.attempts[out.units[i].begin].subject.textId));
            classify::SubjectParts parts(subject);
            out.units[i].endsWell = parts.endWell();
            out.units[i].noSuccess = !out.units[i].endsWell && !text::Records::holdsSignOfSuccess(subject.text);
            out.units[i].cause = parts.view(classify::MatchWhere::RootCause, 0).evidence;
            for (const model::RuleMatch &match : base.classify(subject, scratch).matches)
                matches[i].push_back({*base.rank(match.rule), static_cast<std::uint32_t>(match.evidence)});
            progress.advance();
        }
        return {};
    };
    MULLIGAN_CHECK(inChunks(subjects.size(), workers, [&](std::size_t from, std::size_t to) {
        return scratches.with([&](text::Scratch &scratch) { return classifySome(from, to, scratch); });
    }));
    for (std::size_t i = 0; i < matches.size(); ++i) {
        out.units[i].firstMatch = static_cast<std::uint32_t>(out.matches.size());
        out.matches.insert(out.matches.end(), matches[i].begin(), matches[i].end());
        out.units[i].lastMatch = static_cast<std::uint32_t>(out.matches.size());
    }
    return out;
}

namespace
{

/// Runs an edit's changed rules over units; one a chunk.
class Toucher
{
public:
    /// `scratch`: for the rules of the edit; null where none is to be run.
    Toucher(const PreviewUnits &units, const PreviewTexts &texts, const RuleEdit &edit, std::span<const char> touched,
            text::Scratch *scratch)
        : m_units(units), m_texts(texts), m_edit(edit), m_touched(touched), m_reader(texts), m_scratch(scratch)
    {
        if (!edit.part)
            return;
        for (const classify::Rule &rule : edit.part->pack().rules)
            m_causesOnly = m_causesOnly && classify::needsCauseOnly(rule);
    }

    base::Result<void> touch(std::uint32_t index, std::vector<TouchedUnit> &out)
    {
        const PreviewUnit &unit = m_units.units[index];
        if (unit.endsWell)
            return {};
        if (m_edit.part)
            MULLIGAN_CHECK(match(m_units.attempts[unit.begin].subject, unit.noSuccess));
        const auto matches = m_units.matchesOf(unit);
        const bool before =
            std::any_of(matches.begin(), matches.end(), [&](PreviewMatch match) { return m_touched[match.rank] != 0; });
        if (before || !m_found.matches.empty() || !m_found.undetermined.empty()) {
            TouchedUnit touched{index, {}, {}};
            for (const model::RuleMatch &found : m_found.matches)
                touched.hits.push_back(
                    {&m_edit.changed.find(found.rule)->second, m_causesOnly ? unit.cause : found.evidence});
            for (const std::string &rule : m_found.undetermined)
                touched.undetermined.push_back(&m_edit.changed.find(rule)->second);
            out.push_back(std::move(touched));
        }
        return {};
    }

    [[nodiscard]] std::uint64_t fromFile() const { return m_reader.fromFile(); }

private:
    /// Units that follow each other often have the same text.
    base::Result<void> match(const store::VerdictSubject &of, bool noSuccess)
    {
        if (m_last == of)
            return {};
        classify::Subject subject;
        subject.rootCause = m_texts.cause(of.causeId);
        subject.noSuccess = noSuccess;
        // Where it is in the text is of no interest here, and looking for it would take longer than matching.
        if (!m_causesOnly || subject.rootCause.empty()) {
            MULLIGAN_TRY(subject.text, m_reader.text(of.textId));
        }
        m_found = m_edit.part->classify(subject, *m_scratch);
        m_last = of;
        return {};
    }

    const PreviewUnits &m_units;
    const PreviewTexts &m_texts;
    const RuleEdit &m_edit;
    std::span<const char> m_touched; ///< by rank: whether the edit touches the rule
    PreviewTexts::Reader m_reader;
    text::Scratch *m_scratch;
    model::Verdict m_found;
    store::VerdictSubject m_last{-1, -1};
    bool m_causesOnly = true; ///< the changed rules see nothing of a text but its root cause
};

} // namespace

base::Result<TouchedUnits> touchedUnits(const PreviewUnits &units, const PreviewTexts &texts, const RuleEdit &edit,
                                        WorkerPool &workers, const std::stop_token &stop)
{
    std::vector<char> touched;
    for (const classify::Rule *rule : units.rules)
        touched.push_back(edit.touches(rule->id) ? 1 : 0);
    const std::size_t chunks = (units.units.size() + kChunk - 1) / kChunk;
    std::vector<std::vector<TouchedUnit>> found(chunks);
    std::atomic<std::uint64_t> fromFile{0};
    const auto touchSome = [&](std::size_t from, std::size_t to, text::Scratch *scratch) -> base::Result<void> {
        Toucher toucher(units, texts, edit, touched, scratch);
        for (std::size_t i = from; i < to; ++i) {
            if (stop.stop_requested())
                return cancelled();
            MULLIGAN_CHECK(toucher.touch(static_cast<std::uint32_t>(i), found[from / kChunk]));
        }
        fromFile += toucher.fromFile();
        return {};
    };
    std::optional<ScratchPool> scratches;
    if (edit.part)
        scratches.emplace(*edit.part);
    auto done = inChunks(units.units.size(), workers, [&](std::size_t from, std::size_t to) -> base::Result<void> {
        if (stop.stop_requested()) // chunks that were not begun need no scratch
            return cancelled();
        if (!scratches)
            return touchSome(from, to, nullptr);
        return scratches->with([&](text::Scratch &scratch) { return touchSome(from, to, &scratch); });
    });
    if (!done)
        return std::move(done).error();
    TouchedUnits out;
    out.textsFromFile = fromFile;
    for (auto &some : found)
        out.units.insert(out.units.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
    return out;
}

} // namespace mulligan::pipeline
