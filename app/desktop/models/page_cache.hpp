#pragma once

#include <cstddef>
#include <list>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mulligan::desktop
{

/// The pages of a long table that were looked at last, by page number. The one not used for longest goes first.
template <typename Row> class PageCache
{
public:
    using Page = std::vector<Row>;

    explicit PageCache(size_t pages) : m_limit(pages) {}

    /// The page, now the one used last; null when it is not held.
    [[nodiscard]] const Page *find(int number)
    {
        const auto at = m_index.find(number);
        if (at == m_index.end())
            return nullptr;
        m_pages.splice(m_pages.begin(), m_pages, at->second);
        return &m_pages.front().second;
    }
    const Page &put(int number, Page page)
    {
        if (const auto at = m_index.find(number); at != m_index.end()) {
            m_pages.erase(at->second);
            m_index.erase(at);
        }
        m_pages.emplace_front(number, std::move(page));
        m_index[number] = m_pages.begin();
        if (m_pages.size() > m_limit) {
            m_index.erase(m_pages.back().first);
            m_pages.pop_back();
        }
        return m_pages.front().second;
    }
    void clear()
    {
        m_pages.clear();
        m_index.clear();
    }
    [[nodiscard]] size_t size() const { return m_pages.size(); }

private:
    size_t m_limit;
    std::list<std::pair<int, Page>> m_pages; ///< used last first
    std::unordered_map<int, typename std::list<std::pair<int, Page>>::iterator> m_index;
};

} // namespace mulligan::desktop
