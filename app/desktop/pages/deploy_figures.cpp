#include "desktop/pages/deploy_figures.hpp"

#include "desktop/widgets/format.hpp"

#include <QCoreApplication>

namespace mulligan::desktop
{

namespace
{

QString tr(const char *source)
{
    return QCoreApplication::translate("DeployPage", source);
}

QString actionText(policy::Action action)
{
    switch (action) {
    case policy::Action::Retry: return tr("Retry");
    case policy::Action::RetryWithConfig: return tr("Retry, new configuration");
    case policy::Action::Stop: return tr("Stop");
    }
    return {};
}

FigureCell optionalCell(const std::optional<double> &value, QString (*format)(double))
{
    return {value ? format(*value) : QString(QChar(0x2013)), value.value_or(-1.0), false, {}};
}

} // namespace

QString patchText(const model::Config &old, const model::Config &patch)
{
    QStringList lines;
    for (const auto &[key, value] : patch) {
        QString name = text(key);
        if (name.startsWith(QLatin1String("spark.")))
            name = name.mid(6);
        const auto before = old.find(key);
        lines << (before == old.end() ? QStringLiteral("%1 = %2").arg(name, text(value))
                                      : QStringLiteral("%1 %2 → %3").arg(name, text(before->second), text(value)));
    }
    return lines.join(QLatin1Char('\n'));
}

QVector<QVector<FigureCell>> previewRows(const RecommendationPreview &preview, const QString &currency)
{
    QVector<QVector<FigureCell>> rows;
    for (const RecommendationRow &row : preview.rows) {
        const policy::Decision &decision = row.decision;
        const QString reason = text(policy::sentence(decision));
        const QString patch = patchText(row.config, decision.patch);
        FigureCell cost{QString(QChar(0x2013)), -1.0, false, {}};
        if (decision.costUsd)
            cost = {moneyText(*decision.costUsd, currency), *decision.costUsd, false, {}};
        const bool stops = decision.action == policy::Action::Stop;
        rows << QVector<FigureCell>{
            {row.job, std::nullopt, false, tr("%1, run %2, attempt %3").arg(row.job, row.run).arg(row.attempt)},
            {text(decision.errorClass), std::nullopt, false, text(decision.errorClass)},
            {actionText(decision.action), std::nullopt, !stops, reason},
            {QString(patch).replace(QLatin1Char('\n'), QStringLiteral(", ")), std::nullopt, false, patch},
            optionalCell(decision.success, &shareText),
            cost,
            {stops ? QString(QChar(0x2013)) : durationText(decision.delaySeconds),
             stops ? -1.0 : decision.delaySeconds,
             false,
             {}}};
    }
    return rows;
}

QString previewSentence(const RecommendationPreview &preview)
{
    if (preview.open == 0)
        return tr("No failure is open at the end of the data: every chain has ended.");
    int retries = 0;
    int patches = 0;
    for (const RecommendationRow &row : preview.rows) {
        retries += row.decision.action == policy::Action::Stop ? 0 : 1;
        patches += row.decision.action == policy::Action::RetryWithConfig ? 1 : 0;
    }
    QString sentence = tr("%1 failures are open at the end of the data. Of these it retries %2, %3 with another "
                          "configuration, and hands the rest to a person.")
                           .arg(countText(static_cast<double>(preview.open)), countText(retries), countText(patches));
    if (preview.rows.size() < preview.open)
        sentence +=
            QLatin1Char(' ') + tr("Shown are the first %1.").arg(countText(static_cast<double>(preview.rows.size())));
    return sentence;
}

QVector<QVector<FigureCell>> fileRows(const pipeline::ExportReport &report)
{
    QVector<QVector<FigureCell>> rows;
    for (const pipeline::ExportedFileHash &file : report.files)
        rows << QVector<FigureCell>{
            {text(file.path), std::nullopt, false, {}},
            {bytesText(static_cast<double>(file.bytes)), static_cast<double>(file.bytes), false, {}},
            {text(file.sha256).left(16) + QStringLiteral("…"), std::nullopt, false, text(file.sha256)}};
    return rows;
}

QStringList exportSentences(const pipeline::ExportReport &report)
{
    QStringList lines;
    lines << tr("%1 recommendations, %2 golden decisions.")
                 .arg(countText(static_cast<double>(report.recommendations)),
                      countText(static_cast<double>(report.golden)));
    if (report.rolling.points > 0)
        lines << tr("On %1 of %2 failures (%3) it decides otherwise than the rolling replay did: its models are newer.")
                     .arg(countText(static_cast<double>(report.rolling.differing)),
                          countText(static_cast<double>(report.rolling.points)),
                          shareText(static_cast<double>(report.rolling.differing)
                                    / static_cast<double>(report.rolling.points)));
    for (const std::string &warning : report.warnings)
        lines << QStringLiteral("• ") + text(warning);
    return lines;
}

QString verifySentence(const pipeline::VerifyReport &report, const QString &fileName)
{
    if (report.ok)
        return tr("%1 is sound: %2 files match their hashes, %3 golden decisions come out alike.")
            .arg(fileName, countText(static_cast<double>(report.files)), countText(static_cast<double>(report.golden)));
    return tr("%1 must not be used; problems found: %2").arg(fileName).arg(report.problems.size());
}

} // namespace mulligan::desktop
