#include "synth/error_text.hpp"

#include "formats/line_reader.hpp"

#include <QRegularExpression>
#include <QtTest>

#include <set>

using namespace mulligan;
using namespace mulligan::synth;

namespace
{

std::vector<const Kind *> allKinds()
{
    std::vector<const Kind *> kinds;
    for (const auto &list :
         {memoryKinds(), burstKinds(), backgroundKinds(), incidentKinds(), timeoutKinds(), internalKinds()})
        for (const Kind &kind : list)
            kinds.push_back(&kind);
    return kinds;
}

} // namespace

class TestErrorText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_job = makeJob(makeWorld(1, 30), 7); }

    void kinds_haveIdsOfTheirOwnAndClasses()
    {
        std::set<std::string_view> ids;
        std::set<std::string_view> classes;
        for (const Kind *kind : allKinds()) {
            QVERIFY2(ids.insert(kind->id).second, std::string(kind->id).c_str());
            QVERIFY(!kind->texts.empty());
            QVERIFY(kind->low <= kind->high && kind->high <= 1.0);
            QVERIFY(kind->weight > 0.0 && kind->exitCode != 0);
            classes.insert(kind->errorClass);
        }
        QVERIFY2(classes.size() >= 50, std::to_string(classes.size()).c_str());
    }

    void failureText_ofEveryKindAndPhrasing_leavesNoPlaceholder()
    {
        static const QRegularExpression placeholder("\\{[A-Za-z0-9]+\\}");
        for (const Kind *kind : allKinds())
            for (int i = 0; i < 30; ++i) {
                Draw draw(std::uint64_t(i), kind->id);
                const ErrorText text = failureText(*kind, scene(), draw);
                const QString whole = QString::fromStdString(text.whole);
                QVERIFY2(!placeholder.match(whole).hasMatch(), text.whole.c_str());
                QVERIFY(whole.contains(QString::fromStdString(text.core)));
                QVERIFY(formats::isValidUtf8(text.whole));
            }
    }

    void failureText_drawnTwice_differsInItsNumbers()
    {
        for (const Kind *kind : allKinds()) {
            std::set<std::string> seen;
            for (int i = 0; i < 20; ++i) {
                Draw draw(std::uint64_t(i), kind->id);
                seen.insert(failureText(*kind, scene(), draw).whole);
            }
            QVERIFY2(seen.size() >= 15, std::string(kind->id).c_str());
        }
    }

    void failureText_ofAContainerKill_namesMoreThanItsLimit()
    {
        static const QRegularExpression sizes("([\\d.]+) GB of ([\\d.]+) GB physical");
        for (int i = 0; i < 40; ++i) {
            Draw draw(std::uint64_t(i), "sizes");
            const auto match =
                sizes.match(QString::fromStdString(failureText(memoryKind("container_yarn"), scene(), draw).core));
            QVERIFY(match.hasMatch());
            QVERIFY(match.captured(1).toDouble() >= match.captured(2).toDouble());
        }
    }

    void harmlessText_holdsNoError()
    {
        for (int i = 0; i < 100; ++i) {
            Draw draw(std::uint64_t(i), "harmless");
            const QString text = QString::fromStdString(harmlessText(scene(), draw));
            QVERIFY(!text.contains("ERROR") && !text.contains("Exception") && !text.contains('{'));
        }
    }

private:
    TextScene scene() const
    {
        return {m_job, m_job.resources, "run/1", "application_1_1", base::fromCivil(2026, 2, 3, 4, 5, 6), 5000.0,
                900.0};
    }
    Job m_job;
};

QTEST_GUILESS_MAIN(TestErrorText)
#include "tst_error_text.moc"
