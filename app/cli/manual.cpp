#include "arguments.hpp"
#include "command.hpp"
#include "usage.hpp"

#include <algorithm>
#include <cctype>
#include <iostream>
#include <sstream>

namespace mulligan::cli
{

namespace
{

// Backslashes, hyphens and leading dots mean something to roff.
std::string escaped(const std::string &text)
{
    std::string out;
    for (const char c : text) {
        if (c == '\\')
            out += "\\e";
        else if (c == '-')
            out += "\\-";
        else if (c == '\n')
            out += ' ';
        else
            out += c;
    }
    return out.empty() || (out[0] != '.' && out[0] != '\'') ? out : "\\&" + out;
}

/// Text with a paragraph a line.
std::string paragraphs(const std::string &text)
{
    std::string out;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
        out += (out.empty() ? "" : ".PP\n") + escaped(line) + "\n";
    return out;
}

std::string synopsis(const CLI::App &command)
{
    std::string out;
    for (const CLI::Option *option : command.get_options()) {
        if (!option->get_positional())
            continue;
        const std::string name = escaped(option->get_name(true));
        out += option->get_required() ? " \\fI" + name + "\\fR" : " [\\fI" + name + "\\fR]";
    }
    return out;
}

void printOption(std::ostream &out, const CLI::Option &option)
{
    const std::string argument = argumentOf(option);
    out << ".TP\n\\fB" << escaped(option.get_name(option.get_positional())) << "\\fR"
        << (argument.empty() ? "" : " \\fI" + escaped(argument) + "\\fR") << '\n'
        << escaped(option.get_description()) << '\n';
}

void printOptions(std::ostream &out, const CLI::App &command)
{
    for (const CLI::Option *option : command.get_options())
        printOption(out, *option);
}

/// Options of a command within a command, below its description.
void printNested(std::ostream &out, const CLI::App &child)
{
    out << ".RS\n";
    for (const CLI::Option *option : child.get_options())
        if (option->get_name() != "--help")
            printOption(out, *option);
    out << ".RE\n";
}

void printCommands(std::ostream &out, const CLI::App &shown, bool nested)
{
    const auto children = shown.get_subcommands([](const CLI::App *) { return true; });
    if (!children.empty())
        out << ".SH COMMANDS\n";
    for (const CLI::App *child : children) {
        out << ".TP\n\\fB" << child->get_name() << "\\fR" << synopsis(*child) << '\n'
            << escaped(child->get_description()) << '\n';
        if (nested)
            printNested(out, *child);
    }
}

/// The page of a command, `words` leading to it; of the program when there are none.
void printPage(std::ostream &out, const CLI::App &app, const CLI::App &shown, const std::vector<std::string> &words)
{
    std::string page = "mulligan";
    std::string call = "\\fBmulligan\\fR";
    for (const std::string &word : words) {
        page += "-" + word;
        call += " \\fB" + word + "\\fR";
    }
    std::string title = page;
    std::transform(title.begin(), title.end(), title.begin(), [](unsigned char c) { return std::toupper(c); });
    const bool parent = !shown.get_subcommands([](const CLI::App *) { return true; }).empty();
    out << ".TH " << title << " 1 \"\" \"mulligan " << MULLIGAN_VERSION << "\" \"User Commands\"\n"
        << ".SH NAME\n"
        << escaped(page) << " \\- " << escaped(shown.get_description()) << '\n'
        << ".SH SYNOPSIS\n"
        << call << (parent ? " \\fICOMMAND\\fR …" : " [options]") << synopsis(shown) << '\n';
    if (!shown.get_footer().empty())
        out << ".SH DESCRIPTION\n" << paragraphs(shown.get_footer());
    printCommands(out, shown, !words.empty());
    out << ".SH OPTIONS\n";
    printOptions(out, shown);
    if (!words.empty())
        for (const CLI::Option *option : app.get_options())
            if (option->get_name() != "--help" && option->get_name() != "--version")
                printOption(out, *option);
    out << ".SH EXIT STATUS\n0 done; 1 failed; 2 wrong usage; 3 done, but \\-\\-strict was given and something was "
           "rejected; 130 cancelled.\n";
}

base::Result<int> run(const Globals &globals, const CLI::App &app, const std::vector<std::string> &words)
{
    const CLI::App *shown = &app;
    std::string path = app.get_name();
    for (const std::string &word : words) {
        const CLI::App *next = subcommand(*shown, word);
        if (next == nullptr && shown->get_subcommands([](const CLI::App *) { return true; }).empty())
            return base::makeError(base::ErrorCode::InvalidArgument, "'" + path + "' has no subcommands",
                                   "Leave out '" + word + "'.");
        if (next == nullptr)
            return unknownCommand(*shown, path, word);
        shown = next;
        path += " " + word;
    }
    std::ostringstream page;
    printPage(page, app, *shown, words);
    if (globals.json)
        printJson(formats::Json().set("command", path).set("page", page.str()));
    else
        std::cout << page.str();
    return kDone;
}

} // namespace

void addManual(CLI::App &app, Globals &globals)
{
    auto *command =
        app.add_subcommand("man", "Print a manual page (roff): mulligan man [COMMAND [SUBCOMMAND]] | man -l -");
    auto words = std::make_shared<std::vector<std::string>>();
    command->add_option("COMMAND", *words, "Command whose page to print, such as: rules lint");
    command->callback([&app, &globals, words] { finish(globals, [&] { return run(globals, app, *words); }); });
}

} // namespace mulligan::cli
