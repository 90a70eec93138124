#include "deploy/bundle.hpp"
#include "pipeline/decider.hpp"
#include "pipeline/export_bundle.hpp"
#include "pipeline/failure_record.hpp"

namespace mulligan::pipeline
{

namespace
{

/// What is wrong with the path rather than with the bundle.
bool isUnreadable(const base::Error &error)
{
    return error.code == base::ErrorCode::NotFound || error.code == base::ErrorCode::PermissionDenied
           || error.code == base::ErrorCode::Io;
}

void recompute(const deploy::Bundle &bundle, const Decider &decider, VerifyReport &report)
{
    const auto text = bundle.file("golden.jsonl");
    if (!text) {
        report.problems.push_back(text.error().text());
        return;
    }
    const auto golden = readGolden(*text);
    if (!golden) {
        report.problems.push_back(golden.error().text());
        return;
    }
    for (size_t i = 0; i < golden->size(); ++i) {
        const GoldenDecision &expected = (*golden)[i];
        ++report.golden;
        const std::string now = decider.decideLine(expected.input);
        if (now != expected.decision)
            report.problems.push_back("golden decision " + std::to_string(i + 1) + " comes out differently: " + now);
    }
}

} // namespace

base::Result<VerifyReport> verifyBundle(const std::string &path)
{
    VerifyReport report;
    auto read = deploy::readBundle(path);
    if (!read) {
        if (isUnreadable(read.error()))
            return std::move(read).error();
        report.problems.push_back(read.error().text());
        return report;
    }
    report.problems = std::move(read->problems);
    report.files = read->bundle.files.size();
    // Parts that were tampered with are not run.
    if (report.problems.empty()) {
        const auto decider = Decider::make(read->bundle);
        if (decider)
            recompute(read->bundle, **decider, report);
        else
            report.problems.push_back(decider.error().text());
    }
    report.ok = report.problems.empty();
    return report;
}

} // namespace mulligan::pipeline
