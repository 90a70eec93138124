#include "ingest/mapping_proposal.hpp"
#include "ingest/null_words.hpp"

#include <QtTest>

#include <algorithm>

using namespace mulligan;
using namespace mulligan::ingest;

// Every export here is synthetic.

class TestNullWords : public QObject
{
    Q_OBJECT

private slots:
    void nullWordsOf_amongNumbersAndTimes_areFound()
    {
        const std::vector<std::vector<std::string>> columns = {
            {"load_a", "None", "-", "load_b"},                                           // names
            {"12", "n/a", "14", "N/A"},                                                  // numbers
            {"2026-03-01 10:00:00", "2026-03-01 11:00:00", "--", "2026-03-02 09:00:00"}, // times
            {"12,5", "#N/A", "1,5", "2,5"},                                              // with a decimal comma
            {"", "", "?", ""},                                                           // nothing else
        };
        QCOMPARE(nullWordsOf(columns), (std::vector<std::string>{"#N/A", "--", "N/A", "n/a"}));
    }
    void nullWordsOf_categories_keepTheirWords()
    {
        QVERIFY(nullWordsOf({{"failed", "none", "success", "none"}, {"NA", "EU", "NA", "US"}}).empty());
        QVERIFY(nullWordsOf({}).empty());
    }
    void proposeMapping_daysOfExcelBesideNotAvailable_areTimes()
    {
        const std::string text = "Job;Run;State;Start;End;Cost\n"
                                 "load;1;success;46082,25;46082,5;1,5\n"
                                 "load;2;failed;46083,25;n/a;n/a\n"
                                 "load;3;success;46084,25;46084,75;2,5\n"
                                 "load;4;failed;46085,25;n/a;-\n";
        const Proposal proposal = proposeMapping({text, false}, "runs.csv");
        QVERIFY(proposal.open.empty());
        QCOMPARE(proposal.mapping.nulls, (std::vector<std::string>{"NULL", "null", "\\N", "-", "n/a"}));
        QCOMPARE(proposal.mapping.numbers.decimal, std::string(","));
        const auto ended = std::find_if(proposal.columns.begin(), proposal.columns.end(),
                                        [](const ColumnProfile &column) { return column.name == "End"; });
        QCOMPARE(ended->time, std::string("excel"));
        QCOMPARE(ended->odd, std::size_t(0));
        const auto says = [&](const std::string &part) {
            return proposalText(proposal).find(part) != std::string::npos;
        };
        QVERIFY(says("'-', 'n/a' among numbers or times"));
    }
};

QTEST_GUILESS_MAIN(TestNullWords)
#include "tst_null_words.moc"
