#include "report/report.hpp"

#include "base/money.hpp"
#include "base/rng.hpp"
#include "formats/file.hpp"
#include "report/tables.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>

#include <xlsxwriter.h>

namespace mulligan::report
{

namespace
{

using Row = lxw_row_t;
using Column = lxw_col_t;

/// Cell formats every sheet shares; the workbook owns them.
struct Formats {
    explicit Formats(lxw_workbook *book)
        : title(workbook_add_format(book)), head(workbook_add_format(book)), money(numberFormat(book, "#,##0.00")),
          count(numberFormat(book, "#,##0.##")), share(numberFormat(book, "0.0%")),
          total(numberFormat(book, "#,##0.00")), totalText(workbook_add_format(book)), wrap(workbook_add_format(book))
    {
        format_set_bold(title);
        format_set_font_size(title, 14);
        format_set_bold(head);
        format_set_bottom(head, LXW_BORDER_THIN);
        for (lxw_format *f : {total, totalText}) {
            format_set_bold(f);
            format_set_top(f, LXW_BORDER_THIN);
        }
        format_set_text_wrap(wrap);
        format_set_align(wrap, LXW_ALIGN_VERTICAL_TOP);
    }

    static lxw_format *numberFormat(lxw_workbook *book, const char *pattern)
    {
        lxw_format *format = workbook_add_format(book);
        format_set_num_format(format, pattern);
        return format;
    }

    [[nodiscard]] lxw_format *of(std::string_view unit) const
    {
        return unit == "usd" ? money : unit == "share" ? share : count;
    }

    lxw_format *title;
    lxw_format *head;
    lxw_format *money;
    lxw_format *count;
    lxw_format *share;
    lxw_format *total;
    lxw_format *totalText;
    lxw_format *wrap;
};

/// One sheet, written top down.
class Sheet
{
public:
    Sheet(lxw_workbook *book, const Formats &formats, const char *name)
        : m_sheet(workbook_add_worksheet(book, name)), m_formats(formats)
    {
    }

