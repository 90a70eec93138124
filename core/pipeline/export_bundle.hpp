#pragma once

#include "base/instant.hpp"
#include "base/progress.hpp"
#include "base/result.hpp"
#include "classify/classifier.hpp"
#include "model/savings.hpp"
#include "pipeline/replay_session.hpp"
#include "pipeline/resources.hpp"

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace mulligan::pipeline
{

struct ExportedFileHash {
    std::string path; ///< inside the bundle
    std::string sha256;
    std::uint64_t bytes = 0;
};

/// How often the bundle's decisions differ from the rolling replay's on the same failures: they come from models of
/// another date, so some do.
struct RollingDifference {
    std::uint64_t points = 0;
    std::uint64_t differing = 0;
};

struct ExportReport {
    std::string out;
    std::vector<ExportedFileHash> files;
    RollingDifference rolling;
    std::uint64_t recommendations = 0;
    std::uint64_t golden = 0;
    std::vector<std::string> warnings; ///< what whoever deploys it must know, also in the manifest
};

struct ExportOptions {
    std::string out;
    std::string approver;
    base::Instant createdAt;          ///< stamped into the manifest
    std::vector<std::string> targets; ///< names of deploy targets to add, e.g. "spark"
    std::uint64_t goldenRecords = 200;
    std::uint64_t rollingPoints = 500; ///< failures on which the bundle is compared with the rolling replay, at most
    simulate::ReplayOptions replay;    ///< of the replay whose savings are promised
    std::string spaceFile;             ///< space.yaml to ship; empty: the shipped one
    /// Rules asked for by name, which the bundle then classifies by, with a warning where the verdicts are of others,
    /// for so are the savings promised; null: the rules that the workspace was classified by.
    std::shared_ptr<const classify::Classifier> rules;
    /// The pack at hand, which stands in where it is not known what the workspace was classified by, and which drafts,
    /// owners and dates are taken from; null: the shipped pack.
    std::shared_ptr<const classify::Classifier> atHand;
};

/// Writes the production bundle (design.md, section 10) for a policy, with recommendations for the failures whose
/// chain is still open at the end of the data, and golden decisions. Everything in it but `created_at` follows from the
/// workspace and the options. Texts are redacted once more on their way into it. Errors: InvalidArgument (unknown
/// target), Cancelled, those of reading the workspace and of deploy::writeBundle.
[[nodiscard]] base::Result<ExportReport> exportBundle(store::Workspace &workspace, const Resources &resources,
                                                      const ReplaySession &session, const policy::Policy &policy,
                                                      const policy::Economics &economics, const ExportOptions &options,
                                                      std::stop_token stop, base::Progress &progress);

struct VerifyReport {
    bool ok = false;
    std::vector<std::string> problems;
    std::uint64_t files = 0;
    std::uint64_t golden = 0; ///< golden decisions recomputed
};

/// Checks a bundle's hashes and schema and recomputes its golden decisions. A bad bundle is a report with problems, not
/// an error; an unreadable path is an error.
[[nodiscard]] base::Result<VerifyReport> verifyBundle(const std::string &path);

} // namespace mulligan::pipeline
