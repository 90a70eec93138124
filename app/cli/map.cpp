#include "command.hpp"

#include "formats/file.hpp"
#include "formats/text_encoding.hpp"
#include "ingest/attempt_json.hpp"
#include "ingest/mapping_proposal.hpp"
#include "ingest/recognise.hpp"
#include "store/workspace.hpp"

#include <algorithm>
#include <iostream>

namespace mulligan::cli
{

namespace
{

using formats::Json;
using ingest::PreviewRow;

struct Arguments {
    std::string path;
    std::string map;
    std::string out;
    std::size_t rows = 50;
    bool force = false;
};

Json columnJson(const ingest::ColumnProfile &column)
{
    constexpr std::size_t kSamples = 5;
    Json samples = Json::array();
    for (std::size_t i = 0; i < column.distinct.size() && i < kSamples; ++i)
        samples.push(column.distinct[i]);
    Json out;
    out.set("name", column.name).set("type", ingest::name(column.type)).set("filled", std::uint64_t{column.filled});
    if (!column.time.empty())
        out.set("time", column.time).set("needs_zone", column.needsZone);
    return out.set("samples", std::move(samples));
}

std::string_view fateName(PreviewRow::Fate fate)
{
    static constexpr std::string_view kNames[] = {"attempt", "rejected", "skipped", "raw"};
    return kNames[static_cast<std::size_t>(fate)];
}

Json previewJson(const ingest::Preview &preview)
{
    Json rows = Json::array();
    for (const auto &row : preview.rows) {
        Json cells = Json::array();
        for (const auto &cell : row.cells)
            cells.push(cell);
        Json out;
        out.set("line", row.line).set("fate", fateName(row.fate)).set("cells", std::move(cells));
        if (row.fate == PreviewRow::Fate::Attempt)
            out.set("attempt", ingest::attemptToJson(row.attempt));
        if (!row.reason.empty())
            out.set("reason", row.reason);
        rows.push(std::move(out));
    }
    return rows;
}

Json countsJson(const ingest::Preview &preview)
{
    Json out;
    out.set("attempts", preview.attempts).set("rejected", preview.rejected).set("skipped", preview.skipped);
    return out;
}

Json proposalJson(const ingest::Proposal &proposal, const ingest::Preview &preview)
{
    Json fields = Json::array();
    for (const auto &field : proposal.fields)
        fields.push(Json().set("field", field.target).set("certainty", field.certainty).set("why", field.why));
    Json open = Json::array();
    for (const auto field : proposal.open)
        open.push(ingest::name(field));
    Json columns = Json::array();
    for (const auto &column : proposal.columns)
        columns.push(columnJson(column));
    Json notes = Json::array();
    for (const auto &note : proposal.notes)
        notes.push(note);
    Json out;
    out.set("profile", ingest::mappingText(proposal.mapping)).set("fields", std::move(fields));
    out.set("open", std::move(open)).set("notes", std::move(notes)).set("columns", std::move(columns));
    return out.set("counts", countsJson(preview)).set("preview", previewJson(preview));
}

/// What became of the rows, for a person.
std::string countsText(const ingest::Preview &preview)
{
    const size_t rows = preview.rows.size();
    std::string out = (rows == 1 ? "Of the first row " : "Of the first " + std::to_string(rows) + " rows ")
                      + std::to_string(preview.attempts)
                      + (preview.attempts == 1 ? " becomes an attempt, " : " become attempts, ")
                      + std::to_string(preview.rejected) + (preview.rejected == 1 ? " is" : " are") + " rejected, "
                      + std::to_string(preview.skipped) + " passed over.";
    const auto bad = std::find_if(preview.rows.begin(), preview.rows.end(),
                                  [](const auto &row) { return row.fate == PreviewRow::Fate::Rejected; });
    if (bad != preview.rows.end())
        out += " Line " + std::to_string(bad->line) + ": " + bad->reason;
    return out;
}

/// Tries a given profile and prints what becomes of each row.
int tryProfile(const Globals &globals, const ingest::Preview &preview)
{
    if (globals.json) {
        Json out;
        out.set("counts", countsJson(preview)).set("preview", previewJson(preview));
        if (preview.problem)
            out.set("problem", preview.problem->text());
        printJson(out);
        return preview.problem ? kFailed : kDone;
    }
    if (preview.problem) {
        std::cout << "No attempts can be made with this profile: " << preview.problem->text() << '\n';
        return kFailed;
    }
    for (const auto &row : preview.rows) {
        std::cout << "line " << row.line << ": ";
        if (row.fate == PreviewRow::Fate::Attempt)
            std::cout << formats::writeJson(ingest::attemptToJson(row.attempt)) << '\n';
        else
            std::cout << fateName(row.fate) << (row.reason.empty() ? "" : ": ") << row.reason << '\n';
    }
    std::cout << countsText(preview) << '\n';
    return kDone;
}

/// What a proposal makes of the rows. One that is not complete is no failure: to say what is open is its work.
std::string proposalSummary(const ingest::Preview &preview)
{
    return preview.problem ? "The proposal is not complete: " + preview.problem->text() : countsText(preview);
}

/// Logs and databases are read as they are: a profile would make a table of them that they are not.
base::Result<void> refuseWhatNeedsNoProfile(const ingest::FileHead &head, const std::string &path)
{
    const auto text = formats::decodeText(head.bytes, formats::guessEncoding(head.bytes).encoding, head.cut);
    const auto format = ingest::recogniseHead(path, text ? *text : head.bytes, true).format;
    std::string what;
    if (format == ingest::Format::SparkLog)
        what = "a log of Spark";
    else if (format == ingest::Format::SparkEventLog)
        what = "a Spark event log";
    else if (format == ingest::Format::YarnLog)
        what = "what 'yarn logs' prints";
    else if (format == ingest::Format::Airflow)
        what = "history of Airflow";
    if (what.empty())
        return {};
    return base::makeError(base::ErrorCode::Unsupported, "'" + path + "' is " + what + ", which needs no profile",
                           "Import it as it is: mulligan import WORKSPACE " + path
                               + ". --force proposes a profile all the same.");
}

base::Result<int> run(const Globals &globals, const Arguments &arguments)
{
    MULLIGAN_TRY(const auto head, ingest::readHead(arguments.path));
    if (!arguments.map.empty()) {
        MULLIGAN_TRY(const auto mapping, ingest::readMapping(arguments.map));
        return tryProfile(globals, ingest::previewMapping(head, mapping, arguments.rows));
    }
    if (!arguments.force)
        MULLIGAN_CHECK(refuseWhatNeedsNoProfile(head, arguments.path));
    const auto proposal = ingest::proposeMapping(head, arguments.path);
    if (proposal.columns.empty())
        return base::makeError(base::ErrorCode::Unsupported, "No table was recognised in '" + arguments.path + "'",
                               "Separated values and JSON can be mapped.");
    const auto preview = ingest::previewMapping(head, proposal.mapping, arguments.rows);
    const std::string text = "# " + proposalSummary(preview) + '\n' + ingest::proposalText(proposal);
    if (!arguments.out.empty()) {
        MULLIGAN_CHECK(store::Workspace::refuseToReplace(arguments.out));
        MULLIGAN_CHECK(formats::writeFileAtomically(arguments.out, text));
    }
    if (globals.json)
        printJson(proposalJson(proposal, preview));
    else if (arguments.out.empty())
        std::cout << text;
    else
        std::cout << proposalSummary(preview) << "\nGo over " << arguments.out << ", then: mulligan import WORKSPACE "
                  << arguments.path << " --map " << arguments.out << '\n';
    return kDone;
}

} // namespace

void addMap(CLI::App &app, Globals &globals)
{
    auto *command = app.add_subcommand("map", "Propose a profile for importing a table of another system, or try one");
    command->footer("Without --map: finds encoding, form and columns of CSV, TSV or JSON from anywhere and prints a "
                    "profile (YAML) with comments on what is sure and what is open. With --map: shows what a profile "
                    "makes of the first rows. Then 'mulligan import WORKSPACE PATH --map PROFILE'. A proposal with "
                    "open fields is done (0); a profile "
                    "that makes no attempts of the file has failed (1).");
    auto arguments = std::make_shared<Arguments>();
    command->add_option("PATH", arguments->path, "File to look at; - is standard input")->required();
    command->add_option("--map", arguments->map, "Profile to try instead of proposing one");
    command->add_option("--out", arguments->out, "File to write the proposed profile to, instead of standard output");
    command->add_option("--rows", arguments->rows, "Rows to try; 50 by default")->check(CLI::Range(1, 1000));
    command->add_flag("--force", arguments->force, "Propose a profile for what is read without one as well");
    command->callback([&globals, arguments] { finish(globals, [&] { return run(globals, *arguments); }); });
}

} // namespace mulligan::cli
