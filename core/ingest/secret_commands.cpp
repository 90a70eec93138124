#include "ingest/secret_names.hpp"
#include "ingest/secret_text.hpp"

namespace mulligan::ingest::secret
{

namespace
{

constexpr std::size_t kLongestCommand = 256;

struct Command {
    std::string_view name;
    char option;
    bool glued; ///< the password follows the letter at once, and only so
};

// What "-p" means depends on the command: of ssh and docker run it is a port.
constexpr std::array kCommands{
    Command{"mysql", 'p', true},        Command{"mysqldump", 'p', true},    Command{"mysqladmin", 'p', true},
    Command{"mysqlimport", 'p', true},  Command{"mariadb", 'p', true},      Command{"mariadb-dump", 'p', true},
    Command{"beeline", 'p', false},     Command{"sshpass", 'p', false},     Command{"mongo", 'p', false},
    Command{"mongosh", 'p', false},     Command{"mongodump", 'p', false},   Command{"mongorestore", 'p', false},
    Command{"mongoexport", 'p', false}, Command{"mongoimport", 'p', false}, Command{"login", 'p', false},
    Command{"curl", 'u', false},        Command{"ldapsearch", 'w', false},  Command{"ldapmodify", 'w', false},
    Command{"ldapadd", 'w', false},     Command{"ldapwhoami", 'w', false},  Command{"ldappasswd", 'w', false},
    Command{"kadmin", 'w', false},      Command{"sqlcmd", 'P', false},      Command{"bcp", 'P', false},
    Command{"redis-cli", 'a', false},   Command{"smbclient", 'U', false},
};

/// The command with this option that stands earlier on the line, as a word of its own or at the end of a path.
const Command *commandBefore(const Surroundings &s, char option)
{
    const std::size_t start = s.lineStart(s.at, kLongestCommand);
    for (std::size_t end = s.at; end > start;) {
        std::size_t begin = end;
        while (begin > start && is(s.text[begin - 1], kToken))
            --begin;
        const std::string_view word = s.slice(begin, end);
        const bool whole = word.size() >= 3 && s[end] == ' ' && is(word.front(), kWord);
        for (std::size_t i = 0; whole && i < kCommands.size(); ++i) {
            const Command &command = kCommands[i];
            if (command.option == option && command.name == word)
                return &command;
        }
        end = begin == end ? end - 1 : begin;
    }
    return nullptr;
}

} // namespace

Found commandOptionAt(const Surroundings &s)
{
    // " -p" stands at `at`.
    const char option = s[s.at + 2];
    std::size_t begin = s.at + 3;
    const bool apart = s[begin] == ' ';
    const Command *const command = commandBefore(s, option);
    if (command == nullptr || command->glued == apart)
        return std::nullopt;
    const Value value = s.valueFrom(begin);
    begin = value.begin;
    // A user and a password, of which only the latter is to go.
    if (option == 'u' || option == 'U') {
        const std::size_t divider = s.slice(value).find(option == 'u' ? ':' : '%');
        if (divider == std::string_view::npos)
            return std::nullopt;
        begin += divider + 1;
    }
    const std::string_view text = s.slice(begin, value.end);
    if (isPlaceholder(text) || text.front() == '-')
        return std::nullopt;
    return FoundSecret{begin, value.end, "password"};
}

} // namespace mulligan::ingest::secret
