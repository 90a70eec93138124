#include "command.hpp"

#include <iostream>
#include <sstream>

namespace mulligan::cli
{

namespace
{

/// A command with its long options, as the shells need them.
struct CommandWords {
    std::string name; ///< "import", or "rules lint"
    std::string description;
    std::vector<std::pair<std::string, std::string>> options; ///< "--format", description
    std::vector<std::string> children;
};

void collect(const CLI::App &app, const std::string &prefix, std::vector<CommandWords> &out)
{
    for (const CLI::App *command : app.get_subcommands([](const CLI::App *) { return true; })) {
        CommandWords words;
        words.name = prefix.empty() ? command->get_name() : prefix + " " + command->get_name();
        words.description = command->get_description();
        for (const CLI::Option *option : command->get_options()) {
            for (const auto &name : option->get_lnames())
                words.options.emplace_back("--" + name, option->get_description());
        }
        for (const CLI::Option *option :
             app.get_parent() == nullptr ? app.get_options() : app.get_parent()->get_options()) {
            for (const auto &name : option->get_lnames()) {
                if (name != "help" && name != "version")
                    words.options.emplace_back("--" + name, option->get_description());
            }
        }
        for (const CLI::App *child : command->get_subcommands([](const CLI::App *) { return true; }))
            words.children.push_back(child->get_name());
        out.push_back(words);
        collect(*command, words.name, out);
    }
}

std::string quoted(std::string text)
{
    for (size_t at = 0; (at = text.find('\'', at)) != std::string::npos; at += 4)
        text.replace(at, 1, "'\\''");
    return "'" + text + "'";
}

std::string topLevel(const std::vector<CommandWords> &commands)
{
    std::string out;
    for (const auto &command : commands) {
        if (command.name.find(' ') == std::string::npos)
            out += (out.empty() ? "" : " ") + command.name;
    }
    return out;
}

std::string bashWords(const CommandWords &command)
{
    std::string words;
    for (const auto &child : command.children)
        words += child + " ";
    for (const auto &[option, description] : command.options)
        words += option + " ";
    return quoted(words);
}

void printBash(std::ostream &out, const std::vector<CommandWords> &commands)
{
    out << "_mulligan() {\n    local current=\"${COMP_WORDS[COMP_CWORD]}\" words=\"\"\n"
        << "    case \"${COMP_WORDS[1]} ${COMP_WORDS[2]}\" in\n";
    // Nested commands come first: the pattern of their parent would take them too.
    for (const auto &command : commands) {
        if (command.name.find(' ') != std::string::npos)
            out << "    " << quoted(command.name) << ") words=" << bashWords(command) << " ;;\n";
    }
    for (const auto &command : commands) {
        if (command.name.find(' ') == std::string::npos)
            out << "    " << quoted(command.name + " ") << "*) words=" << bashWords(command) << " ;;\n";
    }
    out << "    esac\n    if [ \"$COMP_CWORD\" -eq 1 ]; then words=" << quoted(topLevel(commands)) << "; fi\n"
        << "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
        << "    if [ \"${#COMPREPLY[@]}\" -eq 0 ]; then COMPREPLY=($(compgen -f -- \"$current\")); fi\n}\n"
        << "complete -o filenames -F _mulligan mulligan\n";
}

void printZsh(std::ostream &out, const std::vector<CommandWords> &commands)
{
    out << "#compdef mulligan\n_mulligan() {\n    local -a entries\n    if (( CURRENT == 2 )); then\n"
        << "        entries=(\n";
    for (const auto &command : commands) {
        if (command.name.find(' ') == std::string::npos)
            out << "            " << quoted(command.name + ":" + command.description) << '\n';
    }
    out << "        )\n        _describe command entries\n        return\n    fi\n    case \"$words[2]\" in\n";
    for (const auto &command : commands) {
        if (command.name.find(' ') != std::string::npos)
            continue;
        out << "    " << command.name << ") entries=(";
        for (const auto &child : command.children)
            out << quoted(child) << ' ';
        for (const auto &[option, description] : command.options)
            out << quoted(option + ":" + description) << ' ';
        out << ") ;;\n";
    }
    out << "    esac\n    _describe option entries\n    _files\n}\n_mulligan \"$@\"\n";
}

void printFish(std::ostream &out, const std::vector<CommandWords> &commands)
{
    out << "complete -c mulligan -n __fish_use_subcommand -f\n";
    for (const auto &command : commands) {
        const auto space = command.name.find(' ');
        const std::string parent = space == std::string::npos ? std::string() : command.name.substr(0, space);
        const std::string leaf = space == std::string::npos ? command.name : command.name.substr(space + 1);
        const std::string when =
            parent.empty() ? "__fish_use_subcommand" : "'__fish_seen_subcommand_from " + parent + "'";
        out << "complete -c mulligan -n " << when << " -a " << leaf << " -d " << quoted(command.description) << '\n';
        for (const auto &[option, description] : command.options)
            out << "complete -c mulligan -n '__fish_seen_subcommand_from " << leaf << "' -l " << option.substr(2)
                << " -d " << quoted(description) << '\n';
    }
}

} // namespace

void addCompletion(CLI::App &app, Globals &globals)
{
    auto *command = app.add_subcommand("completion", "Print the completion script of a shell: bash, zsh or fish");
    auto shell = std::make_shared<std::string>();
    command->add_option("SHELL", *shell, "bash, zsh or fish")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    command->callback([&app, &globals, shell] {
        finish(globals, [&]() -> base::Result<int> {
            std::vector<CommandWords> commands;
            collect(app, "", commands);
            std::ostringstream script;
            if (*shell == "bash")
                printBash(script, commands);
            else if (*shell == "zsh")
                printZsh(script, commands);
            else
                printFish(script, commands);
            if (globals.json)
                printJson(formats::Json().set("shell", *shell).set("script", script.str()));
            else
                std::cout << script.str();
            return kDone;
        });
    });
}

} // namespace mulligan::cli
