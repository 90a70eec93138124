#include "desktop/print/report_sections.hpp"

#include "base/money.hpp"
#include "desktop/charts/baseline_name.hpp"
#include "desktop/charts/calibration_chart.hpp"
#include "desktop/charts/column_chart.hpp"
#include "desktop/charts/provenance_bar.hpp"
#include "desktop/charts/waterfall_chart.hpp"
#include "desktop/widgets/format.hpp"
#include "report/tables.hpp"

#include <QCoreApplication>
#include <QLocale>
#include <QPainter>

#include <cmath>

namespace mulligan::desktop
{

namespace
{

constexpr size_t kMostGroups = 20;

QString tr(const char *source)
{
    return QCoreApplication::translate("PrintedReport", source);
}

QString value(const model::Figure &figure, const std::string &currency)
{
    return text(report::formatValue(figure.value, figure.unit, currency));
}

QString interval(const model::Figure &figure, const std::string &currency)
{
    return text(report::formatInterval(figure.low, figure.high, figure.unit, currency));
}

void append(ReportBlocks &to, ReportBlocks more)
{
    std::move(more.begin(), more.end(), std::back_inserter(to));
}

QString dollars(double amount, const std::string &currency)
{
    return text(report::formatValue(amount, "usd", currency));
}

QVector<WaterfallStep> waterfallSteps(const model::Savings &savings)
{
    QVector<WaterfallStep> steps;
    for (const report::PartRow &row : report::partRows(savings))
        steps << WaterfallStep{text(row.title), row.amount, row.low, row.high, {}};
    steps << WaterfallStep{tr("Net savings"), report::netAmount(savings), savings.net.low, savings.net.high, {}};
    return steps;
}

} // namespace

ReportBlocks headlineSection(const report::ReportInput &input)
{
    const model::SavingsReport &savings = input.savings;
    const Theme &theme = Theme::light();
    ReportBlocks blocks;
    blocks.push_back(textBlock(tr("Savings report"), PrintFont::SmallBold, theme.accent, 2.0));
    blocks.push_back(textBlock(text(savings.policyName), PrintFont::Title, theme.text, 4.0));
    blocks.push_back(textBlock(tr("%1, failures of %2 to %3, %4 episodes of %5 jobs, made on %6")
                                   .arg(text(input.workspace), dateText(savings.from), dateText(savings.to),
                                        countText(savings.policy.episodes.value),
                                        countText(static_cast<double>(savings.jobs)), dateText(input.generatedAt)),
                               PrintFont::Body, theme.mutedText, 14.0));
    const double net = report::netAmount(savings.savings);
    const QString amount = dollars(net, input.currency);
    const QString range = interval(savings.savings.net, input.currency);
    const QString monthly = tr("%1 per 30 days").arg(dollars(savings.savings.netPer30Days.value, input.currency));
    const QString title = savings.modelFallback ? tr("Net savings, without a model") : tr("Net savings");
    blocks.push_back(drawingBlock(74.0, [=](QPainter &painter, const QRectF &area) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.window);
        painter.drawRoundedRect(area, 6.0, 6.0);
        painter.setBrush(net >= 0.0 ? theme.gain : theme.loss);
        painter.drawRect(QRectF(area.left(), area.top(), 4.0, area.height()));
        painter.setBrush(Qt::NoBrush);
        painter.setPen(theme.mutedText);
        painter.setFont(printFont(PrintFont::Body));
        painter.drawText(area.adjusted(18.0, 10.0, 0.0, 0.0), Qt::AlignLeft | Qt::AlignTop, title);
        painter.drawText(area.adjusted(0.0, 0.0, -16.0, -14.0), Qt::AlignRight | Qt::AlignBottom, monthly);
        if (!range.isEmpty())
            painter.drawText(area.adjusted(0.0, 0.0, -16.0, -30.0), Qt::AlignRight | Qt::AlignBottom,
                             tr("95 % interval: %1").arg(range));
        painter.setPen(theme.text);
        painter.setFont(printFont(PrintFont::Figure));
        painter.drawText(area.adjusted(18.0, 0.0, 0.0, -10.0), Qt::AlignLeft | Qt::AlignBottom, amount);
    }));
    blocks.push_back(spaceBlock(10.0));
    if (savings.modelFallback)
        blocks.push_back(textBlock(text(savings.modelCaveat), PrintFont::SmallBold, theme.caution, 6.0));
    blocks.push_back(textBlock(text(report::headline(savings, input.currency)), PrintFont::Body, theme.text, 4.0));
    blocks.push_back(textBlock(text(report::trustSentence(savings)), PrintFont::Body, theme.text, 0.0));
    return blocks;
}

