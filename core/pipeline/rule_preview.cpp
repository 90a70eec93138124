#include "pipeline/rule_preview.hpp"

#include "pipeline/preview_count.hpp"
#include "pipeline/preview_units.hpp"
#include "pipeline/subject_matching.hpp"
#include "store/file_access.hpp"

#include <algorithm>
#include <chrono>
#include <map>

namespace mulligan::pipeline
{

struct RulePreview::State {
    std::string path;
    std::shared_ptr<const classify::Classifier> base;
    PreviewOptions options;
    PreviewTexts texts;
    PreviewUnits units;
    std::uint64_t failures = 0;
    std::unique_ptr<WorkerPool> workers;

    [[nodiscard]] base::Result<PackPreview> preview(base::Result<RuleEdit> edit, const std::stop_token &stop) const;
    [[nodiscard]] base::Result<Verdicts> verdicts(std::span<const std::uint32_t> units,
                                                  const classify::Classifier &under, const std::stop_token &stop) const;
};

RulePreview::RulePreview(std::unique_ptr<State> state) : m_state(std::move(state))
{
}
RulePreview::~RulePreview() = default;

base::Result<std::shared_ptr<const RulePreview>> RulePreview::load(store::Workspace &workspace,
                                                                   std::shared_ptr<const classify::Classifier> base,
                                                                   const PreviewOptions &options, std::stop_token stop,
                                                                   base::Progress &progress)
{
    auto state = std::make_unique<State>();
    state->path = workspace.path();
    state->base = std::move(base);
    state->options = options;
    state->workers = std::make_unique<WorkerPool>(options.threads > 0 ? options.threads : matchingThreads());
    progress.begin("Loading failures");
    MULLIGAN_TRY(auto attempts, previewAttempts(workspace, stop));
    for (const PreviewAttempt &attempt : attempts)
        state->failures += attempt.success ? 0 : 1;
    MULLIGAN_TRY(state->texts, PreviewTexts::load(state->path, attempts, options.textBytes, stop, progress));
    MULLIGAN_TRY(state->units, makeUnits(workspace.connection(), std::move(attempts), state->texts, *state->base,
                                         *state->workers, stop, progress));
    return std::shared_ptr<const RulePreview>(new RulePreview(std::move(state)));
}

base::Result<PackPreview> RulePreview::State::preview(base::Result<RuleEdit> edit, const std::stop_token &stop) const
{
    const auto begun = std::chrono::steady_clock::now();
    if (!edit)
        return std::move(edit).error();
    MULLIGAN_TRY(const auto touched, touchedUnits(units, texts, *edit, *workers, stop));
    MULLIGAN_TRY(PackPreview out, countEffects(units, touched.units, *edit, path, options.examples, stop));
    out.failures = failures;
    out.textsFromFile = touched.textsFromFile;
    out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    return out;
}

base::Result<PackPreview> RulePreview::preview(const classify::RulePack &edited, std::stop_token stop) const
{
    return m_state->preview(editOf(*m_state->base, edited), stop);
}

base::Result<PackPreview> RulePreview::preview(const classify::Rule &edited, std::stop_token stop) const
{
    return m_state->preview(editOf(*m_state->base, edited), stop);
}

base::Result<RulePreview::Verdicts> RulePreview::State::verdicts(std::span<const std::uint32_t> some,
                                                                 const classify::Classifier &under,
                                                                 const std::stop_token &stop) const
{
    MULLIGAN_TRY(const auto connection, store::readingConnection(path));
    MULLIGAN_TRY(auto scopes, store::ScopeReader::prepare(connection, under.scopeProperties()));
    PreviewTexts::Reader reader(texts);
    text::Scratch scratch = under.makeScratch();
    Verdicts out;
    for (const std::uint32_t index : some) {
        const PreviewUnit &unit = units.units[index];
        std::map<std::string, std::uint32_t> bySignature;
        for (const PreviewAttempt &attempt : units.attemptsOf(unit)) {
            if (stop.stop_requested())
                return base::makeError(base::ErrorCode::Cancelled, "Classifying was cancelled");
            classify::Subject subject;
            if (under.hasScopes()) {
                MULLIGAN_TRY(const std::string *job, scopes.job(attempt.jobId));
                subject.job = *job;
                MULLIGAN_TRY(subject.config, scopes.config(attempt.configId));
            }
            const auto [at, added] =
                bySignature.try_emplace(under.scopeSignature(subject), static_cast<std::uint32_t>(out.verdicts.size()));
            if (added) {
                MULLIGAN_TRY(subject.text, reader.text(attempt.subject.textId));
                subject.rootCause = texts.cause(attempt.subject.causeId);
                out.verdicts.push_back(under.classify(subject, scratch));
            }
            out.byAttempt.emplace_back(attempt.id, at->second);
        }
    }
    std::sort(out.byAttempt.begin(), out.byAttempt.end());
    return out;
}

base::Result<RulePreview::Verdicts> RulePreview::changedVerdicts(const classify::Classifier &edited,
                                                                 std::stop_token stop) const
{
    const State &state = *m_state;
    MULLIGAN_TRY(const RuleEdit edit, editOf(*state.base, edited.pack()));
    MULLIGAN_TRY(const auto touched, touchedUnits(state.units, state.texts, edit, *state.workers, stop));
    std::vector<std::uint32_t> failures;
    for (const TouchedUnit &unit : touched.units)
        if (!state.units.units[unit.unit].success)
            failures.push_back(unit.unit);
    return state.verdicts(failures, edited, stop);
}

base::Result<RulePreview::Verdicts> RulePreview::baseVerdicts(std::stop_token stop) const
{
    std::vector<std::uint32_t> failures;
    for (std::uint32_t i = 0; i < m_state->units.units.size(); ++i)
        if (!m_state->units.units[i].success)
            failures.push_back(i);
    return m_state->verdicts(failures, *m_state->base, stop);
}

std::map<std::string, std::uint64_t> RulePreview::successHits() const
{
    std::map<std::string, std::uint64_t> out;
    for (const PreviewUnit &unit : m_state->units.units)
        if (unit.success)
            for (const PreviewMatch match : m_state->units.matchesOf(unit))
                out[m_state->units.rules[match.rank]->id] += unit.size();
    return out;
}

const classify::Classifier &RulePreview::base() const
{
    return *m_state->base;
}

std::uint64_t RulePreview::failures() const
{
    return m_state->failures;
}

std::uint64_t RulePreview::distinctTexts() const
{
    return m_state->texts.distinct();
}

std::uint64_t RulePreview::textsNotKept() const
{
    return m_state->texts.notKept();
}

std::size_t RulePreview::memoryBytes() const
{
    const PreviewUnits &units = m_state->units;
    return m_state->texts.memoryBytes() + units.attempts.capacity() * sizeof(PreviewAttempt)
           + units.units.capacity() * sizeof(PreviewUnit) + units.matches.capacity() * sizeof(PreviewMatch);
}

} // namespace mulligan::pipeline
