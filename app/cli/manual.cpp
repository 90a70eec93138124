#include "command.hpp"

#include <algorithm>
#include <cctype>
#include <iostream>

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

void printOptions(const CLI::App &command)
{
    for (const CLI::Option *option : command.get_options()) {
        std::cout << ".TP\n\\fB" << escaped(option->get_name(option->get_positional())) << "\\fR\n"
                  << escaped(option->get_description()) << '\n';
    }
}

/// Options of a command within a command, below its description.
void printNested(const CLI::App &child)
{
    std::cout << ".RS\n";
    for (const CLI::Option *option : child.get_options()) {
        if (option->get_name() != "--help")
            std::cout << ".TP\n\\fB" << escaped(option->get_name(option->get_positional())) << "\\fR\n"
                      << escaped(option->get_description()) << '\n';
    }
    std::cout << ".RE\n";
}

void printPage(const CLI::App &app, const CLI::App *command)
{
    const std::string page = command == nullptr ? "mulligan" : "mulligan-" + command->get_name();
    std::string title = page;
    std::transform(title.begin(), title.end(), title.begin(), [](unsigned char c) { return std::toupper(c); });
    const CLI::App &shown = command == nullptr ? app : *command;
    std::cout << ".TH " << title << " 1 \"\" \"mulligan " << MULLIGAN_VERSION << "\" \"User Commands\"\n"
              << ".SH NAME\n"
              << escaped(page) << " \\- " << escaped(shown.get_description()) << '\n'
              << ".SH SYNOPSIS\n\\fBmulligan\\fR "
              << (command == nullptr ? std::string("\\fICOMMAND\\fR …")
                                     : "\\fB" + command->get_name() + "\\fR [options]")
              << synopsis(shown) << '\n';
    const auto children = shown.get_subcommands([](const CLI::App *) { return true; });
    if (!children.empty())
        std::cout << ".SH COMMANDS\n";
    for (const CLI::App *child : children) {
        std::cout << ".TP\n\\fB" << child->get_name() << "\\fR" << synopsis(*child) << '\n'
                  << escaped(child->get_description()) << '\n';
        if (command != nullptr)
            printNested(*child);
    }
    std::cout << ".SH OPTIONS\n";
    printOptions(shown);
    if (command != nullptr)
        printOptions(app);
    if (command != nullptr && !command->get_footer().empty())
        std::cout << ".SH NOTES\n" << escaped(command->get_footer()) << '\n';
    std::cout
        << ".SH EXIT STATUS\n0 done; 1 failed; 2 wrong usage; 3 done, but \\-\\-strict was given and something was "
           "rejected; 130 cancelled.\n";
}

} // namespace

void addManual(CLI::App &app, Globals &globals)
{
    auto *command = app.add_subcommand("man", "Print a manual page (roff): mulligan man [COMMAND] | man -l -");
    auto name = std::make_shared<std::string>();
    command->add_option("COMMAND", *name, "Command whose page to print");
    command->callback([&app, &globals, name] {
        finish(globals, [&]() -> base::Result<int> {
            if (name->empty()) {
                printPage(app, nullptr);
                return kDone;
            }
            const auto found = app.get_subcommands([&name](CLI::App *each) { return each->get_name() == *name; });
            if (found.empty())
                return base::makeError(base::ErrorCode::InvalidArgument, "There is no command '" + *name + "'",
                                       "See 'mulligan --help'.");
            printPage(app, found.front());
            return kDone;
        });
    });
}

} // namespace mulligan::cli
