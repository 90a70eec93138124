#pragma once

#include "model/attempt.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mulligan::model
{

/// What `Metrics` holds, in a sixth of its memory: the values in one block beside a list of names that rows of equal
/// names share. A history keeps millions of them, most of which nobody asks for. Copies share both.
class MetricValues
{
public:
    MetricValues() = default;
    /// Its names are shared with nobody; `MetricNames` makes rows that share.
    MetricValues(const Metrics &metrics); // NOLINT: a row is what the metrics are

    [[nodiscard]] std::size_t size() const { return m_names ? m_names->size() : 0; }
    [[nodiscard]] bool empty() const { return size() == 0; }
    /// Absent: not collected. Cost O(log n).
    [[nodiscard]] std::optional<double> value(std::string_view name) const;
    [[nodiscard]] bool contains(std::string_view name) const { return value(name).has_value(); }
    [[nodiscard]] Metrics all() const;
    [[nodiscard]] bool sharesNamesWith(const MetricValues &other) const { return m_names == other.m_names; }

    [[nodiscard]] bool operator==(const MetricValues &other) const { return all() == other.all(); }

private:
    friend class MetricNames;
    using Names = std::vector<std::string>;
    MetricValues(std::shared_ptr<const Names> names, const Metrics &metrics);

    std::shared_ptr<const Names> m_names; ///< ascending; null: none
    std::shared_ptr<const double[]> m_values;
};

/// The lists of names met so far. Not thread-safe.
class MetricNames
{
public:
    /// The metrics as a row that shares its names with every row of the same names made here before.
    [[nodiscard]] MetricValues share(const Metrics &metrics);

private:
    std::map<MetricValues::Names, std::shared_ptr<const MetricValues::Names>> m_known;
};

} // namespace mulligan::model
