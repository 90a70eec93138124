#include "report/report.hpp"

#include "base/money.hpp"
#include "formats/csv.hpp"
#include "report/tables.hpp"

#include <charconv>

namespace mulligan::report
{

namespace
{

class Csv
{
public:
    std::string run(const ReportInput &input)
    {
        m_out = "section,key,value,low,high,unit\n";
        const model::SavingsReport &r = input.savings;
        savings(r.savings, input.currency);
        kpis(r, input.currency);
        for (const ProvenanceRow &row : provenanceRows(r)) {
            const std::string key(model::name(row.provenance));
            add("provenance", key + ".count", std::to_string(row.count), {}, {}, "count");
            add("provenance", key + ".contribution", money(row.contribution), {}, {}, input.currency);
        }
        groups(r.groupedBy, groupTable(r.groups, r.groups.size(), true), input.currency);
        groups("month", groupTable(r.months, r.months.size(), true), input.currency);
        for (const auto &note : r.notes)
            add("notes", "note", note, {}, {}, {});
        about(input);
        return std::move(m_out);
    }

private:
    static std::string number(double value)
    {
        char buffer[32];
        const auto end = std::to_chars(buffer, buffer + sizeof buffer, value);
        return {buffer, end.ptr};
    }
    static std::string money(double value) { return number(base::roundToCents(value)); }
    static std::string money(const std::optional<double> &value) { return value ? money(*value) : std::string(); }

    void add(std::string_view section, std::string_view key, std::string_view value, std::string_view low,
             std::string_view high, std::string_view unit)
    {
        bool first = true;
        for (const std::string_view field : {section, key, value, low, high, unit}) {
            if (!first)
                m_out += ',';
            first = false;
            // A spreadsheet runs what begins like a formula, and names come from other people's data.
            const bool formula = !field.empty()
                                 && std::string_view("=+-@\t\r").find(field.front()) != std::string_view::npos
                                 && field.find_first_not_of("+-0123456789.eE") != std::string_view::npos;
            formats::appendCsvField(m_out, formula ? "'" + std::string(field) : std::string(field));
        }
        m_out += '\n';
    }

    void figure(std::string_view section, std::string_view key, const model::Figure &f, const std::string &currency)
    {
        const bool isMoney = f.unit == "usd";
        const auto text = [&](const std::optional<double> &value) {
            return !value ? std::string() : isMoney ? money(*value) : number(*value);
        };
        add(section, key, text(f.value), text(f.low), text(f.high), isMoney ? currency : f.unit);
    }

    void savings(const model::Savings &s, const std::string &currency)
    {
        add("savings", "net", money(netAmount(s)), money(s.net.low), money(s.net.high), currency);
        for (const PartRow &row : partRows(s)) {
            const std::string_view key = row.key.substr(0, row.key.size() - std::string_view("_usd").size());
            add("savings", key, money(row.amount), money(row.low), money(row.high), currency);
        }
        for (const ShareRow &row : shareRows(s))
            figure("savings", row.key, *row.figure, currency);
        figure("savings", "net_per_30_days", s.netPer30Days, currency);
    }

    void kpis(const model::SavingsReport &r, const std::string &currency)
    {
        for (const KpiRow &row : kpiRows(r))
            figure("history", row.key, *row.history, currency);
        for (const KpiRow &row : kpiRows(r))
            figure("policy", row.key, *row.policy, currency);
        add("policy", "unsupported_net", money(r.unsupportedNet), {}, {}, currency);
    }

    void groups(const std::string &section, const GroupTable &table, const std::string &currency)
    {
        for (const auto &g : table.rows) {
            const std::string name = g.key.empty() ? "(none)" : g.key;
            add(section, name + ".episodes", std::to_string(g.episodes), {}, {}, "count");
            add(section, name + ".history_cost", money(g.historyCost), {}, {}, currency);
            add(section, name + ".policy_cost", money(g.policyCost), {}, {}, currency);
            add(section, name + ".net", money(g.net.value), money(g.net.low), money(g.net.high), currency);
        }
    }

    void about(const ReportInput &input)
    {
        const model::SavingsReport &r = input.savings;
        add("about", "workspace", input.workspace, {}, {}, {});
        add("about", "generated_at", base::formatInstant(input.generatedAt), {}, {}, {});
        add("about", "from", base::formatInstant(r.from), {}, {}, {});
        add("about", "to", base::formatInstant(r.to), {}, {}, {});
        add("about", "policy", r.policyName, {}, {}, {});
        add("about", "policy_version", r.policyVersion, {}, {}, {});
        add("about", "economics_hash", r.economicsHash, {}, {}, {});
        add("about", "model", r.modelId, {}, {}, {});
        if (r.modelFallback)
            add("about", "model_caveat", r.modelCaveat, {}, {}, {});
        for (const auto &[key, value] : input.policy)
            add("policy_settings", key, value, {}, {}, {});
        for (const auto &[key, value] : input.economics)
            add("economics", key, value, {}, {}, {});
    }

    std::string m_out;
};

} // namespace

std::string toCsv(const ReportInput &input)
{
    return Csv().run(input);
}

} // namespace mulligan::report
