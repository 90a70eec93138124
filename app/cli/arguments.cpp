#include "arguments.hpp"

#include <map>
#include <string_view>

namespace mulligan::cli
{

namespace
{

/// An option is called the same in every command, and so is what it takes.
std::string_view nameOf(const CLI::Option &option)
{
    static const std::map<std::string_view, std::string_view> kNames = {{"answers", "FILE"},
                                                                        {"approver", "NAME"},
                                                                        {"bundle", "FILE"},
                                                                        {"by", "WHAT"},
                                                                        {"cadence", "CADENCE"},
                                                                        {"cadences", "LIST"},
                                                                        {"days", "N"},
                                                                        {"economics", "FILE"},
                                                                        {"event-log-share", "SHARE"},
                                                                        {"every", "TIME"},
                                                                        {"exploration", "SHARE"},
                                                                        {"folds", "N"},
                                                                        {"format", "FORMAT"},
                                                                        {"from", "TIME"},
                                                                        {"jobs", "N"},
                                                                        {"leave-out", "WHAT"},
                                                                        {"limit", "N"},
                                                                        {"map", "PROFILE"},
                                                                        {"max-changed", "N"},
                                                                        {"minimum", "N"},
                                                                        {"most", "N"},
                                                                        {"out", "PATH"},
                                                                        {"policy", "FILE"},
                                                                        {"redact", "FILE"},
                                                                        {"rule", "CLUSTER"},
                                                                        {"rows", "N"},
                                                                        {"rules", "PATH"},
                                                                        {"seed", "N"},
                                                                        {"set", "KEY=VALUE"},
                                                                        {"size", "N"},
                                                                        {"space", "FILE"},
                                                                        {"target", "NAME"},
                                                                        {"threads", "N"},
                                                                        {"to", "TIME"},
                                                                        {"truth", "FILE"},
                                                                        {"when-absent", "WHAT"},
                                                                        {"who", "NAME"},
                                                                        {"workspace", "FILE"}};
    if (option.get_lnames().empty())
        return {};
    const auto found = kNames.find(option.get_lnames().front());
    return found == kNames.end() ? std::string_view() : found->second;
}

void addChecks(CLI::Option &option)
{
    const bool count = option.get_type_name().starts_with("UINT");
    option.check(CLI::Validator(
        [count](std::string &value) -> std::string {
            if (value.empty())
                return "an empty text is no value";
            // The parser below would wrap a negative number around.
            return count && value.front() == '-' ? "'" + value + "' is negative" : std::string();
        },
        ""));
}

void describe(CLI::Option &option)
{
    if (option.get_type_size() == 0)
        return; // a flag
    addChecks(option);
    const bool several = option.get_expected_max() == CLI::detail::expected_max_vector_size;
    const std::string more = several ? " ..." : "";
    if (!option.get_positional())
        option.option_text(std::string(nameOf(option)) + more);
    else if (option.get_required())
        option.option_text((several ? "... " : "") + std::string("REQUIRED"));
    else
        option.type_name("");
}

} // namespace

void describeArguments(CLI::App &app)
{
    for (CLI::Option *option : app.get_options())
        if (option != app.get_help_ptr())
            describe(*option);
    for (CLI::App *command : app.get_subcommands([](CLI::App *) { return true; }))
        describeArguments(*command);
}

std::string argumentOf(const CLI::Option &option)
{
    return option.get_positional() || option.get_type_size() == 0 ? std::string() : option.get_option_text();
}

} // namespace mulligan::cli
