#include "pipeline/savings_report.hpp"

#include "formats/file.hpp"
#include "formats/yaml.hpp"
#include "pipeline/train_models.hpp"
#include "policy/policy_file.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>

namespace mulligan::pipeline
{

namespace
{

using Settings = std::vector<std::pair<std::string, std::string>>;

/// One line a setting, keys joined by dots as `--set` takes them. The canonical file is the list of settings, so a new
/// one cannot be forgotten here.
void flatten(const formats::YamlNode &node, const std::string &key, Settings &out)
{
    using Kind = formats::YamlNode::Kind;
    if (node.kind == Kind::Map && !node.members.empty()) {
        for (const auto &member : node.members)
            flatten(member.value, key.empty() ? member.key : key + "." + member.key, out);
        return;
    }
    const bool plain =
        std::all_of(node.items.begin(), node.items.end(), [](const auto &item) { return item.kind == Kind::Scalar; });
    if (node.kind == Kind::Sequence && !plain) {
        for (size_t i = 0; i < node.items.size(); ++i)
            flatten(node.items[i], key + "[" + std::to_string(i + 1) + "]", out);
        return;
    }
    std::string value = node.scalar;
    for (const auto &item : node.items)
        value += (value.empty() ? "" : ", ") + item.scalar;
    out.emplace_back(key, value.empty() ? "none" : value);
}

Settings settingsOf(const std::string &yaml)
{
    Settings out;
    if (const auto node = formats::parseYaml(yaml))
        flatten(*node, {}, out);
    return out;
}

std::string endingOf(const std::string &path)
{
    std::string ending = std::filesystem::path(path).extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return std::tolower(c); });
    return ending;
}

} // namespace

report::ReportInput makeReportInput(const model::SavingsReport &savings, const std::optional<model::ModelCard> &card,
                                    const policy::Policy &policy, const policy::Economics &economics,
                                    const std::string &workspacePath, base::Instant generatedAt)
{
    report::ReportInput input;
    input.savings = savings;
    input.card = card;
    input.workspace = std::filesystem::path(workspacePath).filename().string();
    input.generatedAt = generatedAt;
    input.currency = economics.currency;
    input.policy = settingsOf(policy::writePolicy(policy));
    input.economics = settingsOf(policy::writeEconomics(economics));
    return input;
}

base::Result<report::ReportInput> replayedReport(const Resources &shipped, const ReplayRequest &request,
                                                 base::Instant generatedAt, std::stop_token stop,
                                                 base::Progress &progress)
{
    MULLIGAN_TRY(auto setup, prepareReplay(shipped, request, store::OpenMode::ReadOnly, stop, progress));
    MULLIGAN_TRY(auto replayed, setup.session->replay(setup.policy, setup.economics, setup.options, stop, progress));
    addCaveat(replayed.report, setup.rulesCaveat);
    MULLIGAN_TRY(const auto card, loadModelCard(setup.workspace));
    return makeReportInput(replayed.report, card, setup.policy, setup.economics, request.workspace, generatedAt);
}

base::Result<void> checkReportPath(const std::string &path)
{
    static constexpr std::array<std::string_view, 4> kEndings{".html", ".htm", ".csv", ".xlsx"};
    if (std::find(kEndings.begin(), kEndings.end(), endingOf(path)) != kEndings.end())
        return {};
    return base::makeError(base::ErrorCode::Unsupported, "Cannot write a report as '" + path + "'",
                           "Let the file end in .html, .xlsx or .csv; .pdf needs mulligan-desktop.");
}

base::Result<void> writeReportFile(const report::ReportInput &input, const std::string &path)
{
    MULLIGAN_CHECK(checkReportPath(path));
    const std::string ending = endingOf(path);
    if (ending == ".html" || ending == ".htm")
        return formats::writeFileAtomically(path, report::toHtml(input));
    if (ending == ".csv")
        return formats::writeFileAtomically(path, report::toCsv(input));
    return report::writeXlsx(input, path);
}

} // namespace mulligan::pipeline
