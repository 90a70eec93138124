#include "ingest/secret_scan.hpp"

#include "ingest/secret_text.hpp"
#include "ingest/secret_tokens.hpp"

#include <bit>
#include <cstdint>
#include <cstring>
#include <vector>

namespace mulligan::ingest
{

namespace
{

using namespace secret;

using Reader = Found (*)(const Surroundings &);

struct Sign {
    std::string_view text; ///< three characters, in lower case
    Reader read;
};

/// Three characters that every secret of a kind holds, chosen for being rare in other texts: "ssw" rather than "pas".
constexpr std::array kSigns{
    Sign{"ssw", settingAt},                                                               // password, passwd, passwort
    Sign{"ssw", spokenPasswordAt},  Sign{"nnw", settingAt},                               // kennwort
    Sign{"pw=", settingAt},         Sign{"_pw", settingAt},       Sign{".pw", settingAt}, // db_pw
    Sign{"ワ", japanesePasswordAt}, Sign{"tif", identifiedByAt},  Sign{"543", postgresPassAt},
    Sign{"er=", oracleLoginAt},     Sign{"rid", oracleLoginAt},                           // user=, userid=
    Sign{"ssp", settingAt},                                                               // passphrase
    Sign{"ssc", settingAt},                                                               // passcode
    Sign{"pas", settingAt},                                                               // DB_PASS
    Sign{"pwd", settingAt},         Sign{"psw", settingAt},       Sign{"dpw", settingAt}, // bindpw
    Sign{"tpw", settingAt},                                                               // rootpw
    Sign{"ecr", settingAt},                                                               // secret
    Sign{"key", settingAt},         Sign{"oke", settingAt},                               // token
    Sign{"sig", settingAt},         Sign{"ede", settingAt},                               // credential
    Sign{"uth", settingAt}, // "auth" of Docker, REDISCLI_AUTH
    Sign{"uth", headerAt},  // authorization
    Sign{"oki", headerAt},  // cookie
    Sign{"azu", settingAt}, // fs.azure.sas.…
    Sign{"://", addressAt},         Sign{"hin", oracleUserAt},    Sign{"oci", oracleUserAt},
    Sign{"lpl", oracleUserAt},      Sign{"rer", headerSchemeAt}, // bearer
    Sign{"asi", headerSchemeAt},                                 // basic
    Sign{"ige", headerSchemeAt},                                 // digest
    Sign{"eyj", webTokenAt},        Sign{"beg", privateKeyAt},   // -----BEGIN
    Sign{"pri", puttyKeyAt},        Sign{" -p", commandOptionAt}, Sign{" -u", commandOptionAt},
    Sign{" -w", commandOptionAt},   Sign{" -a", commandOptionAt}, Sign{" s.", oddTokenAt},
    Sign{"=s.", oddTokenAt},        Sign{":s.", oddTokenAt},      Sign{"\"s.", oddTokenAt},
    Sign{"'s.", oddTokenAt},        Sign{":aa", oddTokenAt},      Sign{".at", oddTokenAt},
    Sign{"0q~", oddTokenAt},        Sign{"1q~", oddTokenAt},      Sign{"2q~", oddTokenAt},
    Sign{"3q~", oddTokenAt},        Sign{"4q~", oddTokenAt},      Sign{"5q~", oddTokenAt},
    Sign{"6q~", oddTokenAt},        Sign{"7q~", oddTokenAt},      Sign{"8q~", oddTokenAt},
    Sign{"9q~", oddTokenAt},
};

/// Three characters as a number, case aside: setting one bit puts letters into lower case, and what else it moves it
/// moves in texts and signs alike.
constexpr std::uint32_t kLowerCase = 0x202020;

std::uint32_t numberOf(const char *bytes)
{
    const auto byte = [bytes](int i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])); };
    return (byte(0) | byte(1) << 8 | byte(2) << 16) | kLowerCase;
}

constexpr unsigned kSlotBits = 14;

std::size_t slotOf(std::uint32_t number)
{
    return (number * 0x9E3779B1U) >> (32 - kSlotBits);
}

/// Which of the signs, if any, stand at a place: one multiplication and one look-up for each byte of a text.
class SignTable
{
public:
    struct Entry {
        std::uint32_t number = 0;
        Reader read = nullptr;
        const TokenPrefix *prefix = nullptr; ///< where `read` is none
    };

