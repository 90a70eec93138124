#include "desktop/pages/rules_audit_columns.hpp"

#include "desktop/widgets/format.hpp"
#include "model/verdict.hpp"

#include <QObject>

namespace mulligan::desktop
{

namespace
{

/// Why shares of the failures with a cause are not known yet (pipeline::whyNoShare, in the window's words).
QString whyUnknown(const pipeline::AuditFigures &figures)
{
    const auto unclassified = figures.unclassifiedOpen > 0 ? figures.unclassifiedOpen : figures.unclassifiedThenOpen;
    if (figures.unclassifiedUnseen && unclassified == 0)
        return QObject::tr("the unclassified failures drawn are gone: draw with another seed");
    if (!figures.unclassifiedUnseen && figures.open == 0)
        return QObject::tr("no failure of the sample has a cause in its text");
    return figures.unclassifiedUnseen
               ? QObject::tr("%1 unclassified failures unanswered").arg(countText(static_cast<double>(unclassified)))
               : QObject::tr("%1 failures unanswered").arg(countText(static_cast<double>(figures.open)));
}

QString whyPrecisionUnknown(const pipeline::AuditFigures &figures)
{
    return figures.classifiedOpen == 0 ? QObject::tr("no failure of the sample has a class")
                                       : QObject::tr("%1 classified failures unanswered")
                                             .arg(countText(static_cast<double>(figures.classifiedOpen)));
}

IntervalRow rowOf(const QString &label, const stats::Estimate &estimate, const QString &help, const QString &unknown)
{
    return {label,
            estimate.value,
            estimate.low,
            estimate.high,
            estimate.sampled > 0,
            help + QLatin1Char('\n')
                + QObject::tr("%1 of %2 looked at")
                      .arg(countText(static_cast<double>(estimate.right)),
                           countText(static_cast<double>(estimate.sampled))),
            unknown};
}

} // namespace

QVector<IntervalRow> overallRows(const pipeline::AuditFigures &figures)
{
    const QString unknown = whyUnknown(figures);
    return {rowOf(QObject::tr("Precision"), figures.precision,
                  QObject::tr("Right verdicts among those that name a class"), whyPrecisionUnknown(figures)),
            rowOf(QObject::tr("Coverage"), figures.coverage,
                  QObject::tr("Classified failures among those whose text names a cause"), unknown),
            rowOf(QObject::tr("Recall"), figures.recall,
                  QObject::tr("Rightly classified failures among those whose text names a cause"), unknown)};
}

std::vector<RowsModel<pipeline::AuditFigure>::Column> figureColumns(const QString &what)
{
    using Line = pipeline::AuditFigure;
    const auto seen = [](const Line &l) { return l.estimate.sampled > 0; };
    return {
        {what, [](const Line &l) { return text(l.name); }, {}, false, [](const Line &l) { return text(l.name); }, {}},
        {QObject::tr("Precision"),
         [seen](const Line &l) { return seen(l) ? shareText(l.estimate.value) : QString(QChar(0x2013)); },
         [seen](const Line &l) { return seen(l) ? l.estimate.value : -1.0; },
         true,
         {},
         {}},
        {QObject::tr("95 %"),
         [seen](const Line &l) {
             return seen(l) ? QObject::tr("%1 to %2").arg(shareText(l.estimate.low), shareText(l.estimate.high))
                            : QString();
         },
         [seen](const Line &l) { return seen(l) ? l.estimate.low : -1.0; },
         true,
         {},
         {}},
        {QObject::tr("Right"),
         [](const Line &l) {
             return QObject::tr("%1 of %2")
                 .arg(countText(static_cast<double>(l.estimate.right)),
                      countText(static_cast<double>(l.estimate.sampled)));
         },
         [](const Line &l) { return static_cast<double>(l.estimate.sampled); },
         true,
         {},
         {}},
    };
}

std::vector<CorrectionLine> correctionLines(const store::AuditSample &sample)
{
    std::vector<CorrectionLine> lines;
    for (const auto &item : sample.items) {
        if (!item.answer || item.classNow.empty())
            continue;
        const std::string said = item.answer->noCause() ? std::string(model::kUnclassified) : item.answer->errorClass;
        if (said == item.classNow)
            continue;
        lines.push_back(
            {item.id, item.attemptId, item.classNow, item.ruleNow, item.answer->errorClass, item.answer->rule});
    }
    return lines;
}

std::vector<RowsModel<CorrectionLine>::Column> correctionColumns()
{
    using Line = CorrectionLine;
    return {
        {QObject::tr("Verdict"),
         [](const Line &l) { return text(l.wrongClass); },
         {},
         false,
         [](const Line &l) { return l.wrongRule.empty() ? QObject::tr("no rule") : text(l.wrongRule); },
         {}},
        {QObject::tr("Your answer"),
         [](const Line &l) { return l.rightClass.empty() ? QObject::tr("no cause in the text") : text(l.rightClass); },
         {},
         false,
         [](const Line &l) { return text(l.rightRule); },
         {}},
    };
}

QString answerText(const store::AuditItem &item)
{
    if (!item.answer)
        return {};
    if (item.answer->noCause())
        return QObject::tr("no cause in the text");
    return item.answer->errorClass == item.classNow ? QObject::tr("correct")
                                                    : QObject::tr("wrong: %1").arg(text(item.answer->errorClass));
}

} // namespace mulligan::desktop
