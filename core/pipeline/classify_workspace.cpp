#include "pipeline/classify_workspace.hpp"

#include "formats/hash.hpp"
#include "store/verdict_store.hpp"

#include <chrono>
#include <unordered_map>

namespace mulligan::pipeline {

namespace {

/// Verdicts of the text at hand: equal text of jobs in the same scope needs matching only once.
class Matcher
{
public:
    Matcher(const classify::Classifier &classifier) : m_classifier(classifier), m_scratch(classifier.makeScratch()) {}

    const model::Verdict &classify(const store::FailureRow &row)
    {
        // Scope looks at the job and Spark's version, so both belong to the key while one text is being worked on.
        if (row.textId != m_textId || row.textId == 0) {
            m_byScope.clear();
            m_textId = row.textId;
        }
        std::string key = m_classifier.hasScopes() ? std::string(row.job) + '\n' + std::string(row.sparkVersion) : std::string();
        const auto found = m_byScope.find(key);
        if (found != m_byScope.end())
            return found->second;
        classify::Subject subject;
        subject.text = row.text;
        subject.rootCause = row.rootCause;
        subject.job = row.job;
        subject.sparkVersion = row.sparkVersion;
        return m_byScope.emplace(std::move(key), m_classifier.classify(subject, m_scratch)).first->second;
    }

private:
    const classify::Classifier &m_classifier;
    text::Scratch m_scratch;
    std::int64_t m_textId = 0;
    std::unordered_map<std::string, model::Verdict> m_byScope;
};

} // namespace
} // namespace mulligan::pipeline