    void widths(std::initializer_list<double> widths)
    {
        Column column = 0;
        for (const double width : widths) {
            worksheet_set_column(m_sheet, column, column, width, nullptr);
            ++column;
        }
    }
    void head(std::initializer_list<std::string> titles)
    {
        Column column = 0;
        for (const auto &title : titles)
            text(column++, title, m_formats.head);
        worksheet_freeze_panes(m_sheet, m_row + 1, 0);
        next();
    }
    void text(Column column, std::string_view value, lxw_format *format = nullptr)
    {
        // A cell holds at most 32,767 characters.
        const std::string cut(value.substr(0, 32'000));
        worksheet_write_string(m_sheet, m_row, column, cut.c_str(), format);
    }
    void number(Column column, double value, lxw_format *format)
    {
        worksheet_write_number(m_sheet, m_row, column, value, format);
    }
    void number(Column column, const std::optional<double> &value, lxw_format *format)
    {
        if (value)
            number(column, *value, format);
    }
    void money(Column column, const std::optional<double> &value)
    {
        if (value)
            number(column, base::roundToCents(*value), m_formats.money);
    }
    void figure(Column column, const model::Figure &f)
    {
        const bool isMoney = f.unit == "usd";
        number(column, isMoney ? base::roundToCents(f.value) : f.value, m_formats.of(f.unit));
    }
    /// The sum of the `rows` rows above, live, with its value for programs that do not calculate.
    void sum(Column column, Row rows, double value)
    {
        const char letter = static_cast<char>('A' + column);
        const std::string formula = std::string("=SUM(") + letter + std::to_string(m_row - rows + 1) + ":" + letter
                                    + std::to_string(m_row) + ")";
        worksheet_write_formula_num(m_sheet, m_row, column, formula.c_str(), m_formats.total, value);
    }
    void next(Row rows = 1) { m_row += rows; }
    [[nodiscard]] const Formats &formats() const { return m_formats; }

private:
    lxw_worksheet *m_sheet;
    const Formats &m_formats;
    Row m_row = 0;
};

void writeSummary(Sheet sheet, const ReportInput &input)
{
    const model::SavingsReport &r = input.savings;
    const model::Savings &s = r.savings;
    sheet.widths({34, 18, 18, 18, 60});
    sheet.text(0, "Savings rehearsed on history: " + r.policyName + ", version " + r.policyVersion,
               sheet.formats().title);
    sheet.next();
    sheet.text(0, headline(r, input.currency));
    sheet.next();
    sheet.text(0, trustSentence(r));
    sheet.next(2);
    sheet.head({"Figure", "Value", "Low, 95 %", "High, 95 %", "Unit, or share of what"});
    const auto row = [&](std::string_view title, const model::Figure &f, double value, const std::string &unit) {
        lxw_format *format = sheet.formats().of(f.unit);
        sheet.text(0, title);
        sheet.number(1, value, format);
        sheet.number(2, f.low, format);
        sheet.number(3, f.high, format);
        sheet.text(4, unit);
        sheet.next();
    };
    row("Net savings", s.net, netAmount(s), input.currency);
    row("Net savings per 30 days", s.netPer30Days, base::roundToCents(s.netPer30Days.value), input.currency);
    for (const ShareRow &share : shareRows(s))
        row(share.title, *share.figure, share.figure->value, share.figure->denominator);
    const auto about = [&](const char *key, const std::string &value) {
        sheet.text(0, key);
        sheet.text(1, value);
        sheet.next();
    };
    sheet.next();
    about("From", base::formatInstant(r.from));
    about("To", base::formatInstant(r.to));
    about("Workspace", input.workspace);
    about("Generated", base::formatInstant(input.generatedAt));
    about("Model", r.modelId.empty() ? "none" : r.modelId);
    if (r.modelFallback)
        about("Without a model", r.modelCaveat);
    about("Economics", r.economicsHash);
}

void writeParts(Sheet sheet, const ReportInput &input)
{
    const auto rows = partRows(input.savings.savings);
    sheet.widths({32, 18, 18, 18, 64});
    sheet.head({"Part of net savings", input.currency, "Low, 95 %", "High, 95 %", "What it is"});
    for (const PartRow &row : rows) {
        sheet.text(0, row.title);
        sheet.money(1, row.amount);
        sheet.money(2, row.low);
        sheet.money(3, row.high);
        sheet.text(4, row.meaning);
        sheet.next();
    }
    const model::Figure &net = input.savings.savings.net;
    sheet.text(0, "Net savings", sheet.formats().totalText);
    sheet.sum(1, static_cast<Row>(rows.size()), netAmount(input.savings.savings));
    sheet.money(2, net.low);
    sheet.money(3, net.high);
}

void writeKpis(Sheet sheet, const ReportInput &input)
{
    sheet.widths({34, 12, 16, 16, 16, 16, 16, 16});
    sheet.head({"KPI", "Unit", "History", "Low, 95 %", "High, 95 %", "Policy", "Low, 95 %", "High, 95 %"});
    for (const KpiRow &row : kpiRows(input.savings)) {
        const std::string &unit = row.history->unit;
        lxw_format *format = sheet.formats().of(unit);
        sheet.text(0, row.title);
        sheet.text(1, unit == "usd" ? input.currency : unit);
        sheet.figure(2, *row.history);
        sheet.number(3, row.history->low, format);
        sheet.number(4, row.history->high, format);
        sheet.figure(5, *row.policy);
        sheet.number(6, row.policy->low, format);
        sheet.number(7, row.policy->high, format);
        sheet.next();
    }
}

void writeProvenance(Sheet sheet, const ReportInput &input)
{
    sheet.widths({18, 18, 24, 12, 64});
    sheet.head({"Provenance", "Decisions", "Money moved, " + input.currency, "Share", "What it means"});
    for (const ProvenanceRow &row : provenanceRows(input.savings)) {
        sheet.text(0, row.title);
        sheet.number(1, static_cast<double>(row.count), sheet.formats().count);
        sheet.money(2, row.contribution);
        if (row.provenance == model::Provenance::Unsupported)
            sheet.text(3, "not counted");
        else
            sheet.number(3, row.share, sheet.formats().share);
        sheet.text(4, row.meaning);
        sheet.next();
    }
    sheet.next();
    sheet.text(0, "Unsupported recommendations would add, outside net savings");
    sheet.money(2, input.savings.unsupportedNet);
}

void writeGroups(Sheet sheet, const std::string &by, const std::vector<model::SavingsGroup> &groups,
                 const std::string &currency)
{
    const GroupTable table = groupTable(groups, groups.size(), true);
    sheet.widths({34, 12, 20, 20, 20, 16, 16, 20, 20});
    sheet.head({by, "Episodes", "History, " + currency, "Policy, " + currency, "Net, " + currency, "Low, 95 %",
                "High, 95 %", "Remediated, history", "Remediated, policy"});
    for (const auto &g : table.rows) {
        sheet.text(0, g.key.empty() ? "(none)" : g.key);
        sheet.number(1, static_cast<double>(g.episodes), sheet.formats().count);
        sheet.money(2, g.historyCost);
        sheet.money(3, g.policyCost);
        sheet.money(4, g.net.value);
        sheet.money(5, g.net.low);
        sheet.money(6, g.net.high);
        sheet.number(7, g.historyRemediated, sheet.formats().share);
        sheet.number(8, g.policyRemediated, sheet.formats().share);
        sheet.next();
    }
    if (table.rows.empty())
        return;
    const auto rows = static_cast<Row>(table.rows.size());
    sheet.text(0, "Total", sheet.formats().totalText);
    sheet.sum(1, rows, static_cast<double>(table.total.episodes));
    sheet.sum(2, rows, table.total.historyCost);
    sheet.sum(3, rows, table.total.policyCost);
    sheet.sum(4, rows, table.total.net.value);
}

void writeNotes(Sheet sheet, const ReportInput &input)
{
    sheet.widths({40, 90});
    sheet.head({"Read this with it"});
    for (const auto &note : input.savings.notes) {
        sheet.text(0, note);
        sheet.next();
    }
    const auto settings = [&](const char *title, const auto &pairs) {
        sheet.next();
        sheet.text(0, title, sheet.formats().head);
        sheet.next();
        for (const auto &[key, value] : pairs) {
            sheet.text(0, key);
            sheet.text(1, value);
            sheet.next();
        }
    };
    settings("Policy", input.policy);
    settings("Economics", input.economics);
}

base::Result<void> writeWorkbook(const ReportInput &input, const std::string &path)
{
    lxw_workbook *book = workbook_new(path.c_str());
    if (book == nullptr)
        return base::systemError(ENOSPC, "Cannot begin", path);
    std::string bookTitle = "Savings rehearsed on history: " + input.savings.policyName;
    std::string comments = "Written by Mulligan from " + input.workspace;
    lxw_doc_properties properties{};
    properties.title = bookTitle.data();
    properties.comments = comments.data();
    properties.created = static_cast<time_t>(input.generatedAt.ms / base::kMsPerSecond);
    workbook_set_properties(book, &properties);
    const Formats formats(book);
    writeSummary(Sheet(book, formats, "Summary"), input);
    writeParts(Sheet(book, formats, "Parts"), input);
    writeKpis(Sheet(book, formats, "KPIs"), input);
    writeProvenance(Sheet(book, formats, "Provenance"), input);
    std::string by = input.savings.groupedBy.empty() ? "class" : input.savings.groupedBy;
    by.front() = static_cast<char>(by.front() - 'a' + 'A');
    writeGroups(Sheet(book, formats, "Classes"), by, input.savings.groups, input.currency);
    writeGroups(Sheet(book, formats, "Months"), "Month", input.savings.months, input.currency);
    writeNotes(Sheet(book, formats, "Notes"), input);
    errno = 0;
    const lxw_error error = workbook_close(book);
    if (error == LXW_NO_ERROR)
        return {};
    if (errno != 0)
        return base::systemError(errno, "Cannot write", path);
    return base::makeError(base::ErrorCode::Io, "Cannot write '" + path + "': " + lxw_strerror(error),
                           "Check the disk and the folder for temporary files.");
}

/// A file that goes when its time is up.
class TemporaryFile
{
public:
    explicit TemporaryFile(std::string path) : m_path(std::move(path)) {}
    TemporaryFile(const TemporaryFile &) = delete;
    TemporaryFile &operator=(const TemporaryFile &) = delete;
    ~TemporaryFile() { std::remove(m_path.c_str()); }
    [[nodiscard]] const std::string &path() const { return m_path; }

private:
    std::string m_path;
};

} // namespace

base::Result<void> writeXlsx(const ReportInput &input, const std::string &path)
{
    // The library writes to a path of its own only, so its file is set down beside the target first; opening it here
    // tells why a folder cannot be written to, which the library does not.
    const std::filesystem::path target(path);
    const std::string name = "." + target.filename().string() + "."
                             + std::to_string(base::stableHash(path, static_cast<std::uint64_t>(input.generatedAt.ms)));
    const TemporaryFile temporary((target.parent_path() / name).string());
    if (std::FILE *file = std::fopen(temporary.path().c_str(), "wb"))
        std::fclose(file);
    else
        return base::systemError(errno, "Cannot write", path);
    MULLIGAN_CHECK(writeWorkbook(input, temporary.path()));
    MULLIGAN_TRY(const auto bytes, formats::readTextFile(temporary.path(), 1u << 30));
    return formats::writeFileAtomically(path, bytes);
}

} // namespace mulligan::report
