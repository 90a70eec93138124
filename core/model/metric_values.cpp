#include "model/metric_values.hpp"

#include <algorithm>

namespace mulligan::model
{

namespace
{

std::vector<std::string> namesOf(const Metrics &metrics)
{
    std::vector<std::string> names;
    names.reserve(metrics.size());
    for (const auto &[name, value] : metrics)
        names.push_back(name);
    return names;
}

} // namespace

MetricValues::MetricValues(const Metrics &metrics)
    : MetricValues(metrics.empty() ? nullptr : std::make_shared<const Names>(namesOf(metrics)), metrics)
{
}

MetricValues::MetricValues(std::shared_ptr<const Names> names, const Metrics &metrics) : m_names(std::move(names))
{
    if (!m_names)
        return;
    auto values = std::make_shared<double[]>(metrics.size());
    std::size_t at = 0;
    for (const auto &[name, value] : metrics)
        values[at++] = value;
    m_values = std::move(values);
}

std::optional<double> MetricValues::value(std::string_view name) const
{
    if (!m_names)
        return std::nullopt;
    const auto found = std::lower_bound(m_names->begin(), m_names->end(), name);
    if (found == m_names->end() || *found != name)
        return std::nullopt;
    return m_values[found - m_names->begin()];
}

Metrics MetricValues::all() const
{
    Metrics out;
    for (std::size_t i = 0; i < size(); ++i)
        out.emplace_hint(out.end(), (*m_names)[i], m_values[static_cast<std::ptrdiff_t>(i)]);
    return out;
}

MetricValues MetricNames::share(const Metrics &metrics)
{
    if (metrics.empty())
        return {};
    auto &names = m_known[namesOf(metrics)];
    if (!names)
        names = std::make_shared<const MetricValues::Names>(namesOf(metrics));
    return {names, metrics};
}

} // namespace mulligan::model
