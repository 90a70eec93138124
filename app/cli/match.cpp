#include "command.hpp"

#include "formats/json.hpp"
#include "pipeline/match_texts.hpp"

#include <iostream>
#include <iterator>

namespace mulligan::cli
{

namespace
{

base::Result<int> run(const Globals &globals, const std::vector<std::string> &rules)
{
    MULLIGAN_TRY(const auto shipped, resources(globals));
    MULLIGAN_TRY(const auto classifier, pipeline::loadClassifier(shipped, rules));
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
    command->add_option("--rules", *rules, "Rule files or folders instead of the shipped pack");
    command->callback([&globals, rules] { finish(globals, [&] { return run(globals, *rules); }); });
}

} // namespace mulligan::cli
