#include "evaluate/truth_table.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mulligan::evaluate
{

namespace
{

double distance(const Knobs &a, const Knobs &b)
{
    double sum = 0.0;
    for (std::size_t i = 0; i < a.memory.size(); ++i)
        sum += std::abs(std::log((a.memory[i] + 1.0) / (b.memory[i] + 1.0)));
    return sum;
}

} // namespace

bool covers(const Knobs &a, const Knobs &b)
{
    if (a.memory.size() != b.memory.size() || a.other != b.other || a.rest != b.rest)
        return false;
    return std::equal(a.memory.begin(), a.memory.end(), b.memory.begin(), std::greater_equal<>());
}

TruthTable TruthTable::build(const std::vector<TruthRow> &rows, const TruthRules &rules)
{
    TruthTable out;
    out.m_rules = rules;
    out.m_rows = rows.size();
    for (const TruthRow &row : rows) {
        const auto [place, isNew] = out.m_index[row.job].try_emplace(row.variant, out.m_variants.size());
        if (isNew)
            out.m_variants.push_back({row.job, {}});
        Variant &variant = out.m_variants[place->second];
        Knobs knobs = rules.knobs(row.config, row.job);
        auto cell = std::find_if(variant.cells.begin(), variant.cells.end(),
                                 [&](const Cell &known) { return known.knobs == knobs; });
        if (cell == variant.cells.end())
            cell = variant.cells.insert(cell, {std::move(knobs), rules.hourlyRate(row.config, row.job), 0.0, {}});
        const bool succeeded = row.outcome == model::Outcome::Succeeded;
        cell->repeats += 1.0;
        cell->answer.success += succeeded ? 1.0 : 0.0;
        (succeeded ? cell->answer.costSuccess : cell->answer.costFail) += rules.price(row);
    }
    for (Variant &variant : out.m_variants)
        for (Cell &cell : variant.cells) {
            const double successes = cell.answer.success;
            cell.answer.basis = Basis::Measured;
            cell.answer.success = successes / cell.repeats;
            cell.answer.costSuccess /= std::max(1.0, successes);
            cell.answer.costFail /= std::max(1.0, cell.repeats - successes);
        }
    return out;
}

std::size_t TruthTable::cellCount() const
{
    std::size_t count = 0;
    for (const Variant &variant : m_variants)
        count += variant.cells.size();
    return count;
}

std::optional<std::size_t> TruthTable::variantOf(std::string_view job, std::string_view run, int attempt) const
{
    const auto variants = m_index.find(job);
    if (variants == m_index.end())
        return std::nullopt;
    const auto named = [&](std::string_view name) -> std::optional<std::size_t> {
        const auto it = variants->second.find(name);
        return it == variants->second.end() ? std::nullopt : std::optional(it->second);
    };
    for (int n = attempt; n > 0; --n)
        if (const auto found = named(std::string(run) + "/" + std::to_string(n)))
            return found;
    if (const auto found = named(run))
        return found;
    const std::size_t slash = run.rfind('/');
    if (slash != std::string_view::npos)
        if (const auto found = named(run.substr(slash + 1)))
            return found;
    const bool only = variants->second.size() == 1;
    if (only && variants->second.begin()->first.find('/') == std::string::npos)
        return variants->second.begin()->second;
    return std::nullopt;
}

const TruthTable::Cell *TruthTable::nearest(const Variant &variant, const Knobs &knobs, double success) const
{
    const Cell *found = nullptr;
    for (const Cell &cell : variant.cells) {
        const bool comparable = covers(knobs, cell.knobs) || covers(cell.knobs, knobs);
        if (!comparable || cell.answer.success != success)
            continue;
        if (found == nullptr || distance(cell.knobs, knobs) < distance(found->knobs, knobs))
            found = &cell;
    }
    return found;
}

Answer TruthTable::answer(std::size_t index, const model::Config &config) const
{
    const Variant &variant = m_variants[index];
    const Knobs knobs = m_rules.knobs(config, variant.job);
    double least = 0.0;
    double most = 1.0;
    for (const Cell &cell : variant.cells) {
        if (cell.knobs == knobs)
            return cell.answer;
        if (covers(knobs, cell.knobs))
            least = std::max(least, cell.answer.success);
        if (covers(cell.knobs, knobs))
            most = std::min(most, cell.answer.success);
    }
    if (least < most)
        return {};
    // Repeats are few, so the bounds may cross: then the cell nearest to it says more than either.
    const Cell *below = nearest(variant, knobs, least);
    const Cell *above = nearest(variant, knobs, most);
    const Cell *like = below == nullptr ? above : below;
    if (below != nullptr && above != nullptr && distance(above->knobs, knobs) < distance(below->knobs, knobs))
        like = above;
    if (like == nullptr)
        return {};
    const double rate = m_rules.hourlyRate(config, variant.job);
    const double ratio = rate > 0.0 && like->rate > 0.0 ? rate / like->rate : 1.0;
    return {Basis::Dominance, like->answer.success, like->answer.costFail * ratio, like->answer.costSuccess * ratio};
}

} // namespace mulligan::evaluate
