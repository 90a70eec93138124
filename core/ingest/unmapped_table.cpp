#include "ingest/unmapped_table.hpp"

#include "ingest/mapping_proposal.hpp"

#include <algorithm>

namespace mulligan::ingest
{

std::string unmappedTable(std::string_view path, std::string_view head)
{
    // What looks like a table by chance, as prose with commas does, has neither times nor words for outcomes.
    constexpr std::size_t kEnough = 3;
    constexpr double kSure = 0.5;                // what was only put together from other columns is not recognised
    constexpr std::size_t kWholeHead = 1u << 16; // a shorter one is all there is
    const Proposal proposal = proposeMapping({std::string(head), head.size() >= kWholeHead}, path);
    const auto has = [&](Field field) { return proposal.mapping.find(field) != nullptr; };
    const bool history = has(Field::StartedAt) || has(Field::EndedAt) || has(Field::Outcome);
    if (!history || proposal.columns.size() < kEnough || proposal.rows == 0)
        return {};
    std::string out =
        "it is a table of " + std::to_string(proposal.columns.size()) + " columns under names of its own; recognised:";
    std::size_t told = 0;
    for (std::size_t i = 0; i < proposal.fields.size(); ++i) {
        const MappedField &field = proposal.mapping.fields[i];
        const auto columns = columnsOf(field);
        if (!columns.empty() && proposal.fields[i].certainty >= kSure)
            out += (told++ == 0 ? " " : ", ") + targetName(field) + " in '" + columns.front() + "'";
    }
    if (told == 0)
        out += " none";
    for (std::size_t i = 0; i < proposal.open.size(); ++i)
        out += (i == 0 ? "; not found: " : ", ") + std::string(name(proposal.open[i]));
    const std::string file(path == "-" ? std::string_view("FILE") : path);
    return out + ". Write a profile with 'mulligan map " + file + " --out profile.yaml', go over it, and import with "
           + "--map profile.yaml; in the window, choose 'Import with a mapping'";
}

} // namespace mulligan::ingest
