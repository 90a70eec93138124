#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::text
{

/// The capturing groups of a pattern while it is walked: their names for another engine, and which of them certainly
/// took part where they are referred to.
class TranslatedGroups
{
public:
    /// Numbers (1-based) of groups begin where they open. `own` is what the engine calls it, "" for a numbered one.
    std::size_t open(std::string name, std::string own);
    void close(std::size_t number, bool optional);
    /// The alternatives of a group, or of the pattern, begin and end; each is passed one by one.
    void enter() { m_scopes.push_back(++m_lastScope); }
    void nextAlternative() { m_scopes.back() = ++m_lastScope; }
    void leave() { m_scopes.pop_back(); }

    /// The name, with a number behind it where another group has it already.
    [[nodiscard]] std::string freeName(const std::string &wanted) const;
    /// The first group of a name.
    [[nodiscard]] std::optional<std::size_t> numberOf(std::string_view name) const;
    [[nodiscard]] const std::string &ownName(std::size_t number) const { return m_groups[number - 1].own; }
    /// Whether a group has matched something wherever the walk now is: it is closed, not optional, and stands in an
    /// alternative that the place at hand lies in too.
    [[nodiscard]] bool tookPart(std::size_t number) const;

private:
    struct Group {
        std::string name;
        std::string own;
        int scope = 0; ///< the alternative it stands in
        bool closed = false;
        bool optional = false;
    };
    std::vector<Group> m_groups;
    std::vector<int> m_scopes{0}; ///< the alternatives that the place at hand lies in, from the outside in
    int m_lastScope = 0;
};

} // namespace mulligan::text
