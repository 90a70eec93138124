#include "text/automaton.hpp"

#include <algorithm>
#include <map>
#include <string>

namespace mulligan::text
{

namespace
{

constexpr std::size_t kMostSteps = 4096;
constexpr std::size_t kMostStates = 1024;
constexpr std::size_t kMostCells = 0xfffe; ///< of the table: rows are numbered in sixteen bits
constexpr std::size_t kCacheLine = 64;
constexpr std::size_t kFetched = 2048; ///< bytes of the table ahead of a search: states that follow one another lie so
constexpr int kMostRounds = 8;         ///< of forgetting all states: a pattern that needs more is not worth it
constexpr int kMostCopies = 24;        ///< of what is repeated
constexpr std::size_t kMostAhead = 8;  ///< bytes of a match's begin that are looked at before it is tried
constexpr std::size_t kLongSearch = 512; ///< bytes; in fewer there is little to be skipped
constexpr double kWorthSkipping = 2.0;   ///< bytes at a look, below which it takes longer than a step for each

/// The set and, of its letters, those of the other case.
ByteSet foldCase(const ByteSet &bytes)
{
    ByteSet folded = bytes;
    for (unsigned lower = 'a'; lower <= 'z'; ++lower) {
        const unsigned upper = lower - 'a' + 'A';
        if (bytes.test(lower) || bytes.test(upper))
            folded.set(lower).set(upper);
    }
    return folded;
}

/// FNV-1a.
std::uint32_t hashOf(std::span<const std::uint16_t> places)
{
    std::uint32_t hash = 2166136261U;
    for (const std::uint16_t place : places)
        hash = (hash ^ place) * 16777619U;
    return hash;
}

} // namespace

Automaton::Automaton(const PatternSyntax &syntax, bool caseless)
    : m_usable(syntax.understood), m_anchored(syntax.anchored), m_caseless(caseless || syntax.caseFlag)
{
    if (!m_usable)
        return;
    const Number found = add({Act::Found, 0, 0});
    m_entry = emit(syntax.root, found);
    m_steps.shrink_to_fit();
    m_sets.shrink_to_fit();
    groupBytes();
    m_seen.assign(m_steps.size(), 0);
    forget();
}

Automaton::Number Automaton::add(const Step &step)
{
    if (m_steps.size() >= kMostSteps) {
        m_usable = false;
        return 0;
    }
    m_steps.push_back(step);
    return static_cast<Number>(m_steps.size() - 1);
}

Automaton::Number Automaton::addSet(const ByteSet &bytes, Number next)
{
    const ByteSet taken = m_caseless ? foldCase(bytes) : bytes;
    const auto known = std::find(m_sets.begin(), m_sets.end(), taken);
    const auto set = static_cast<Number>(known - m_sets.begin());
    if (known == m_sets.end())
        m_sets.push_back(taken);
    return add({Act::Take, next, set});
}

/// The first step of a node that goes on with `next`.
Automaton::Number Automaton::emit(const PatternNode &node, Number next)
{
    if (!m_usable)
        return next;
    switch (node.kind) {
    case PatternNode::Kind::Set: return addSet(node.bytes, next);
    case PatternNode::Kind::Repeat: return emitRepeat(node, next);
    case PatternNode::Kind::Alternation: {
        Number entry = emit(node.children.back(), next);
        for (std::size_t i = node.children.size() - 1; i-- > 0;) {
            const Number branch = emit(node.children[i], next);
            entry = add({Act::Split, branch, entry});
        }
        return entry;
    }
    case PatternNode::Kind::Group:
    case PatternNode::Kind::Sequence:
        for (auto child = node.children.rbegin(); child != node.children.rend(); ++child)
            next = emit(*child, next);
        return next;
    case PatternNode::Kind::Assertion: return node.name == "\\A" ? add({Act::AtBegin, next, 0}) : next;
    case PatternNode::Kind::Opaque: break;
    }
    return next; // takes no bytes
}

Automaton::Number Automaton::emitRepeat(const PatternNode &node, Number next)
{
    const PatternNode &inner = node.children.front();
    // With fewer copies than the pattern asks for, any number of further ones is let through.
    if (node.most < 0 || node.most - node.least > kMostCopies || node.least > kMostCopies) {
        const Number loop = add({Act::Split, next, next});
        const Number body = emit(inner, loop);
        if (m_usable)
            m_steps[loop].next = body;
        next = loop;
    } else {
        const Number end = next;
        for (int i = node.least; i < node.most; ++i) {
            const Number body = emit(inner, next);
            next = add({Act::Split, body, end});
        }
    }
    for (int i = 0; i < std::min(node.least, kMostCopies); ++i)
        next = emit(inner, next);
    return next;
}

void Automaton::groupBytes()
{
    std::map<std::string, std::uint8_t> groups;
    for (std::size_t byte = 0; byte < 256; ++byte) {
        std::string in;
        for (const ByteSet &set : m_sets)
            in += set.test(byte) ? '1' : '0';
        const auto [group, fresh] = groups.emplace(std::move(in), static_cast<std::uint8_t>(groups.size()));
        m_groupOf[byte] = group->second;
        if (fresh)
            m_examples.push_back(byte);
    }
}

bool Automaton::reach(Number from, bool atBegin, Places &places)
{
    bool found = false;
    Places open = {from};
    while (!open.empty()) {
        const Number at = open.back();
        open.pop_back();
        if (m_seen[at] == m_turn)
            continue;
        m_seen[at] = m_turn;
        const Step &step = m_steps[at];
        switch (step.act) {
        case Act::Take: places.push_back(at); break;
        case Act::Found: found = true; break;
        case Act::AtBegin:
            if (atBegin)
                open.push_back(step.next);
            break;
        case Act::Split:
            open.push_back(step.next);
            open.push_back(step.other);
            break;
        }
    }
    return found;
}

Automaton::Number Automaton::stateOf(Places places)
{
    if (places.empty())
        return kDead;
    std::sort(places.begin(), places.end());
    const std::uint32_t hash = hashOf(places);
    for (std::size_t state = 0; state < m_hashes.size(); ++state)
        if (m_hashes[state] == hash && std::ranges::equal(placesOf(state), places))
            return static_cast<Number>(state * m_examples.size());
    const auto row = static_cast<Number>(m_table.size());
    m_places.insert(m_places.end(), places.begin(), places.end());
    m_ends.push_back(static_cast<std::uint32_t>(m_places.size()));
    m_hashes.push_back(hash);
    m_table.resize(m_table.size() + m_examples.size(), kUnknown);
    m_full = m_ends.size() >= kMostStates || m_table.size() + m_examples.size() > kMostCells;
    return row;
}

std::span<const Automaton::Number> Automaton::placesOf(std::size_t state) const
{
    const std::size_t begin = state == 0 ? 0 : m_ends[state - 1];
    return std::span(m_places).subspan(begin, m_ends[state] - begin);
}

Automaton::Number Automaton::startState(bool atBegin)
{
    ++m_turn;
    Places places;
    return reach(m_entry, atBegin, places) ? m_found : stateOf(std::move(places));
}

/// The state after a byte of a group. A match may begin at every byte, so the start's places are always among them.
Automaton::Number Automaton::step(Number state, std::size_t group)
{
    ++m_turn;
    Places places;
    bool found = false;
    for (const Number at : placesOf(state / m_examples.size()))
        if (m_sets[m_steps[at].other].test(m_examples[group]))
            found = reach(m_steps[at].next, false, places) || found;
    if (!m_anchored)
        found = reach(m_entry, false, places) || found;
    const Number next = found ? m_found : stateOf(std::move(places));
    m_table[state + group] = next;
    return next;
}

void Automaton::forget()
{
    m_usable = m_usable && m_rounds++ < kMostRounds;
    m_full = false;
    m_places.clear();
    m_ends.assign(2, 0);
    m_hashes.assign(2, 0);
    m_found = static_cast<Number>(m_examples.size());
    m_table.assign(2 * m_examples.size(), kDead);
    if (!m_usable)
        return;
    m_start = startState(false); // before all others, so that a search tells it from them by its size
    m_startAtBegin = startState(true);
    for (std::size_t group = 0; group < m_examples.size() && m_start > m_found && !m_full; ++group)
        (void)step(m_start, group);
}

/// Sorts out which bytes may stand at each of a match's first places, and how far a match's begin can be moved on where
/// another one does (Horspool's search, for sets of bytes).
void Automaton::findSkips()
{
    m_knowsSkips = true;
    const std::size_t groups = m_examples.size();
    std::vector<std::vector<bool>> may; // by place and group
    ++m_turn;
    Places places;
    bool found = reach(m_entry, false, places);
    while (!found && !places.empty() && may.size() < kMostAhead) {
        std::vector<bool> &here = may.emplace_back(groups);
        Places next;
        ++m_turn;
        for (const Number at : places) {
            for (std::size_t group = 0; group < groups; ++group)
                here[group] = here[group] || m_sets[m_steps[at].other].test(m_examples[group]);
            found = reach(m_steps[at].next, false, next) || found;
        }
        places = std::move(next);
    }
    for (std::size_t place = 0; place < may.size(); ++place)
        for (std::size_t group = 0; group < groups; ++group) {
            std::size_t skip = 0;
            while (skip <= place && !may[place - skip][group])
                ++skip;
            m_skips.push_back(static_cast<std::uint8_t>(skip));
        }
    // The place that is looked at first decides how much is skipped; of printable bytes, since logs are full of those.
    double most = kWorthSkipping;
    for (std::size_t place = 1; place < may.size(); ++place) {
        double all = 0.0;
        for (std::size_t byte = ' '; byte <= '~'; ++byte)
            all += m_skips[place * groups + m_groupOf[byte]];
        if (all / ('~' - ' ' + 1) > most) {
            most = all / ('~' - ' ' + 1);
            m_ahead = place + 1;
        }
    }
    for (std::size_t byte = 0; m_ahead > 0 && byte < 256; ++byte)
        m_lastSkips.push_back(m_skips[(m_ahead - 1) * groups + m_groupOf[byte]]);
}

/// The first place from `at` on where a match may begin; `last` where there is none.
const unsigned char *Automaton::nextBegin(const unsigned char *at, const unsigned char *last) const
{
    const std::size_t groups = m_examples.size();
    const std::size_t ahead = m_ahead;
    const std::uint8_t *lastSkips = m_lastSkips.data();
    // Four looks that need not wait for each other: where each finds a byte that no match begins with, all is skipped.
    const auto skipsFour = [&] {
        return static_cast<std::size_t>(lastSkips[at[ahead - 1]] + lastSkips[at[2 * ahead - 1]]
                                        + lastSkips[at[3 * ahead - 1]] + lastSkips[at[4 * ahead - 1]])
               == 4 * ahead;
    };
    while (static_cast<std::size_t>(last - at) >= ahead) {
        if (static_cast<std::size_t>(last - at) >= 4 * ahead && skipsFour()) {
            at += 4 * ahead;
            continue;
        }
        std::size_t skip = lastSkips[at[ahead - 1]];
        for (std::size_t place = ahead - 1; place-- > 0 && skip == 0;)
            skip = m_skips[place * groups + m_groupOf[at[place]]];
        if (skip == 0)
            return at;
        at += skip;
    }
    return last;
}

bool Automaton::mayMatch(std::string_view text, std::size_t begin, std::size_t end)
{
    if (m_full)
        forget();
    if (!m_usable)
        return true;
    if (!m_knowsSkips && end - begin >= kLongSearch)
        findSkips();
    const auto *at = reinterpret_cast<const unsigned char *>(text.data()) + begin;
    const auto *last = reinterpret_cast<const unsigned char *>(text.data()) + end;
    const Number start = m_start;
    const Number found = m_found;
    const Number *table = m_table.data();
    Number state = begin == 0 ? m_startAtBegin : start;
    while (state > found) {
        if (state == start && m_ahead > 0)
            at = nextBegin(at, last);
        else if (state == start) // most bytes lead back to it, and no step has to wait for the one before
            while (at != last && table[start + m_groupOf[*at]] == start)
                ++at;
        if (at == last)
            return false;
        const std::size_t group = m_groupOf[*at++];
        Number next = table[state + group];
        if (next == kUnknown) {
            if (m_full)
                return true;
            next = step(state, group);
            table = m_table.data();
        }
        state = next;
    }
    return state == found;
}

void Automaton::fetch() const
{
    const auto *const own = reinterpret_cast<const char *>(this);
    const auto *const behind = reinterpret_cast<const char *>(m_groupOf.data() + m_groupOf.size());
    for (const char *at = own; at < behind; at += kCacheLine)
        __builtin_prefetch(at);
}

void Automaton::fetchTable() const
{
    if (!m_usable)
        return;
    const auto *const begin = reinterpret_cast<const char *>(m_table.data() + m_start);
    const std::size_t size = (m_table.size() - m_start) * sizeof(Number);
    for (std::size_t at = 0; at < std::min(size, kFetched); at += kCacheLine)
        __builtin_prefetch(begin + at);
}

std::size_t Automaton::bytes() const
{
    return sizeof(*this) + m_steps.capacity() * sizeof(Step) + m_sets.capacity() * sizeof(ByteSet)
           + m_examples.capacity() * sizeof(std::size_t) + (m_table.capacity() + m_places.capacity()) * sizeof(Number)
           + (m_ends.capacity() + m_hashes.capacity() + m_seen.capacity()) * sizeof(std::uint32_t) + m_skips.capacity()
           + m_lastSkips.capacity();
}

} // namespace mulligan::text
