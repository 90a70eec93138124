#include "command.hpp"

#include "deploy/bundle.hpp"
#include "pipeline/decider.hpp"

#include <iostream>

namespace mulligan::cli
{

namespace
{

base::Result<int> run(const std::string &path)
{
    MULLIGAN_TRY(const auto bundle, deploy::readTrustedBundle(path));
    MULLIGAN_TRY(const auto decider, pipeline::Decider::make(bundle));
    // Unlinked from C's streams, reading is buffered and says how much is waiting.
    std::ios::sync_with_stdio(false);
    bool failed = false;
    size_t record = 0;
    for (std::string line; std::cout.good() && std::getline(std::cin, line);) {
        if (line.find_first_not_of(" \t\r") == std::string::npos)
            continue;
        const auto decision = decider->decideLine(line, ++record);
        failed = failed || decision.starts_with("{\"error\"");
        std::cout << decision << '\n';
        // A caller may wait for each answer before it sends the next record.
        if (std::cin.rdbuf()->in_avail() <= 0)
            std::cout.flush();
    }
    return failed ? kFailed : kDone;
}

} // namespace

void addDecide(CLI::App &app, Globals &globals)
{
    auto *command = app.add_subcommand(
        "decide", "Decide on failures from standard input (native attempt records, JSON Lines) with a bundle");
    auto path = std::make_shared<std::string>();
    command->add_option("--bundle", *path, "Bundle (.zip)")->required();
    command->callback([&globals, path] { finish(globals, [&] { return run(*path); }); });
}

} // namespace mulligan::cli
