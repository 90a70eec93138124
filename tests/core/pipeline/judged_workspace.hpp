#pragma once

#include "pipeline/classify_workspace.hpp"

#include "store/source_writer.hpp"

#include <QTemporaryDir>
#include <QtTest>

#include <optional>
#include <string>
#include <vector>

namespace mulligan::pipeline
{

/// A synthetic rule of a class that looks for a word.
inline classify::Rule wordRule(const std::string &id, const std::string &errorClass, const std::string &word,
                               int priority = 50)
{
    classify::Rule rule;
    rule.id = id;
    rule.title = "Says " + word;
    rule.errorClass = errorClass;
    rule.priority = priority;
    rule.any = {word};
    return rule;
}

/// A synthetic attempt on a day counted from Monday, 2026-01-05.
inline model::Attempt wordAttempt(const std::string &job, const std::string &run, int day, const std::string &text,
                                  model::Outcome outcome = model::Outcome::Failed)
{
    model::Attempt made;
    made.job = job;
    made.run = run;
    made.outcome = outcome;
    made.team = "team of " + job;
    made.startedAt = base::fromCivil(2026, 1, 5 + day % 20, 12);
    made.startedAt.ms += (day / 20) * 20 * base::kMsPerDay;
    made.endedAt = made.startedAt;
    made.errorText = text;
    return made;
}

/// A workspace of synthetic attempts whose failures have verdicts.
class JudgedWorkspace
{
public:
    JudgedWorkspace(const std::vector<model::Attempt> &attempts, const std::vector<classify::Rule> &rules)
    {
        auto made = store::Workspace::create(m_folder.filePath("w.mulligan").toStdString());
        if (!made)
            qFatal("%s", made.error().text().c_str());
        m_workspace.emplace(std::move(made).value());
        auto writer = store::SourceWriter::begin(*m_workspace, {"history.jsonl", "attempts", "sha", 1, {}});
        if (!writer)
            qFatal("%s", writer.error().text().c_str());
        for (const model::Attempt &attempt : attempts)
            if (!writer->add(attempt, "", 0))
                qFatal("an attempt was not stored");
        if (!writer->commit({}))
            qFatal("attempts were not stored");
        judge(rules);
    }

    /// Verdicts by other rules.
    void judge(const std::vector<classify::Rule> &rules)
    {
        m_pack.rules = rules;
        const auto classifier = classify::Classifier::make(m_pack);
        base::Progress progress;
        if (!classifier || !classifyWorkspace(*m_workspace, **classifier, {}, progress))
            qFatal("failures were not judged");
    }

    [[nodiscard]] store::Workspace &workspace() { return *m_workspace; }
    [[nodiscard]] const classify::RulePack &pack() const { return m_pack; }
    [[nodiscard]] QString path(const char *name) const { return m_folder.filePath(name); }

private:
    QTemporaryDir m_folder;
    std::optional<store::Workspace> m_workspace;
    classify::RulePack m_pack;
};

} // namespace mulligan::pipeline
