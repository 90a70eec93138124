#include "command.hpp"

#include "store/workspace.hpp"

#include <iostream>

namespace mulligan::cli
{

void addInit(CLI::App &app, Globals &globals)
{
    auto *command = app.add_subcommand("init", "Make an empty workspace");
    auto path = std::make_shared<std::string>();
    command->add_option("WORKSPACE", *path, "File to make, by custom ending in .mulligan")->required();
    command->callback([&globals, path] {
        finish(globals, [&]() -> base::Result<int> {
            MULLIGAN_CHECK(store::Workspace::create(*path));
            if (globals.json)
                printJson(formats::Json().set("workspace", *path).set("schema_version", store::kSchemaVersion));
            else
                std::cout << "Made " << *path << " (schema version " << store::kSchemaVersion
                          << "). Next: mulligan import " << *path << " PATH…\n";
            return kDone;
        });
    });
}

} // namespace mulligan::cli
