#include "text/exception_list.hpp"

#include <QtTest>

#include <string>

using namespace mulligan::text;

class TestExceptionList : public QObject
{
    Q_OBJECT

private slots:
    void exceptionListText_value_isAsPythonPrintsIt_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const char *title, const QByteArray &json, const QByteArray &text) {
            QTest::newRow(title) << json << text;
        };
        const QByteArray head = "Traceback (most recent call last):\n";
        row("one", R"([{"exc_type":"KeyError","exc_value":"'x'","frames":[{"filename":"a.py"}]}])",
            head + "KeyError: 'x'");
        row("without a message", R"([{"exc_type":"KeyError","exc_value":""}])", head + "KeyError");
        row("with notes", R"([{"exc_type":"A","exc_value":"b\nc","exc_notes":["d","e"]}])", head + "A: b\nc\nd\ne");
        row("of a cause", R"([{"exc_type":"A","exc_value":"b"},{"exc_type":"C","exc_value":"d","is_cause":true}])",
            head + "C: d\n\nThe above exception was the direct cause of the following exception:\n\n" + head + "A: b");
        row("while another was handled",
            R"([{"exc_type":"A","exc_value":"b"},{"exc_type":"C","exc_value":"d","is_cause":false}])",
            head + "C: d\n\nDuring handling of the above exception, another exception occurred:\n\n" + head + "A: b");
        row("a group",
            R"([{"exc_type":"G","exc_value":"2","is_group":true,"exceptions":[[{"exc_type":"A","exc_value":"b"}],)"
            R"([{"exc_type":"C","exc_value":"d"}]]}])",
            head + "G: 2\n\n" + head + "A: b");
        row("a group of older versions",
            R"([{"exc_type":"G","exc_value":"2","exceptions":[{"stacks":[{"exc_type":"A","exc_value":"b"}]}]}])",
            head + "G: 2\n\n" + head + "A: b");
        row("a group of nothing", R"([{"exc_type":"G","exc_value":"2","exceptions":[[]]}])", head + "G: 2");
        row("an object", R"({"exc_type":"A","exc_value":"b"})", head + "A: b");
        row("other objects among them", R"([{"exc_type":"A","exc_value":"b"},{"x":1},7])", head + "A: b");
        row("another list", R"([{"message":"x"}])", "");
        row("an empty list", "[]", "");
        row("a text", R"("exc_type")", "");
    }
    void exceptionListText_value_isAsPythonPrintsIt()
    {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, text);
        const std::string bytes = json.toStdString();
        QCOMPARE(QByteArray::fromStdString(exceptionListText(readJsonTree(bytes)).value_or("")), text);
    }
};

QTEST_APPLESS_MAIN(TestExceptionList)
#include "tst_exception_list.moc"
