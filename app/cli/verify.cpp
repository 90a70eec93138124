#include "command.hpp"

#include "pipeline/export_bundle.hpp"

#include <iostream>

namespace mulligan::cli
{

namespace
{

base::Result<int> run(const Globals &globals, const std::string &path)
{
    MULLIGAN_TRY(const auto report, pipeline::verifyBundle(path));
    if (globals.json) {
        formats::Json problems = formats::Json::array();
        for (const auto &problem : report.problems)
            problems.push(problem);
        printJson(formats::Json()
                      .set("ok", report.ok)
                      .set("problems", problems)
                      .set("files", report.files)
                      .set("golden", report.golden));
    } else if (report.ok) {
        std::cout << path << " is sound: " << report.files << " files match their hashes, " << report.golden
                  << " golden decisions come out the same.\n";
    } else {
        for (const auto &problem : report.problems)
            std::cout << "problem: " << problem << '\n';
    }
    return report.ok ? kDone : kFailed;
}

} // namespace

void addVerify(CLI::App &app, Globals &globals)
{
    auto *command = app.add_subcommand("verify", "Check a bundle and run its golden decisions");
    auto path = std::make_shared<std::string>();
    command->add_option("BUNDLE", *path, "Bundle (.zip)")->required();
    command->callback([&globals, path] { finish(globals, [&] { return run(globals, *path); }); });
}

} // namespace mulligan::cli
