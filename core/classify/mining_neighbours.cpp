#include "classify/mining_neighbours.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace mulligan::classify
{

namespace
{

/// Words of a template, sorted and each once. Names of classes and camel case stay whole; placeholders are left out.
std::vector<std::string> wordsOf(std::string_view text)
{
    std::vector<std::string> words;
    std::string word;
    const auto flush = [&] {
        if (word.size() > 1)
            words.push_back(word);
        word.clear();
    };
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char byte = text[at];
        if (byte == '<') {
            const std::size_t close = text.find('>', at);
            if (close != std::string_view::npos && close - at < 10) {
                flush();
                at = close;
                continue;
            }
        }
        const bool capital = byte >= 'A' && byte <= 'Z';
        const bool part = capital || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '_'
                          || static_cast<unsigned char>(byte) >= 0x80;
        if (part)
            word += capital ? static_cast<char>(byte - 'A' + 'a') : byte;
        else
            flush();
    }
    flush();
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    return words;
}

} // namespace

struct NeighbourIndex::State {
    std::unordered_map<std::string, std::uint32_t> numbers;
    std::vector<std::vector<std::uint32_t>> holders; ///< by word: texts, ascending
    std::vector<std::vector<std::uint32_t>> words;   ///< by text
    std::vector<double> lengths;                     ///< by text: of its vector

    [[nodiscard]] double weight(std::uint32_t word) const
    {
        const double texts = static_cast<double>(words.size());
        return std::log((1.0 + texts) / (1.0 + static_cast<double>(holders[word].size()))) + 1.0;
    }

    void add(std::string_view text)
    {
        const auto index = static_cast<std::uint32_t>(words.size());
        std::vector<std::uint32_t> &own = words.emplace_back();
        for (std::string &word : wordsOf(text)) {
            const auto [at, added] = numbers.try_emplace(std::move(word), static_cast<std::uint32_t>(holders.size()));
            if (added)
                holders.emplace_back();
            holders[at->second].push_back(index);
            own.push_back(at->second);
        }
    }

    [[nodiscard]] std::vector<Neighbour> near(const std::vector<std::uint32_t> &own, double length, std::size_t count,
                                              double least, std::uint32_t self) const
    {
        std::vector<double> products(words.size(), 0.0);
        for (const std::uint32_t word : own) {
            const double square = weight(word) * weight(word);
            for (const std::uint32_t text : holders[word])
                products[text] += square;
        }
        std::vector<Neighbour> found;
        for (std::uint32_t text = 0; text < products.size(); ++text) {
            if (text == self || products[text] <= 0.0)
                continue;
            const double similarity = std::min(1.0, products[text] / (length * lengths[text]));
            if (similarity >= least)
                found.push_back({text, similarity});
        }
        std::sort(found.begin(), found.end(), [](const Neighbour &a, const Neighbour &b) {
            return a.similarity != b.similarity ? a.similarity > b.similarity : a.index < b.index;
        });
        found.resize(std::min(found.size(), count));
        return found;
    }
};

NeighbourIndex::NeighbourIndex(const std::vector<std::string> &texts) : m_state(std::make_unique<State>())
{
    for (const std::string &text : texts)
        m_state->add(text);
    for (const auto &own : m_state->words) {
        double squares = 0.0;
        for (const std::uint32_t word : own)
            squares += m_state->weight(word) * m_state->weight(word);
        m_state->lengths.push_back(std::sqrt(squares));
    }
}
NeighbourIndex::~NeighbourIndex() = default;
NeighbourIndex::NeighbourIndex(NeighbourIndex &&) noexcept = default;
NeighbourIndex &NeighbourIndex::operator=(NeighbourIndex &&) noexcept = default;

std::vector<Neighbour> NeighbourIndex::of(std::uint32_t index, std::size_t count, double least) const
{
    return m_state->near(m_state->words[index], m_state->lengths[index], count, least, index);
}

std::vector<Neighbour> NeighbourIndex::like(std::string_view text, std::size_t count, double least) const
{
    std::vector<std::uint32_t> own;
    double squares = 0.0;
    const double unknown = std::log(1.0 + static_cast<double>(m_state->words.size())) + 1.0;
    for (const std::string &word : wordsOf(text)) {
        const auto known = m_state->numbers.find(word);
        const double weight = known != m_state->numbers.end() ? m_state->weight(known->second) : unknown;
        squares += weight * weight;
        if (known != m_state->numbers.end())
            own.push_back(known->second);
    }
    return m_state->near(own, std::sqrt(squares), count, least, 0xFFFFFFFF);
}

} // namespace mulligan::classify
