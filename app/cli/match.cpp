#include "command.hpp"

#include "formats/json.hpp"
#include "pipeline/match_texts.hpp"

#include <filesystem>
#include <iostream>
#include <iterator>

namespace mulligan::cli
{

namespace
{

/// What loading the rules failed with. --rules takes every path behind it, so that a log named there is read as rules.
base::Error rulesError(base::Error error, const std::vector<std::string> &rules)
{
    const std::filesystem::path last = rules.empty() ? std::string() : rules.back();
    std::error_code ignored;
    if (rules.size() < 2 || last.extension() == ".yaml" || last.extension() == ".yml"
        || std::filesystem::is_directory(last, ignored))
        return error;
    std::string form = "mulligan match";
    for (auto path = rules.begin(); path != std::prev(rules.end()); ++path)
        form += " --rules " + *path;
    error.hint = "'mulligan match' reads the log from standard input: '" + form + " < " + rules.back() + "'.";
    return error;
}

base::Result<int> run(const Globals &globals, const std::vector<std::string> &rules)
{
    MULLIGAN_TRY(const auto shipped, resources(globals));
    const auto loaded = pipeline::loadClassifier(shipped, rules);
    if (!loaded)
        return rulesError(loaded.error(), rules);
    const auto &classifier = loaded.value();
    const std::string input{std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
    const auto texts = pipeline::readTexts(input);
    if (texts.empty())
        return base::makeError(base::ErrorCode::InsufficientData,
                               "Standard input is empty: there is no text to classify",
                               "Give a log, or JSON Lines {\"id\", \"text\"}: mulligan match < driver.log");
    bool failed = false;
    for (const auto &text : texts) {
        failed = failed || text.error.has_value();
        std::cout << formats::writeJson(pipeline::matchText(*classifier, text)) << '\n';
    }
    return failed ? kFailed : kDone;
}

} // namespace

void addMatch(CLI::App &app, Globals &globals)
{
    auto *command = app.add_subcommand(
        "match", "Classify texts from standard input: JSON Lines {\"id\",\"text\"}, or plain text as one");
    auto rules = std::make_shared<std::vector<std::string>>();
    command->add_option("--rules", *rules,
                        "Rule files or folders instead of the shipped pack, which the word shipped names");
    command->callback([&globals, rules] { finish(globals, [&] { return run(globals, *rules); }); });
}

} // namespace mulligan::cli
