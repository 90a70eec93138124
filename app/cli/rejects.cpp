#include "command.hpp"

#include "formats/file.hpp"
#include "ingest/redacting_sink.hpp"
#include "store/workspace.hpp"

#include <iostream>

namespace mulligan::cli
{

namespace
{

base::Result<int> run(const std::string &path, const std::string &out)
{
    MULLIGAN_CHECK(store::Workspace::refuseToReplace(out));
    MULLIGAN_TRY(auto workspace, store::Workspace::open(path, store::OpenMode::ReadOnly));
    std::string lines;
    MULLIGAN_CHECK(workspace.forEachReject([&](const store::RejectRow &row) {
        formats::Json json;
        json.set("source", row.source).set("line", row.line).set("column", row.column);
        json.set("reason", row.reason).set("text", row.text);
        json.set("cut", ingest::RedactingSink::isCut(row.reason, row.text));
        lines += formats::writeJson(json) + '\n';
        if (out.empty() && lines.size() > (1 << 16)) {
            std::cout << lines;
            lines.clear();
        }
        return true;
    }));
    if (out.empty())
        std::cout << lines;
    else
        MULLIGAN_CHECK(formats::writeFileAtomically(out, lines));
    return kDone;
}

} // namespace

void addRejects(CLI::App &app, Globals &globals)
{
    auto *command = app.add_subcommand("rejects", "List or write rejected rows, as JSON Lines");
    auto path = std::make_shared<std::string>();
    auto out = std::make_shared<std::string>();
    command->add_option("WORKSPACE", *path, "Workspace file")->required();
    command->add_option("--out", *out, "File to write instead of standard output");
    command->callback([&globals, path, out] { finish(globals, [&] { return run(*path, *out); }); });
}

} // namespace mulligan::cli
