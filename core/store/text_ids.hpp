#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace mulligan::store
{

/// Row ids of texts met before, as a cache: it starts anew when it holds too many bytes.
class TextIds
{
public:
    [[nodiscard]] std::optional<std::int64_t> find(std::string_view text) const
    {
        const auto known = m_ids.find(text);
        return known != m_ids.end() ? std::optional(known->second) : std::nullopt;
    }
    void remember(std::string_view text, std::int64_t id)
    {
        if (m_bytes + text.size() > kMaxBytes) {
            m_ids.clear();
            m_bytes = 0;
        }
        m_bytes += text.size() + kEntryBytes;
        m_ids.emplace(text, id);
    }

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    static constexpr std::size_t kMaxBytes = 64u << 20;
    static constexpr std::size_t kEntryBytes = 80;
    std::unordered_map<std::string, std::int64_t, Hash, std::equal_to<>> m_ids;
    std::size_t m_bytes = 0;
};

} // namespace mulligan::store
