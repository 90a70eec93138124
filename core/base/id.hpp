#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace mulligan::base
{

/// A row id that cannot be mixed up with one of another table. 0 means "none".
template <typename Tag> struct Id {
    std::int64_t value = 0;

    auto operator<=>(const Id &) const = default;
    explicit operator bool() const { return value != 0; }
};

} // namespace mulligan::base

template <typename Tag> struct std::hash<mulligan::base::Id<Tag>> {
    size_t operator()(const mulligan::base::Id<Tag> &id) const noexcept { return std::hash<std::int64_t>{}(id.value); }
};
