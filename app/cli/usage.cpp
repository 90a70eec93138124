#include "usage.hpp"

#include "command.hpp"
#include "formats/yaml.hpp"

#include <iostream>
#include <sstream>

namespace mulligan::cli
{

namespace
{

std::vector<const CLI::App *> children(const CLI::App &command)
{
    return command.get_subcommands([](const CLI::App *) { return true; });
}

/// How far the words of a command line name commands.
struct Reached {
    const CLI::App *command = nullptr;
    std::string path;    ///< "mulligan rules"
    std::string unknown; ///< the word after it that names no subcommand, where one must; "" there is none
};

/// Whether a word is an option whose value is the next word.
bool takesTheNext(const CLI::App &command, const std::string &word)
{
    for (const CLI::App *at = &command; at != nullptr; at = at->get_parent())
        if (const CLI::Option *option = at->get_option_no_throw(word))
            return option->get_items_expected_max() != 0;
    return false;
}

Reached reachedBy(const CLI::App &app, int argc, char **argv)
{
    Reached out{&app, app.get_name(), {}};
    for (int i = 1; i < argc && !children(*out.command).empty(); ++i) {
        const std::string word = argv[i];
        if (word.starts_with("-")) {
            i += takesTheNext(*out.command, word) ? 1 : 0;
            continue;
        }
        const CLI::App *next = subcommand(*out.command, word);
        if (next == nullptr) {
            out.unknown = word;
            break;
        }
        out.command = next;
        out.path += " " + word;
    }
    return out;
}

/// What to do with a word that a command has no place for, where the command's own form tells; "" elsewhere.
std::string formFor(const std::string &path, const std::string &word)
{
    if (path == "mulligan match")
        return word == "-" ? "'mulligan match' always reads standard input: leave '-' out. "
                           : "'mulligan match' reads standard input: 'mulligan match < " + word + "'. ";
    if (path == "mulligan rules lint" || path == "mulligan rules test" || path == "mulligan rules list")
        return "Rule files and folders are named with --rules: '" + path + " --rules " + word + "'. ";
    return {};
}

/// The first word of the command line that nothing takes; "" where there is none.
std::string wordTooMany(const CLI::App &app, const CLI::ParseError &error)
{
    const auto words = app.remaining(true);
    const bool extra = dynamic_cast<const CLI::ExtrasError *>(&error) != nullptr;
    return extra && !words.empty() && (words.front() == "-" || !words.front().starts_with("-")) ? words.front() : "";
}

base::Error usageErrorOf(const CLI::App &app, const CLI::ParseError &error, const Reached &reached)
{
    if (!reached.unknown.empty())
        return unknownCommand(*reached.command, reached.path, reached.unknown);
    const bool within = reached.command != &app;
    if (within && !children(*reached.command).empty())
        return base::makeError(base::ErrorCode::InvalidArgument,
                               "'" + reached.path
                                   + "' needs a subcommand: " + namesOfSubcommands(*reached.command, "or"),
                               "See '" + reached.path + " --help'.");
    const std::string word = wordTooMany(app, error);
    return base::makeError(
        base::ErrorCode::InvalidArgument, error.what(),
        (word.empty() ? std::string() : formFor(reached.path, word))
            + (within ? "See '" + reached.path + " --help'." : "See 'mulligan --help' or 'mulligan COMMAND --help'."));
}

/// The options that every command takes: help of one command would hide them.
std::string commonOptions(const CLI::App &app)
{
    const auto own = [](const CLI::Option *option) {
        return option->nonpositional() && !option->check_name("--help") && !option->check_name("--version");
    };
    CLI::Formatter formatter; // the look alone: the one that `app` hands out shows no group by itself
    formatter.column_width(app.get_formatter()->get_column_width());
    return formatter.make_group("Options of every command", false, app.get_options(own));
}

} // namespace

std::string namesOfSubcommands(const CLI::App &command, const std::string &last)
{
    std::string out;
    const auto all = children(command);
    for (std::size_t i = 0; i < all.size(); ++i)
        out += (i == 0 ? "" : i + 1 < all.size() ? ", " : " " + last + " ") + all[i]->get_name();
    return out;
}

const CLI::App *subcommand(const CLI::App &command, const std::string &name)
{
    for (const CLI::App *each : children(command))
        if (each->get_name() == name)
            return each;
    return nullptr;
}

base::Error unknownCommand(const CLI::App &command, const std::string &path, const std::string &name)
{
    const auto all = children(command);
    std::vector<std::string_view> names;
    for (const CLI::App *each : all)
        names.push_back(each->get_name());
    const std::string near = formats::nearestName(name, names);
    std::string hint = near.empty() ? "" : "Did you mean '" + path + " " + near + "'? ";
    const bool root = command.get_parent() == nullptr;
    hint += root ? "See 'mulligan --help'." : "There are " + namesOfSubcommands(command, "and") + ".";
    return base::makeError(
        base::ErrorCode::InvalidArgument,
        root ? "There is no command '" + name + "'" : "'" + name + "' is not a subcommand of '" + path + "'", hint);
}

int endOfParsing(const CLI::App &app, const CLI::ParseError &error, int argc, char **argv)
{
    Globals globals;
    for (int i = 1; i < argc; ++i)
        globals.json = globals.json || std::string_view(argv[i]) == "--json";
    const Reached reached = reachedBy(app, argc, argv);
    const bool help = error.get_exit_code() == 0 && error.get_name() != "CallForVersion";
    // Of a command that there is not there is no help either; the general one would hide the mistake.
    if (error.get_exit_code() != 0 || (help && !reached.unknown.empty()))
        return fail(globals, usageErrorOf(app, error, reached));
    finish(globals, [&]() -> base::Result<int> {
        std::ostringstream printed;
        app.exit(error, printed, printed);
        std::string text = printed.str();
        if (help && reached.command != &app)
            text = text.substr(0, text.find_last_not_of('\n') + 1) + '\n' + commonOptions(app);
        if (!globals.json)
            std::cout << text;
        else if (error.get_name() == "CallForVersion")
            printJson(formats::Json().set("version", MULLIGAN_VERSION));
        else
            printJson(formats::Json().set("help", text));
        return kDone;
    });
    return globals.exitCode;
}

} // namespace mulligan::cli
