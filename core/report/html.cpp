#include "report/report.hpp"

#include "base/money.hpp"
#include "report/style.hpp"
#include "report/svg.hpp"
#include "report/tables.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace mulligan::report
{

namespace
{

constexpr size_t kMostGroups = 20;

std::string cell(std::string_view text, std::string_view kind = {})
{
    return (kind.empty() ? std::string("<td>") : "<td class=\"" + std::string(kind) + "\">") + figureText(text)
           + "</td>";
}

/// A name such as "memory_config.executor_heap", which may break where its words do.
std::string nameCell(std::string_view name)
{
    std::string out = "<td class=\"key\">";
    for (const char c : escaped(name.empty() ? "(none)" : name)) {
        out += c;
        if (c == '.' || c == '/')
            out += "<wbr>";
    }
    return out + "</td>";
}

std::string money(double amount)
{
    return base::formatMoney(amount);
}

/// A number cell in the colour of what it means for the budget.
std::string signedCell(double amount, const std::string &text)
{
    const char *kind = amount > 0.0 ? "num pos" : amount < 0.0 ? "num neg" : "num";
    return cell(text, kind);
}

std::string headCells(std::initializer_list<std::string> left, std::initializer_list<std::string> right)
{
    std::string out = "<thead><tr>";
    for (const auto &text : left)
        out += "<th>" + escaped(text) + "</th>";
    for (const auto &text : right)
        out += "<th class=\"num\">" + escaped(text) + "</th>";
    return out + "</tr></thead>\n";
}

std::string decimals(double value, const char *format)
{
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, format, value);
    return buffer;
}

class Page
{
public:
    explicit Page(const ReportInput &input) : m_input(input), m_report(input.savings) {}

    std::string run()
    {
        m_out = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>Savings rehearsed on "
                "history: "
                + escaped(m_report.policyName) + "</title>\n<style>" + kStyle + "</style>\n</head>\n<body>\n<main>\n";
        header();
        hero();
        parts();
        provenance();
        kpis();
        groups("By " + (m_report.groupedBy.empty() ? std::string("class") : m_report.groupedBy), m_report.groups,
               m_report.groupedBy == "week");
        if (m_report.months.size() > 1)
            groups("By month", m_report.months, true);
        if (m_input.card)
            card(*m_input.card);
        notes();
        appendix();
        m_out += "<footer>Rehearsed offline by Mulligan from " + escaped(m_input.workspace) + ", "
                 + base::formatInstant(m_input.generatedAt) + ". Economics " + escaped(m_report.economicsHash)
                 + ", model " + escaped(m_report.modelId.empty() ? "none" : m_report.modelId)
                 + ".</footer>\n</main>\n</body>\n</html>\n";
        return std::move(m_out);
    }

private:
    void header()
    {
        m_out += "<header>\n<p class=\"brand\">Mulligan savings report</p>\n<h1>" + escaped(m_report.policyName)
                 + ", version " + escaped(m_report.policyVersion) + "</h1>\n<p class=\"meta\">Replayed on "
                 + formatCount(m_report.history.episodes.value) + " episodes of failure in "
                 + formatCount(static_cast<double>(m_report.jobs)) + " jobs, " + base::formatDate(m_report.from)
                 + " to " + base::formatDate(m_report.to) + ". Written " + base::formatDate(m_input.generatedAt)
                 + ".</p>\n</header>\n";
    }

    void hero()
    {
        const model::Savings &s = m_report.savings;
        const double net = netAmount(s);
        const std::string interval = formatInterval(s.net.low, s.net.high, "usd", m_input.currency);
        m_out += "<section class=\"keep\">\n<div class=\"hero\"><div class=\"value "
                 + std::string(net < 0.0 ? "neg" : "pos") + "\">" + figureText(money(net)) + "<span class=\"unit\">"
                 + escaped(m_input.currency) + " net savings" + (m_report.modelFallback ? ", without a model" : "")
                 + "</span></div><div class=\"interval\">95 % interval<b>"
                 + (interval.empty() ? "too little data" : figureText(interval))
                 + "</b></div></div>\n<p class=\"sentence\">" + figureText(headline(m_report, m_input.currency))
                 + "</p>\n<p class=\"lead\">" + figureText(trustSentence(m_report)) + "</p>\n";
        if (m_report.modelFallback)
            m_out += "<p class=\"warn\">" + figureText(m_report.modelCaveat) + "</p>\n";
        tiles();
        m_out += "</section>\n";
    }

    void tiles()
    {
        const auto &h = m_report.history;
        const auto &p = m_report.policy;
        const auto tile = [this](std::string_view name, const std::string &value, const std::string &was) {
            m_out += "<li><span class=\"name\">" + escaped(name) + "</span><span class=\"figure\">" + figureText(value)
                     + "</span><span class=\"was\">" + figureText(was) + "</span></li>\n";
        };
        m_out += "<ul class=\"tiles\">\n";
        tile("Per 30 days", money(m_report.savings.netPer30Days.value), m_input.currency);
        tile("Remediated without a person", formatShare(p.remediatedShare.value),
             "history " + formatShare(h.remediatedShare.value));
        tile("Interventions by people", formatCount(std::round(p.interventions.value)),
             "history " + formatCount(std::round(h.interventions.value)));
        tile("Successes wrongly stopped", formatCount(std::round(p.wronglyStopped.value * 10.0) / 10.0),
             "expected number");
        m_out += "</ul>\n";
    }

    void parts()
    {
        const model::Savings &s = m_report.savings;
        const auto rows = partRows(s);
        m_out +=
            "<h2>What net savings are made of</h2>\n<p class=\"lead\">Six parts that add up to the cent. The line on "
            "the last bar is the 95 % interval.</p>\n"
            + waterfallSvg(rows, s.net, netAmount(s), m_input.currency);
        m_out += "<div class=\"scroll keep\"><table>" + headCells({"Part"}, {m_input.currency, "95 % interval"})
                 + "<tbody>\n";
        for (const PartRow &row : rows)
            m_out += "<tr><td>" + escaped(row.title) + "<br><span class=\"small\">" + escaped(row.meaning)
                     + "</span></td>" + signedCell(row.amount, money(row.amount))
                     + cell(formatInterval(row.low, row.high, "usd", m_input.currency), "num") + "</tr>\n";
        m_out += "</tbody><tfoot><tr><td>Net savings</td>" + cell(money(netAmount(s)), "num")
                 + cell(formatInterval(s.net.low, s.net.high, "usd", m_input.currency), "num")
                 + "</tr></tfoot></table></div>\n";
        m_out += "<ul class=\"notes small\">\n";
        for (const ShareRow &row : shareRows(s)) {
            const std::string interval = formatInterval(row.figure->low, row.figure->high, "share", m_input.currency);
            m_out += "<li>" + escaped(row.title) + ": <b>" + figureText(formatShare(row.figure->value)) + "</b>"
                     + (interval.empty() ? "" : " (95 %: " + figureText(interval) + ")")
                     + (row.figure->denominator.empty() ? "" : ", of " + figureText(row.figure->denominator))
                     + "</li>\n";
        }
        m_out += "</ul>\n";
    }

    void provenance()
    {
        const auto rows = provenanceRows(m_report);
        m_out +=
            "<h2>How far net savings can be trusted</h2>\n<p class=\"lead\">Every decision of the policy is compared "
            "with what history did. Where they agree, history’s own log is the outcome.</p>\n"
            + provenanceSvg(rows) + "<div class=\"scroll keep\"><table>"
            + headCells({"", "What it means"}, {"Decisions", "Money moved, " + m_input.currency, "Share"})
            + "<tbody>\n";
        for (const ProvenanceRow &row : rows) {
            const std::string name(model::name(row.provenance));
            m_out +=
                "<tr><td style=\"white-space:nowrap\"><span class=\"swatch fill-" + name + "\"></span>"
                + escaped(row.title) + "</td>" + cell(row.meaning)
                + cell(formatCount(static_cast<double>(row.count)), "num") + cell(money(row.contribution), "num")
                + cell(row.provenance == model::Provenance::Unsupported ? "not counted" : formatShare(row.share), "num")
                + "</tr>\n";
        }
        m_out += "</tbody></table></div>\n";
        if (m_report.unsupportedNet != 0.0)
            m_out += "<p class=\"small\">Unsupported recommendations would add <b>"
                     + figureText(money(m_report.unsupportedNet) + " " + m_input.currency)
                     + "</b>. They are not part of net savings: history holds nothing like them.</p>\n";
    }

    [[nodiscard]] std::string figureCell(const model::Figure &f) const
    {
        const std::string interval = formatInterval(f.low, f.high, f.unit, m_input.currency);
        std::string out = "<td class=\"num\">" + figureText(formatValue(f.value, f.unit, m_input.currency));
        if (!interval.empty())
            out += "<small>" + figureText(interval) + "</small>";
        return out + "</td>";
    }

    [[nodiscard]] std::string changeCell(const KpiRow &row) const
    {
        const double delta = row.policy->value - row.history->value;
        std::string text;
        if (row.history->unit == "share")
            text = (delta > 0.0 ? "+" : "") + decimals(delta * 100.0, "%.1f") + " points";
        else if (row.history->value != 0.0)
            text = (delta > 0.0 ? "+" : "") + formatShare(delta / std::abs(row.history->value));
        else if (delta != 0.0)
            text = (delta > 0.0 ? "+" : "") + formatValue(delta, row.history->unit, m_input.currency);
        const double good = row.better == Better::Lower ? -delta : row.better == Better::Higher ? delta : 0.0;
        return signedCell(good, text);
    }

    void kpis()
    {
        m_out +=
            "<h2>History against policy</h2>\n<p class=\"lead\">The same episodes in both worlds; under each figure "
            "its 95 % interval.</p>\n<div class=\"scroll\"><table>"
            + headCells({"KPI"}, {"History", "Policy", "Change"}) + "<tbody>\n";
        for (const KpiRow &row : kpiRows(m_report)) {
            const bool indented = row.title.starts_with(' ');
            m_out += std::string(indented ? "<tr class=\"sub\">" : "<tr>")
                     + cell(row.title.substr(row.title.find_first_not_of(' ')));
            if (row.sameInBoth)
                m_out += figureCell(*row.history) + "<td></td><td></td></tr>\n";
            else
                m_out += figureCell(*row.history) + figureCell(*row.policy) + changeCell(row) + "</tr>\n";
        }
        m_out += "</tbody></table></div>\n<p class=\"small\">" + escaped(kLetters) + "</p>\n";
    }

    void groups(const std::string &title, const std::vector<model::SavingsGroup> &all, bool keepOrder)
    {
        if (all.empty())
            return;
        const GroupTable table = groupTable(all, kMostGroups, keepOrder);
        std::string first = title.substr(3);
        if (first.front() >= 'a' && first.front() <= 'z')
            first.front() = static_cast<char>(first.front() - 'a' + 'A');
        double low = 0.0;
        double high = 0.0;
        for (const auto &row : table.rows) {
            low = std::min(low, row.net.value);
            high = std::max(high, row.net.value);
        }
        m_out += "<h2>" + escaped(title) + "</h2>\n<div class=\"scroll\"><table>"
                 + headCells({first}, {"Episodes", "Remediated", "History, " + m_input.currency,
                                       "Policy, " + m_input.currency, "Net, " + m_input.currency, ""})
                 + "<tbody>\n";
        const auto row = [&](const model::SavingsGroup &g, const std::string &bar) {
            const std::string interval = formatInterval(g.net.low, g.net.high, "usd", m_input.currency);
            m_out += "<tr>" + nameCell(g.key) + cell(formatCount(static_cast<double>(g.episodes)), "num")
                     + "<td class=\"num\">" + figureText(formatShare(g.policyRemediated)) + "<small>from "
                     + figureText(formatShare(g.historyRemediated)) + "</small></td>"
                     + cell(money(g.historyCost), "num") + cell(money(g.policyCost), "num") + "<td class=\"num "
                     + (g.net.value < 0.0 ? "neg" : "pos") + "\">" + figureText(money(g.net.value))
                     + (interval.empty() ? "" : "<small>" + figureText(interval) + "</small>")
                     + "</td><td class=\"num\">" + bar + "</td></tr>\n";
        };
        for (const auto &group : table.rows)
            row(group, barSvg(group.net.value, low, high));
        m_out += "</tbody><tfoot>";
        row(table.total, "");
        m_out += "</tfoot></table></div>\n";
    }

    void card(const model::ModelCard &card)
    {
        m_out += "<h2>The model behind it</h2>\n<p class=\"lead\">" + figureText(cardSentence(card)) + "</p>\n";
        if (card.fallback)
            m_out += "<p class=\"warn\">" + figureText(card.fallbackReason) + "</p>\n";
        const std::string chart = calibrationSvg(card.calibration);
        m_out += chart.empty() ? "<div>\n" : "<div class=\"split\">\n<div>\n";
        quality(card);
        m_out +=
            "</div>\n" + (chart.empty() ? "" : "<div class=\"keep\"><h3>Calibration</h3>" + chart + "</div></div>\n");
    }

    [[nodiscard]] static std::string cardSentence(const model::ModelCard &card)
    {
        if (card.fallback)
            return "Success rates by class, " + formatCount(static_cast<double>(card.rows)) + " retries.";
        return "Gradient-boosted trees fitted on " + formatCount(static_cast<double>(card.rows)) + " retries, refitted "
               + formatCount(static_cast<double>(card.refits)) + " times over the history; judged on "
               + formatCount(static_cast<double>(card.scoredRows)) + " retries by models that had not seen their week.";
    }

    void quality(const model::ModelCard &card)
    {
        m_out += "<h3>Chance of success</h3>\n<table>" + headCells({""}, {"AUC", "PR-AUC", "Log loss", "Brier"})
                 + "<tbody>\n";
        const auto row = [this](const std::string &name, const model::ProbabilityQuality &q, bool strong) {
            m_out += "<tr><td>" + std::string(strong ? "<b>" : "") + escaped(name) + (strong ? "</b></td>" : "</td>")
                     + cell(decimals(q.auc, "%.3f"), "num") + cell(decimals(q.prAuc, "%.3f"), "num")
                     + cell(decimals(q.logLoss, "%.3f"), "num") + cell(decimals(q.brier, "%.3f"), "num") + "</tr>\n";
        };
        row("Model", card.success, true);
        static constexpr std::array<std::pair<const char *, const char *>, 3> kNames{
            {{"overall_rate", "Overall rate"}, {"class_rate", "Rate by class"}, {"job_rate", "Rate by job"}}};
        for (const auto &[key, name] : kNames) {
            if (const auto found = card.baselines.find(key); found != card.baselines.end())
                row(name, found->second, false);
        }
        m_out += "</tbody></table>\n<p class=\"small\">AUC and PR-AUC: higher is better; log loss and Brier: lower. "
                 "Calibration error "
                 + figureText(formatShare(card.success.ece)) + ". Cost: off by " + figureText(money(card.cost.mae))
                 + " " + escaped(m_input.currency) + " on average (" + figureText(formatShare(card.cost.mape))
                 + "), bias " + figureText(money(card.cost.bias)) + " " + escaped(m_input.currency) + ".</p>\n";
    }

    void notes()
    {
        m_out += "<section class=\"keep\"><h2>Read this with it</h2>\n<ul class=\"notes\">\n";
        for (const auto &note : m_report.notes)
            m_out += "<li>" + figureText(note) + "</li>\n";
        m_out += "<li>Net savings = (failed retries + people’s time) of history − (failed retries + dearer runs + "
                 "people’s time) of the policy. The completing run is paid in every world.</li>\n"
                 "<li>Intervals are 95 %, from resampling whole jobs; they do not cover a change of the platform "
                 "itself.</li>\n</ul></section>\n";
    }

    void settings(const char *title, const std::vector<std::pair<std::string, std::string>> &pairs)
    {
        if (pairs.empty())
            return;
        m_out += "<h3>" + escaped(title) + "</h3>\n<table class=\"settings\"><tbody>\n";
        for (const auto &[key, value] : pairs)
            m_out += "<tr>" + cell(key) + cell(value) + "</tr>\n";
        m_out += "</tbody></table>\n";
    }

    void appendix()
    {
        if (m_input.policy.empty() && m_input.economics.empty())
            return;
        m_out += "<h2>Appendix: what was replayed</h2>\n";
        settings("Policy", m_input.policy);
        settings("Economics", m_input.economics);
    }

    const ReportInput &m_input;
    const model::SavingsReport &m_report;
    std::string m_out;
};

} // namespace

std::string toHtml(const ReportInput &input)
{
    return Page(input).run();
}

} // namespace mulligan::report
