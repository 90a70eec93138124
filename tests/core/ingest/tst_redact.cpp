#include "ingest/redact.hpp"

#include <QtTest>

#include <chrono>

using namespace mulligan;
using namespace mulligan::ingest;

// Every secret below was made up for this test; none ever opened anything. They are put together from pieces so that
// scanners which look for secrets in sources stay quiet.

class TestRedact : public QObject
{
    Q_OBJECT

private slots:
    void redact_secret_isReplacedByItsKind_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        const QString akia = QStringLiteral("AKIA") + "QZ7XK3M5P2RT9WVB";
        const QString asia = QStringLiteral("ASIA") + "QZ7XK3M5P2RT9WVB";
        const QString secret40 = QStringLiteral("hT7w/Qm3Zk+9sVb2Nc5Xy8Lp1Rd4") + "Gf6JaE0uHiKo";
        const QString jwt =
            QStringLiteral("eyJ") + "hbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbmEiLCJuIjo3fQ." + "c2lnbmF0dXJlLW1hZGUtdXA";
        QTest::newRow("an AWS access key id") << "signed by " + akia + ", denied"
                                              << "signed by [redacted:aws_key], denied";
        QTest::newRow("a temporary AWS key id") << "(" + asia + ")"
                                                << "([redacted:aws_key])";
        QTest::newRow("an AWS secret in the environment") << "AWS_SECRET_ACCESS_KEY=" + secret40 + "\nnext"
                                                          << "AWS_SECRET_ACCESS_KEY=[redacted:aws_secret]\nnext";
        QTest::newRow("an AWS secret in JSON") << "{\"SecretAccessKey\": \"" + secret40 + "\",\"x\":1}"
                                               << "{\"SecretAccessKey\": \"[redacted:aws_secret]\",\"x\":1}";
        QTest::newRow("an S3A secret as a property")
            << "--conf spark.hadoop.fs.s3a.secret.key=" + secret40 + " app.jar"
            << "--conf spark.hadoop.fs.s3a.secret.key=[redacted:aws_secret] app.jar";
        QTest::newRow("a session token") << "AWS_SESSION_TOKEN=FwoGZXIvYXdzEJr1//2aDK9c"
                                         << "AWS_SESSION_TOKEN=[redacted:token]";
        QTest::newRow("a JSON web token") << "got " + jwt + " from"
                                          << "got [redacted:jwt] from";
        QTest::newRow("a bearer header") << "Authorization: Bearer a1b2c3d4e5f6.g7h8"
                                         << "Authorization: Bearer [redacted:token]";
        QTest::newRow("a bearer header with a web token")
            << "authorization: bearer " + jwt << "authorization: bearer [redacted:jwt]";
        QTest::newRow("a basic header") << "Authorization: Basic YW5hOmh1bnRlcjI="
                                        << "Authorization: Basic [redacted:password]";
        QTest::newRow("a password in a JDBC URL")
            << "jdbc:postgresql://db:5432/x?user=ana&password=s3cr3t&ssl=true"
            << "jdbc:postgresql://db:5432/x?user=ana&password=[redacted:password]&ssl=true";
        QTest::newRow("a password behind a semicolon")
            << "jdbc:sqlserver://db;user=sa;password=P@ss!w0rd;encrypt=true"
            << "jdbc:sqlserver://db;user=sa;password=[redacted:password];encrypt=true";
        QTest::newRow("Oracle's user and password") << "jdbc:oracle:thin:scott/tigerX1@//db:1521/orcl"
                                                    << "jdbc:oracle:thin:scott/[redacted:password]@//db:1521/orcl";
        QTest::newRow("user information of an address")
            << "clone of https://ana:hunter2@example.org/r.git failed"
            << "clone of https://ana:[redacted:password]@example.org/r.git failed";
        QTest::newRow("a connection string with @ in the password") << "amqp://svc:p@ss@mq:5672/v"
                                                                    << "amqp://svc:[redacted:password]@mq:5672/v";
        QTest::newRow("a password in YAML") << "  password: hunter2\n  user: ana"
                                            << "  password: [redacted:password]\n  user: ana";
        QTest::newRow("a quoted password") << "connect(user='ana', password='hunter two')"
                                           << "connect(user='ana', password='[redacted:password]')";
        QTest::newRow("a password in escaped JSON") << R"({\"password\":\"hunter2\",\"user\":\"ana\"})"
                                                    << R"({\"password\":\"[redacted:password]\",\"user\":\"ana\"})";
        QTest::newRow("a password as an option") << "sqoop import --password hunter2 --table t"
                                                 << "sqoop import --password [redacted:password] --table t";
        QTest::newRow("a password in XML") << "<password>hunter2</password>"
                                           << "<password>[redacted:password]</password>";
        QTest::newRow("a Hadoop property")
            << "<name>javax.jdo.option.ConnectionPassword</name>\n<value>hunter2</value>"
            << "<name>javax.jdo.option.ConnectionPassword</name>\n<value>[redacted:password]</value>";
        QTest::newRow("a signed S3 address")
            << "GET "
               "https://b.example.org/"
               "k?X-Amz-Date=20260102T030405Z&X-Amz-Signature=0123abcd4567ef890123abcd4567ef89&x=1"
            << "GET https://b.example.org/k?X-Amz-Date=20260102T030405Z&X-Amz-Signature=[redacted:signature]&x=1";
        QTest::newRow("a shared access signature") << "wasbs://x?sv=2020&sig=Zm9vYmFyMTIzNDU2Nzg5%3D&se=2026"
                                                   << "wasbs://x?sv=2020&sig=[redacted:signature]&se=2026";
        QTest::newRow("an Azure connection string")
            << "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=Zm9vYmFyMTIz+45/6789==;EndpointSuffix=x"
            << "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=[redacted:secret];EndpointSuffix=x";
        QTest::newRow("a private key")
            << "key:\n-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nAbc\n-----END RSA PRIVATE KEY-----\nend"
            << "key:\n[redacted:private_key]\nend";
        QTest::newRow("a private key that is cut short") << "-----BEGIN PRIVATE KEY-----\nMIIEowIBAAKCAQEAabcdefgh\nij"
                                                         << "[redacted:private_key]";
        QTest::newRow("a GitHub token") << QStringLiteral("token gh") + "p_abcdefghijklmnopqrstuvwxyz0123456789"
                                        << "token [redacted:github_token]";
        QTest::newRow("a fine-grained GitHub token")
            << QStringLiteral("github") + "_pat_11ABCDEFG0abcdefghij_klmnopqrstuvwxyz"
            << "[redacted:github_token]";
        QTest::newRow("a Slack token") << QStringLiteral("xox") + "b-123456789012-abcdefABCDEF"
                                       << "[redacted:slack_token]";
        QTest::newRow("a Slack web hook")
            << QStringLiteral("https://hooks.slack.com/serv") + "ices/T0001/B0002/abcdefABCDEF123456 failed"
            << "https://hooks.slack.com/services/[redacted:slack_token] failed";
        QTest::newRow("a Databricks token") << QStringLiteral("dap") + "i0123456789abcdef0123456789abcdef-2 expired"
                                            << "[redacted:databricks_token] expired";
        QTest::newRow("a Google key") << QStringLiteral("AIz") + "aSyA1234567890abcdefghijklmnopqrstuv"
                                      << "[redacted:google_key]";
        QTest::newRow("a Google access token") << QStringLiteral("ya2") + "9.a0AfH6SMBx1234567890abcdef"
                                               << "[redacted:google_key]";
        QTest::newRow("a client secret") << "client_secret=Qw8~abcDEF.ghi, tenant=t"
                                         << "client_secret=[redacted:secret], tenant=t";
        QTest::newRow("an API key") << "x-api-key: 9f8e7d6c5b4a39281706"
                                    << "x-api-key: [redacted:token]";
        QTest::newRow("a GitLab token") << QStringLiteral("glp") + "at-abcdefghij0123456789"
                                        << "[redacted:token]";
    }
    void redact_secret_isReplacedByItsKind()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        std::string redacted = text.toStdString();
        const std::size_t count = Redactor().redact(redacted);
        QCOMPARE(QString::fromStdString(redacted), expected);
        QCOMPARE(count, std::size_t(1));
        // A second pass finds nothing.
        QCOMPARE(Redactor().redact(redacted), std::size_t(0));
        QCOMPARE(QString::fromStdString(redacted), expected);
    }

    void redact_lookAlike_staysAsItIs_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("a git hash") << "at commit 3f2a9c1d4b5e6f708192a3b4c5d6e7f8091a2b3c";
        QTest::newRow("a UUID") << "query 550e8400-e29b-41d4-a716-446655440000 failed";
        QTest::newRow("an application id") << "application_1700000000000_0042 FAILED";
        QTest::newRow("class names") << "at org.apache.hadoop.security.token.Token.decode(Token.java:217)";
        QTest::newRow("a stack frame with key words") << "at com.example.PasswordCheck.verify(PasswordCheck.java:31)";
        QTest::newRow("words about a password") << "FATAL: password authentication failed for user \"ana\"";
        QTest::newRow("a prompt's answer in words") << "Invalid password: must be changed first";
        QTest::newRow("an unexpected token of SQL") << "unexpected token: SELECT near line 4";
        QTest::newRow("a token's kind") << "Kind: HDFS_DELEGATION_TOKEN, Service: 10.0.0.1:8020";
        QTest::newRow("a count of tokens") << "maxTokens=4096, tokens: 12";
        QTest::newRow("a password file") << "javax.net.ssl.keyStorePasswordFile=/etc/pw.txt, password.file=/etc/pw";
        QTest::newRow("an empty password") << "password=, user=ana";
        QTest::newRow("a masked password") << "password=******** url=x";
        QTest::newRow("what Spark redacted itself") << "spark.password=*********(redacted)";
        QTest::newRow("a reference to a variable") << "password=${DB_PASSWORD} pwd=$DB_PASSWORD";
        QTest::newRow("null") << "password=null, token=null";
        QTest::newRow("a comparison in code") << "if (password == expected) token != other";
        QTest::newRow("the shell's folder") << "PWD=/home/ana/work OLDPWD=/";
        QTest::newRow("an address without user") << "Connection to https://example.org:8443/a@b refused";
        QTest::newRow("host and port") << "s3a://bucket/key at 10.1.2.3:9000";
        QTest::newRow("a method's signature") << "no such signature: (ILjava/lang/String;)V";
        QTest::newRow("basic in words") << "basic authentication is off; bearer token missing";
        QTest::newRow("a public key")
            << "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----";
        QTest::newRow("the header named in words") << "expected -----BEGIN PRIVATE KEY----- at the top";
        QTest::newRow("a partition key") << "partition key=2026-01-02, sort.key=ab12cd34ef";
        QTest::newRow("an access key that is too long") << "AKIAQZ7XK3M5P2RT9WVBX7";
        QTest::newRow("a Kubernetes secret's name") << "secretName: spark-driver-conf";
        QTest::newRow("a word with dapi") << "sandapi0123456789abcdef0123456789abcdef";
        QTest::newRow("nothing") << "";
    }
    void redact_lookAlike_staysAsItIs()
    {
        QFETCH(QString, text);
        std::string redacted = text.toStdString();
        QCOMPARE(Redactor().redact(redacted), std::size_t(0));
        QCOMPARE(QString::fromStdString(redacted), text);
    }

    void redact_severalSecrets_areAllFound()
    {
        std::string text = "a password=one1 b password=two2 c https://u:three3@h/ d";
        QCOMPARE(Redactor().redact(text), std::size_t(3));
        QCOMPARE(text, std::string("a password=[redacted:password] b password=[redacted:password] c "
                                   "https://u:[redacted:password]@h/ d"));
    }

    void redact_config_hidesValuesOfSecretProperties()
    {
        model::Config config{{"fs.azure.account.key.store.dfs.core.windows.net", "Zm9vYmFy"},
                             {"fs.azure.account.oauth2.client.secret.store.dfs.core.windows.net", "abc"},
                             {"spark.hadoop.fs.s3a.secret.key", "abc"},
                             {"spark.ssl.keyPassword", "abc def"},
                             {"spark.my.token", "a1b2c3d4e5"},
                             {"spark.password.file", "/etc/pw"},
                             {"spark.kubernetes.authenticate.driver.oauthTokenFile", "/var/run/token"},
                             {"spark.executor.memory", "4g"},
                             {"spark.jdbc.url", "jdbc:x://h?password=abc1"}};
        QCOMPARE(Redactor().redact(config), std::size_t(6));
        QCOMPARE(config.at("fs.azure.account.key.store.dfs.core.windows.net"), std::string("[redacted:secret]"));
        QCOMPARE(config.at("fs.azure.account.oauth2.client.secret.store.dfs.core.windows.net"),
                 std::string("[redacted:secret]"));
        QCOMPARE(config.at("spark.ssl.keyPassword"), std::string("[redacted:password]"));
        QCOMPARE(config.at("spark.my.token"), std::string("[redacted:token]"));
        QCOMPARE(config.at("spark.password.file"), std::string("/etc/pw"));
        QCOMPARE(config.at("spark.kubernetes.authenticate.driver.oauthTokenFile"), std::string("/var/run/token"));
        QCOMPARE(config.at("spark.executor.memory"), std::string("4g"));
        QCOMPARE(config.at("spark.jdbc.url"), std::string("jdbc:x://h?password=[redacted:password]"));
        QCOMPARE(Redactor().redact(config), std::size_t(0));
    }

    void redact_anchorsWithoutEnd_takeLinearTime()
    {
        // Texts made of nothing but anchors are the worst case of every look-around.
        for (const std::string &piece : {std::string("password="), std::string("://a:"), std::string("-----BEGIN "),
                                         std::string("eyJ"), std::string("<a>"), std::string("--token "),
                                         std::string("\\\""), std::string(":"), std::string("password=\"")}) {
            std::string text;
            while (text.size() < (1u << 20))
                text += piece;
            const auto begin = std::chrono::steady_clock::now();
            Redactor().redact(text);
            const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
            QVERIFY2(took.count() < 2.0, piece.c_str());
        }
    }
};

QTEST_GUILESS_MAIN(TestRedact)
#include "tst_redact.moc"
