#include "command.hpp"

#include "store/workspace.hpp"

#include <iostream>

namespace mulligan::cli
{

namespace
{

void print(const Globals &globals, const store::ConflictRow &row)
{
    if (globals.json) {
        formats::Json json;
        json.set("job", row.job).set("run", row.run).set("attempt", row.attempt).set("field", row.field);
        json.set("kept", row.kept).set("kept_source", row.keptSource);
        json.set("other", row.other).set("other_source", row.otherSource);
        printJson(json);
        return;
    }
    std::cout << row.job << ", " << row.run << ", attempt " << row.attempt << ": " << row.field << " is " << row.kept
              << " (" << row.keptSource << "), not " << row.other << " (" << row.otherSource << ")\n";
}

base::Result<int> run(const Globals &globals, const std::string &path)
{
    MULLIGAN_TRY(auto workspace, store::Workspace::open(path, store::OpenMode::ReadOnly));
    std::uint64_t rows = 0;
    MULLIGAN_CHECK(workspace.forEachConflict([&](const store::ConflictRow &row) {
        print(globals, row);
        ++rows;
        return std::cout.good();
    }));
    if (rows == 0 && !globals.json)
        std::cout << "No two sources differ.\n";
    return kDone;
}

} // namespace

void addConflicts(CLI::App &app, Globals &globals)
{
    auto *command = app.add_subcommand("conflicts", "List the facts on which sources differ, and which one counts; "
                                                    "with --json as JSON Lines");
    auto path = std::make_shared<std::string>();
    command->add_option("WORKSPACE", *path, "Workspace file")->required();
    command->callback([&globals, path] { finish(globals, [&] { return run(globals, *path); }); });
}

} // namespace mulligan::cli
