#include "pipeline/bundle_inputs.hpp"

#include "classify/rule_file.hpp"
#include "formats/file.hpp"
#include "policy/policy_file.hpp"

namespace mulligan::pipeline
{

base::Result<BundleInputs> gatherBundleInputs(const Resources &resources, const ReplaySession &session,
                                              const policy::Policy &policy, const policy::Economics &economics,
                                              std::shared_ptr<const classify::Classifier> rules,
                                              const std::string &spaceFile)
{
    BundleInputs out;
    if (rules == nullptr) {
        MULLIGAN_TRY(rules, loadClassifier(resources));
    }
    out.rules = rules->pack().rules.size();
    auto &files = out.bundle.files;
    files["rules.yaml"] = classify::writePack(rules->pack());
    files["policy.yaml"] = policy::writePolicy(policy);
    files["economics.yaml"] = policy::writeEconomics(economics);
    const std::string file = spaceFile.empty() ? resources.spaceFile() : spaceFile;
    MULLIGAN_TRY(auto space, formats::readTextFile(file));
    MULLIGAN_TRY(out.space, optimize::parseSpace(space, file));
    files["space.yaml"] = std::move(space);
    for (auto &[path, content] : session.models().production->files())
        files["model/" + path] = content;
    // An attempt that ends with the data is known by then, and "before" leaves out the moment itself.
    const base::Instant asOf{session.history().dataEnd.ms + 1};
    out.past = predict::PastIndex::build(session.history());
    files["history.jsonl"] = out.past.snapshot(asOf);
    return out;
}

} // namespace mulligan::pipeline