ReportBlocks savingsSection(const report::ReportInput &input)
{
    const QString currency = text(input.currency);
    const auto steps = waterfallSteps(input.savings.savings);
    ReportBlocks blocks{headingBlock(tr("How the savings add up"))};
    blocks.push_back(drawingBlock(190.0, [=](QPainter &painter, const QRectF &area) {
        paintWaterfall(painter, area, printStyle(), steps, currency);
    }));
    blocks.push_back(spaceBlock(8.0));
    QVector<QStringList> rows;
    for (const report::PartRow &row : report::partRows(input.savings.savings))
        rows << QStringList{text(row.title), text(row.meaning), dollars(row.amount, input.currency)};
    rows << QStringList{tr("Net savings"), {}, dollars(report::netAmount(input.savings.savings), input.currency)};
    append(blocks, tableBlocks({{tr("Part"), 2.2, false}, {tr("What it is"), 3.8, false}, {tr("Amount"), 1.3, true}},
                               rows, true));
    blocks.push_back(spaceBlock(8.0));
    QVector<QStringList> shares;
    for (const report::ShareRow &row : report::shareRows(input.savings.savings))
        shares << QStringList{text(row.title), text(row.figure->denominator), value(*row.figure, input.currency),
                              interval(*row.figure, input.currency)};
    append(blocks, tableBlocks({{tr("Saving as a share"), 2.2, false},
                                {tr("Of what"), 2.6, false},
                                {tr("Share"), 0.9, true},
                                {tr("95 % interval"), 1.6, true}},
                               shares));
    return blocks;
}

ReportBlocks worldsSection(const report::ReportInput &input)
{
    ReportBlocks blocks{headingBlock(tr("History and policy"))};
    QVector<QStringList> rows;
    for (const report::KpiRow &row : report::kpiRows(input.savings))
        rows << QStringList{text(row.title), value(*row.history, input.currency),
                            row.sameInBoth ? QString() : value(*row.policy, input.currency),
                            row.sameInBoth ? QString() : interval(*row.policy, input.currency)};
    append(blocks, tableBlocks({{tr("Figure"), 2.6, false},
                                {tr("History"), 1.3, true},
                                {tr("Policy"), 1.3, true},
                                {tr("95 % interval of the policy"), 2.1, true}},
                               rows));
    return blocks;
}

ReportBlocks provenanceSection(const report::ReportInput &input)
{
    const QString currency = text(input.currency);
    const auto shares = input.savings.provenance;
    ReportBlocks blocks{headingBlock(tr("How far the figures can be trusted"))};
    blocks.push_back(drawingBlock(84.0, [=](QPainter &painter, const QRectF &area) {
        paintProvenance(painter, area, printStyle(), shares, currency);
    }));
    QVector<QStringList> rows;
    for (const report::ProvenanceRow &row : report::provenanceRows(input.savings))
        rows << QStringList{text(row.title), text(row.meaning), countText(static_cast<double>(row.count)),
                            dollars(row.contribution, input.currency), text(report::formatShare(row.share))};
    append(blocks, tableBlocks({{tr("Provenance"), 1.2, false},
                                {tr("Meaning"), 3.4, false},
                                {tr("Decisions"), 1.0, true},
                                {tr("Contributions"), 1.4, true},
                                {tr("Share"), 0.8, true}},
                               rows));
    if (input.savings.unsupportedNet != 0.0) {
        blocks.push_back(spaceBlock(4.0));
        blocks.push_back(
            textBlock(tr("Kept outside net savings: %1 from recommendations that history does not support.")
                          .arg(dollars(input.savings.unsupportedNet, input.currency)),
                      PrintFont::Small, Theme::light().mutedText, 0.0));
    }
    return blocks;
}

ReportBlocks breakdownSection(const report::ReportInput &input)
{
    if (input.savings.groups.empty())
        return {};
    const report::GroupTable table = report::groupTable(input.savings.groups, kMostGroups, false);
    ReportBlocks blocks{headingBlock(tr("By %1").arg(text(input.savings.groupedBy)))};
    QVector<QStringList> rows;
    const auto plain = [](double amount) { return text(base::formatMoney(amount)); };
    const auto add = [&](const model::SavingsGroup &group, const QString &name) {
        rows << QStringList{name,
                            countText(static_cast<double>(group.episodes)),
                            text(report::formatShare(group.historyRemediated)),
                            text(report::formatShare(group.policyRemediated)),
                            plain(group.historyCost),
                            plain(group.policyCost),
                            plain(group.net.value)};
    };
    for (const model::SavingsGroup &group : table.rows)
        add(group, text(group.key));
    add(table.total, tr("All"));
    const QString currency = text(input.currency);
    append(blocks, tableBlocks({{tr("Group"), 2.5, false},
                                {tr("Episodes"), 0.9, true},
                                {tr("Remediated in history"), 1.15, true},
                                {tr("with the policy"), 0.95, true},
                                {tr("Cost in history (%1)").arg(currency), 1.3, true},
                                {tr("with the policy (%1)").arg(currency), 1.3, true},
                                {tr("Net savings (%1)").arg(currency), 1.2, true}},
                               rows, true));
    return blocks;
}

