#pragma once

#include "ingest/field_synonyms.hpp"
#include "ingest/mapping_proposal.hpp"

#include <optional>
#include <string>
#include <vector>

namespace mulligan::ingest
{

/// Chooses a column for each field of a proposal whose columns are profiled.
class FieldChooser
{
public:
    /// The rows' values by column, empty where they mean nothing.
    using ColumnValues = std::vector<std::vector<std::string>>;
    FieldChooser(Proposal &proposal, const ColumnValues &values);
    /// Fills mapping.fields, fields and notes.
    void chooseAll();

private:
    struct Choice {
        std::size_t column = 0;
        double certainty = 0.0;
    };
    [[nodiscard]] std::optional<Choice> best(Field field) const;
    [[nodiscard]] double nameScore(Field field, std::size_t column) const;
    [[nodiscard]] double valueScore(Field field, const ColumnProfile &column) const;
    [[nodiscard]] std::optional<std::size_t> columnCalled(std::string_view plain) const;
    [[nodiscard]] std::optional<MappedField> bySystem(Field field, const KnownSystem &system) const;

    void choose(Field field);
    void chooseEnd();
    void chooseAnyTime(Field field);
    void chooseRun();
    void chooseOutcome();
    void chooseMembers();
    void add(MappedField field, double certainty, std::string why);
    void noteOddValues(const MappedField &field);
    void addTimeFormat(MappedField &field, const ColumnProfile &column);
    void addAmountUnit(MappedField &field, const ColumnProfile &column) const;
    [[nodiscard]] bool addTriggerValues(MappedField &field, const ColumnProfile &column) const;
    void addOutcomeValues(MappedField &field, const ColumnProfile &column);
    [[nodiscard]] std::string durationUnit(std::size_t column);
    /// The unit in which a column of numbers is what lies between the start and another time; empty: none.
    [[nodiscard]] std::string unitByOtherTimes(std::size_t column);
    [[nodiscard]] std::string guessedUnit(const ColumnProfile &column);

    Proposal &m_out;
    const ColumnValues &m_values;
    std::vector<std::string> m_plain;
    std::vector<bool> m_used;
    const KnownSystem *m_system = nullptr;
};

} // namespace mulligan::ingest