    SignTable()
    {
        for (const Sign &sign : kSigns)
            m_entries.push_back({number(sign.text), sign.read, nullptr});
        for (const char digit : std::string_view("0123456789abcdef"))
            m_entries.push_back({number({{'s', 'k', digit}}), oddTokenAt, nullptr});
        for (const TokenPrefix &prefix : kTokenPrefixes)
            m_entries.push_back({number(prefix.text.substr(prefix.sign, 3)), nullptr, &prefix});
        std::stable_sort(m_entries.begin(), m_entries.end(),
                         [](const Entry &a, const Entry &b) { return slotOf(a.number) < slotOf(b.number); });
        for (std::size_t i = m_entries.size(); i-- > 0;)
            m_slots[slotOf(m_entries[i].number)] = static_cast<std::uint8_t>(i + 1);
    }

    /// The first entry for the sign that may stand there, or 0.
    [[nodiscard]] std::uint8_t at(const char *bytes) const { return m_slots[slotOf(numberOf(bytes))]; }
    /// Whether a sign may stand at one of the first kStride bytes; all of them together cost one branch.
    static constexpr std::size_t kStride = 4;
    [[nodiscard]] bool anyAt(const char *bytes) const
    {
        std::uint64_t eight = 0;
        std::memcpy(&eight, bytes, sizeof(eight));
        if constexpr (std::endian::native == std::endian::big)
            return true;
        const auto slot = [&](unsigned i) {
            return m_slots[slotOf((static_cast<std::uint32_t>(eight >> (8 * i)) & 0xFFFFFFU) | kLowerCase)];
        };
        return (slot(0) | slot(1) | slot(2) | slot(3)) != 0;
    }

    /// What the signs at `s.at` lead to, the first of them that finds something.
    [[nodiscard]] Found read(std::uint8_t first, const Surroundings &s) const
    {
        const std::uint32_t number = numberOf(s.text.data() + s.at);
        const std::size_t slot = slotOf(number);
        for (std::size_t i = first - 1U; i < m_entries.size() && slotOf(m_entries[i].number) == slot; ++i) {
            const Entry &entry = m_entries[i];
            if (entry.number != number)
                continue;
            if (Found found = entry.read != nullptr ? entry.read(s) : prefixedTokenAt(s, *entry.prefix))
                return found;
        }
        return std::nullopt;
    }

private:
    static std::uint32_t number(std::array<char, 3> sign) { return numberOf(sign.data()); }
    static std::uint32_t number(std::string_view sign) { return numberOf(sign.data()); }

    static_assert(kSigns.size() + 16 + kTokenPrefixes.size() < 255, "slots number entries in one byte");
    std::array<std::uint8_t, std::size_t(1) << kSlotBits> m_slots{}; ///< 1 + index of the first entry, 0: none
    std::vector<Entry> m_entries;
};

/// Whether a place lies within a marker that an earlier pass has set.
bool isInMark(std::string_view text, std::size_t at)
{
    constexpr std::size_t kLongestMark = 64;
    const std::size_t from = at - std::min(at, kLongestMark);
    const std::size_t mark = text.substr(from, at - from).rfind("[redacted:");
    return mark != std::string_view::npos
           && text.substr(from + mark, at - from - mark).find(']') == std::string_view::npos;
}

const SignTable &signs()
{
    static const SignTable table;
    return table;
}

} // namespace

std::optional<FoundSecret> nextSecret(std::string_view text, std::size_t from, std::size_t resume)
{
    const SignTable &table = signs();
    const char *const bytes = text.data();
    std::size_t i = std::max(from, resume);
    // A sign is never all of a secret, so the last bytes need no look of their own.
    while (i + 4 <= text.size()) {
        if (i + sizeof(std::uint64_t) <= text.size() && !table.anyAt(bytes + i)) {
            i += SignTable::kStride;
            continue;
        }
        const std::size_t stop = std::min(i + SignTable::kStride, text.size() - 3);
        for (; i < stop; ++i) {
            const std::uint8_t first = table.at(bytes + i);
            if (first == 0)
                continue;
            const Found found = table.read(first, Surroundings{text, from, i});
            if (found && found->begin >= from && found->end > found->begin && !isInMark(text, found->begin))
                return FoundSecret{found->begin, found->end, found->kind, i + 1};
        }
    }
    return std::nullopt;
}

} // namespace mulligan::ingest
