#pragma once

#include "base/result.hpp"
#include "classify/rule.hpp"
#include "model/attempt.hpp"
#include "model/verdict.hpp"
#include "text/pattern_set.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::classify
{

/// What is to be classified. Views must live for the call.
struct Subject {
    std::string_view text;      ///< whole failure text; may be empty
    std::string_view rootCause; ///< as the reader found it; empty: it is looked for in `text`
    std::string_view job;
    const model::Config *config = nullptr; ///< what the attempt ran with; null: not known, as if it were empty
    std::string_view stream;               ///< log stream, may be empty
    /// Known from before: the text does not end well, nor holds a sign that something in it did.
    bool noSuccess = false;
};

/// Whether a rule looks at this subject.
[[nodiscard]] bool inScope(const Rule &rule, const Subject &subject);

struct ClassifierOptions {
    bool prefilter = true; ///< false: every pattern goes to Boost.Regex (same verdicts, much slower)
    text::Scanner scanner = text::Scanner::Fitting;
    std::uint64_t stepBudget = 0; ///< 0: the engine's default
    bool scanSigns = true;        ///< false: signs of success are looked for where asked (same verdicts)
};

/// A rule pack compiled. Immutable; shared between threads, each with its own scratch.
class Classifier
{
public:
    /// Errors: Parse naming the rule, its file and line, and the pattern.
    [[nodiscard]] static base::Result<std::shared_ptr<const Classifier>> make(RulePack pack,
                                                                              const ClassifierOptions &options = {});

    [[nodiscard]] text::Scratch makeScratch() const;
    /// Makes room in a scratch; afterwards it still serves the classifiers it served before.
    void prepare(text::Scratch &scratch) const;
    /// Matches every active rule in scope; the winner is the first in order of precedence (`precedes` of two claims). A
    /// text that says at its end that all went well has no verdict. Rules whose step budget ran out are listed in
    /// `undetermined` and do not match.
    [[nodiscard]] model::Verdict classify(const Subject &subject, text::Scratch &scratch) const;
    [[nodiscard]] const RulePack &pack() const;
    /// Whether some rule is scoped (then equal texts may get different verdicts).
    [[nodiscard]] bool hasScopes() const;
    /// Properties of a configuration that scopes look at, "spark.version" for the Spark version.
    [[nodiscard]] const std::set<std::string> &scopeProperties() const;
    [[nodiscard]] const Rule *find(std::string_view ruleId) const;
    /// The verdict that remains when some rules are switched off: resolved from the stored matches of `verdict` without
    /// matching again. Captures and summary of a new winner are not known then and left empty.
    [[nodiscard]] model::Verdict without(const model::Verdict &verdict,
                                         const std::set<std::string> &disabledRules) const;

    /// The verdict that known matches give under this pack: each of an active rule, of each rule at most one, in any
    /// order. `captures` are the winner's.
    [[nodiscard]] model::Verdict resolve(std::vector<model::RuleMatch> matches,
                                         std::map<std::string, model::Capture> captures) const;
    /// Which of the pack's scopes a subject is in: subjects of equal text, root cause and signature have equal
    /// verdicts. Empty for a pack without scopes.
    [[nodiscard]] std::string scopeSignature(const Subject &subject) const;
    /// Place of an active rule in the order of precedence, 0 first; absent for any other.
    [[nodiscard]] std::optional<std::uint32_t> rank(std::string_view ruleId) const;

    ~Classifier();
    Classifier(const Classifier &) = delete;
    Classifier &operator=(const Classifier &) = delete;

private:
    struct State;
    explicit Classifier(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace mulligan::classify
