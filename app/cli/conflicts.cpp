#include "command.hpp"

#include "store/workspace.hpp"

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <vector>

namespace mulligan::cli
{

namespace
{

struct Arguments {
    std::string workspace;
    std::size_t most = 50;
};

void printJsonLine(const store::ConflictRow &row)
{
    formats::Json json;
    json.set("job", row.job).set("run", row.run).set("attempt", row.attempt).set("field", row.field);
    json.set("kept", row.kept).set("kept_source", row.keptSource);
    json.set("other", row.other).set("other_source", row.otherSource);
    printJson(json);
}

/// A value for one line: a configuration may be of kilobytes, which --json gives whole.
std::string shortened(std::string text)
{
    constexpr std::size_t kMostBytes = 60;
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c < 0x20; }, ' ');
    if (text.size() <= kMostBytes)
        return text;
    std::size_t end = kMostBytes - 3;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) // not within a character
        --end;
    return text.substr(0, end) + "...";
}

/// Long values mostly begin alike (options, paths): both are shown from shortly before where they part.
std::pair<std::string, std::string> shortenedApart(const std::string &one, const std::string &other)
{
    constexpr std::size_t kBefore = 20;
    const auto parted = std::mismatch(one.begin(), one.end(), other.begin(), other.end()).first;
    auto at = static_cast<std::size_t>(parted - one.begin());
    if (at <= 2 * kBefore)
        return {shortened(one), shortened(other)};
    at -= kBefore;
    while (at > 0 && (static_cast<unsigned char>(one[at]) & 0xC0U) == 0x80U)
        --at;
    return {"..." + shortened(one.substr(at)), "..." + shortened(other.substr(at))};
}

void printLine(const store::ConflictRow &row)
{
    const auto [kept, other] = shortenedApart(row.kept, row.other);
    std::cout << row.job << ", " << row.run << ", attempt " << row.attempt << ": " << row.field
              << (row.field == "times" ? " are " : " is ") << kept << " (" << row.keptSource << "), not " << other
              << " (" << row.otherSource << ")\n";
}

/// How many facts differ of each field, the most frequent first.
void printCounts(const std::map<std::string, std::uint64_t> &byField)
{
    std::vector<std::pair<std::string, std::uint64_t>> counts(byField.begin(), byField.end());
    std::stable_sort(counts.begin(), counts.end(), [](const auto &a, const auto &b) { return a.second > b.second; });
    std::size_t widest = 0;
    for (const auto &[field, count] : counts)
        widest = std::max(widest, field.size());
    for (const auto &[field, count] : counts)
        std::cout << "  " << field << std::string(widest + 2 - field.size(), ' ') << grouped(count) << '\n';
    std::cout << '\n';
}

base::Result<int> printText(store::Workspace &workspace, const Arguments &arguments)
{
    std::map<std::string, std::uint64_t> byField;
    std::vector<store::ConflictRow> listed;
    std::uint64_t rows = 0;
    MULLIGAN_CHECK(workspace.forEachConflict([&](const store::ConflictRow &row) {
        ++byField[row.field];
        ++rows;
        if (arguments.most == 0 || listed.size() < arguments.most)
            listed.push_back(row);
        return true;
    }));
    if (rows == 0) {
        std::cout << "No two sources differ.\n";
        return kDone;
    }
    std::cout << counted(rows, "fact") << " on which sources differ:\n";
    printCounts(byField);
    for (const auto &row : listed)
        printLine(row);
    if (listed.size() < rows)
        std::cout << "\nand " << grouped(rows - listed.size())
                  << " more; --most 0 lists all, --json with values at full length\n";
    return kDone;
}

base::Result<int> run(const Globals &globals, const Arguments &arguments)
{
    MULLIGAN_TRY(auto workspace, store::Workspace::open(arguments.workspace, store::OpenMode::ReadOnly));
    if (!globals.json)
        return printText(workspace, arguments);
    std::uint64_t rows = 0;
    MULLIGAN_CHECK(workspace.forEachConflict([&](const store::ConflictRow &row) {
        printJsonLine(row);
        return std::cout.good() && (arguments.most == 0 || ++rows < arguments.most);
    }));
    return kDone;
}

} // namespace

void addConflicts(CLI::App &app, Globals &globals)
{
    auto *command = app.add_subcommand("conflicts", "List the facts on which sources differ, and which one counts; "
                                                    "with --json as JSON Lines");
    auto arguments = std::make_shared<Arguments>();
    command->add_option("WORKSPACE", arguments->workspace, "Workspace file")->required();
    auto *most =
        command->add_option("--most", arguments->most, "Facts to list; 50 by default (with --json all), 0 for all");
    command->callback([&globals, arguments, most] {
        if (globals.json && most->count() == 0)
            arguments->most = 0;
        finish(globals, [&] { return run(globals, *arguments); });
    });
}

} // namespace mulligan::cli