ReportBlocks monthsSection(const report::ReportInput &input)
{
    if (input.savings.months.empty())
        return {};
    QVector<Column> columns;
    for (const model::SavingsGroup &month : input.savings.months)
        columns << Column{text(month.key), month.net.value, month.net.low, month.net.high, {}};
    const QString currency = text(input.currency);
    ReportBlocks blocks{headingBlock(tr("By month"))};
    blocks.push_back(drawingBlock(150.0, [=](QPainter &painter, const QRectF &area) {
        paintColumns(painter, area, printStyle(), columns, tr("Net savings"), currency);
    }));
    return blocks;
}

ReportBlocks modelSection(const report::ReportInput &input)
{
    const Theme &theme = Theme::light();
    ReportBlocks blocks{headingBlock(tr("The model behind the modelled figures"))};
    if (!input.card || input.card->fallback) {
        blocks.push_back(textBlock(input.card ? text(input.card->fallbackReason)
                                              : tr("No model was trained: success rates by class stand in."),
                                   PrintFont::Body, theme.text, 0.0));
        return blocks;
    }
    const model::ModelCard &card = *input.card;
    blocks.push_back(textBlock(tr("Trained on %1 retries to %2, judged on %3 that it had not seen, by models made "
                                  "before their week.")
                                   .arg(countText(static_cast<double>(card.rows)), dateText(card.trainedTo),
                                        countText(static_cast<double>(card.scoredRows))),
                               PrintFont::Body, theme.text, 6.0));
    const auto number = [](double v) { return QLocale().toString(v, 'f', 3); };
    QVector<QStringList> rows;
    const auto add = [&](const QString &name, const model::ProbabilityQuality &q) {
        rows << QStringList{name, number(q.auc), number(q.prAuc), number(q.logLoss), number(q.brier), number(q.ece)};
    };
    add(tr("This model"), card.success);
    for (const auto &[name, quality] : card.baselines)
        add(baselineName(name), quality);
    append(blocks, tableBlocks({{tr("Chance of success"), 2.2, false},
                                {tr("AUC"), 1.0, true},
                                {tr("PR-AUC"), 1.0, true},
                                {tr("Log loss"), 1.0, true},
                                {tr("Brier"), 1.0, true},
                                {tr("Calibration error"), 1.4, true}},
                               rows));
    blocks.push_back(spaceBlock(8.0));
    blocks.push_back(drawingBlock(200.0, [bins = card.calibration](QPainter &painter, const QRectF &area) {
        paintCalibration(painter, QRectF(area.left(), area.top(), 300.0, area.height()), printStyle(), bins);
    }));
    return blocks;
}

ReportBlocks notesSection(const report::ReportInput &input)
{
    if (input.savings.notes.empty())
        return {};
    ReportBlocks blocks{headingBlock(tr("What to know before relying on this"))};
    for (const std::string &note : input.savings.notes)
        blocks.push_back(textBlock(QStringLiteral("•  ") + text(note), PrintFont::Body, Theme::light().text, 3.0));
    return blocks;
}

ReportBlocks settingsSection(const report::ReportInput &input)
{
    ReportBlocks blocks{headingBlock(tr("Appendix: policy and economics"))};
    // Two settings a row: they are short and many.
    QVector<QStringList> rows;
    auto settings = input.policy;
    settings.insert(settings.end(), input.economics.begin(), input.economics.end());
    const size_t half = (settings.size() + 1) / 2;
    for (size_t i = 0; i < half; ++i) {
        QStringList row{text(settings[i].first), text(settings[i].second)};
        if (half + i < settings.size())
            row << text(settings[half + i].first) << text(settings[half + i].second);
        rows << row;
    }
    append(blocks, tableBlocks({{tr("Setting"), 1.4, false},
                                {tr("Value"), 1.3, false},
                                {tr("Setting"), 1.4, false},
                                {tr("Value"), 1.3, false}},
                               rows));
    return blocks;
}

} // namespace mulligan::desktop
