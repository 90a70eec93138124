#include "report/text.hpp"

#include "base/money.hpp"
#include "report/tables.hpp"

#include <algorithm>
#include <cmath>

namespace mulligan::report
{

namespace
{

constexpr size_t kWidth = 80;
constexpr size_t kMostGroups = 12;

/// Columns a text takes on a terminal: code points, since nothing wider is written here.
size_t columns(std::string_view text)
{
    return static_cast<size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string left(std::string text, size_t width)
{
    while (columns(text) > width) {
        // A code point is taken off whole.
        do {
            const bool continues = (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80;
            text.pop_back();
            if (!continues)
                break;
        } while (!text.empty());
    }
    return text + std::string(width - columns(text), ' ');
}

std::string right(const std::string &text, size_t width)
{
    const size_t taken = columns(text);
    return taken >= width ? text : std::string(width - taken, ' ') + text;
}

class Page
{
public:
    Page(const model::SavingsReport &report, bool colour) : m_report(report), m_colour(colour) {}

    std::string run()
    {
        title();
        parts();
        provenance();
        kpis();
        groups();
        shares();
        notes();
        return std::move(m_out);
    }

private:
    [[nodiscard]] std::string paint(const std::string &text, const char *code) const
    {
        return m_colour ? "\033[" + std::string(code) + "m" + text + "\033[0m" : text;
    }
    /// Green for money saved, red for money lost.
    [[nodiscard]] std::string signedPaint(const std::string &text, double value) const
    {
        return value == 0.0 ? text : paint(text, value > 0.0 ? "32" : "31");
    }
    void line(const std::string &text = {}) { m_out += text.substr(0, text.find_last_not_of(' ') + 1) + "\n"; }
    void section(const std::string &text) { m_out += "\n" + paint(text, "1") + "\n"; }

    void wrapped(const std::string &text, const std::string &first, const std::string &indent)
    {
        std::string current = first;
        for (size_t begin = 0; begin < text.size();) {
            const size_t end = std::min(text.find(' ', begin), text.size());
            const std::string word = text.substr(begin, end - begin);
            const bool fresh = columns(current) <= indent.size();
            if (!fresh && columns(current) + 1 + columns(word) > kWidth) {
                line(current);
                current = indent;
                current += word;
            } else {
                current += fresh || current.back() == ' ' ? word : " " + word;
            }
            begin = end + 1;
        }
        line(current);
    }

    void title()
    {
        const model::Savings &s = m_report.savings;
        const double net = netAmount(s);
        line(
            paint("Savings rehearsed on history: " + m_report.policyName + ", version " + m_report.policyVersion, "1"));
        line(base::formatDate(m_report.from) + " to " + base::formatDate(m_report.to) + ", "
             + formatCount(static_cast<double>(m_report.jobs)) + " jobs with failures, "
             + formatCount(m_report.history.episodes.value) + " episodes");
        line();
        const std::string caution = m_report.modelFallback ? "   " + paint("WITHOUT A MODEL", "1;33") : std::string();
        line("Net savings    " + paint(signedPaint(base::formatMoney(net) + " " + m_report.currency, net), "1")
             + caution);
        const std::string interval = formatInterval(s.net.low, s.net.high, "usd", m_report.currency);
        line("95 % interval  " + (interval.empty() ? std::string("too little data to state one") : interval));
        line("Per 30 days    " + base::formatMoney(s.netPer30Days.value) + " " + m_report.currency);
        line();
        if (m_report.modelFallback) {
            wrapped(m_report.modelCaveat, "", "");
            line();
        }
        wrapped(headline(m_report, m_report.currency), "", "");
        wrapped(trustSentence(m_report), "", "");
    }

    void partLine(const std::string &label, double amount, const std::string &interval)
    {
        line("  " + left(label, 30) + signedPaint(right(base::formatMoney(amount), 16), amount) + right(interval, 30));
    }

    void parts()
    {
        section(left("What net savings are made of", 32) + right(m_report.currency, 16) + right("95 % interval", 30));
        for (const PartRow &row : partRows(m_report.savings))
            partLine(std::string(row.title), row.amount, formatInterval(row.low, row.high, "usd", m_report.currency));
        line("  " + std::string(46, '-'));
        const model::Figure &net = m_report.savings.net;
        partLine("Net savings", netAmount(m_report.savings),
                 formatInterval(net.low, net.high, "usd", m_report.currency));
        if (m_report.unsupportedNet != 0.0)
            wrapped("Unsupported recommendations would add " + base::formatMoney(m_report.unsupportedNet) + " "
                        + m_report.currency + "; history holds nothing like them, so they are not counted.",
                    "  ", "  ");
    }

    void provenance()
    {
        section(left("How far net savings can be trusted", 36) + right("decisions", 9)
                + right("moved, " + m_report.currency, 15) + right("share", 13));
        for (const ProvenanceRow &row : provenanceRows(m_report)) {
            const bool counted = row.provenance != model::Provenance::Unsupported;
            line("  " + left(std::string(row.title), 14)
                 + left(std::string(static_cast<size_t>(std::lround(row.share * 18.0)), '#'), 18)
                 + right(formatCount(static_cast<double>(row.count)), 11)
                 + right(base::formatMoney(row.contribution), 15)
                 + right(counted ? formatShare(row.share) : "not counted", 13));
        }
        line();
        for (const ProvenanceRow &row : provenanceRows(m_report))
            line("  " + left(std::string(row.title) + ":", 13) + std::string(row.meaning));
    }

    void kpis()
    {
        section(left("Both worlds", 32) + right("history", 16) + right("policy", 16) + right("change", 16));
        for (const KpiRow &row : kpiRows(m_report)) {
            const model::Figure &h = *row.history;
            const model::Figure &p = *row.policy;
            const double delta = p.value - h.value;
            std::string change;
            if (!row.sameInBoth && h.value != 0.0 && h.unit != "share")
                change = (delta > 0.0 ? "+" : "") + formatShare(delta / std::abs(h.value));
            else if (!row.sameInBoth && h.unit == "share")
                change = (delta > 0.0 ? "+" : "") + formatCount(std::round(delta * 1000.0) / 10.0) + " points";
            const double good = row.better == Better::Lower ? -delta : row.better == Better::Higher ? delta : 0.0;
            line("  " + left(std::string(row.title), 30) + right(plain(h), 16)
                 + right(row.sameInBoth ? "" : plain(p), 16) + signedPaint(right(change, 16), good));
        }
        wrapped(std::string(kLetters), "  ", "  ");
    }

    [[nodiscard]] std::string plain(const model::Figure &figure) const
    {
        return formatValue(figure.value, figure.unit, m_report.currency);
    }

    void groups()
    {
        if (m_report.groups.empty())
            return;
        const bool byTime = m_report.groupedBy == "week";
        const GroupTable table = groupTable(m_report.groups, kMostGroups, byTime);
        section(left("By " + m_report.groupedBy, 32) + right("episodes", 10) + right("history", 12)
                + right("policy", 12) + right("net", 14));
        const auto row = [this](const model::SavingsGroup &g) {
            line("  " + left(g.key.empty() ? "(none)" : g.key, 29) + " "
                 + right(formatCount(static_cast<double>(g.episodes)), 10) + right(base::formatMoney(g.historyCost), 12)
                 + right(base::formatMoney(g.policyCost), 12)
                 + signedPaint(right(base::formatMoney(g.net.value), 14), g.net.value));
        };
        for (const auto &group : table.rows)
            row(group);
        line("  " + std::string(78, '-'));
        row(table.total);
    }

    void shares()
    {
        section("As shares");
        for (const ShareRow &row : shareRows(m_report.savings)) {
            const model::Figure &f = *row.figure;
            const std::string interval = formatInterval(f.low, f.high, f.unit, m_report.currency);
            line("  " + left(std::string(row.title), 36) + right(formatShare(f.value), 9)
                 + (interval.empty() ? "" : "   (" + interval + ")"));
            if (!f.denominator.empty())
                line("    of " + f.denominator);
        }
    }

    void notes()
    {
        section("Read this with it");
        for (const auto &note : m_report.notes)
            wrapped(note, "  - ", "    ");
        wrapped("Model " + (m_report.modelId.empty() ? std::string("none") : m_report.modelId) + ", economics "
                    + m_report.economicsHash + ".",
                "  - ", "    ");
    }

    const model::SavingsReport &m_report;
    bool m_colour;
    std::string m_out;
};

} // namespace

std::string toText(const model::SavingsReport &report, bool colour)
{
    return Page(report, colour).run();
}

} // namespace mulligan::report
