#include "ingest/redact.hpp"

#include <QtTest>

#include <chrono>

using namespace mulligan::ingest;

// Every secret below is synthetic: none ever opened anything.

/// Secrets that stand in statements, lists and sentences, and what only sounds like them.
class TestRedactStatements : public QObject
{
    Q_OBJECT

    static void add(const char *name, const QString &text, const QString &secret, const char *kind = "password")
    {
        QTest::newRow(name) << QString(text).replace("%1", secret)
                            << QString(text).replace("%1", QStringLiteral("[redacted:") + kind + "]");
    }

    static void columns()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
    }

    static void check()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        std::string redacted = text.toStdString();
        Redactor redactor;
        redactor.redact(redacted);
        QCOMPARE(QString::fromStdString(redacted), expected);
        QCOMPARE(redactor.redact(redacted), std::size_t(0));
        QCOMPARE(QString::fromStdString(redacted), expected);
    }

private slots:
    void sql_password_isReplaced_data()
    {
        columns();
        add("quoted, of Oracle", "ORA-00988 at IDENTIFIED BY \"%1\"", "Tiger#2024x");
        add("bare, of Oracle", "IDENTIFIED BY %1", "Tiger2026x");
        add("bare in a statement", "alter user scott identified by %1;", "tiger");
        add("bare with an old one behind it", "ALTER USER a IDENTIFIED BY %1 ACCOUNT UNLOCK", "tiger");
        add("of MySQL", "CREATE USER 'ana'@'%' IDENTIFIED BY '%1'", "Tiger#x");
        add("of a grant", "grant all on db.* to 'ana'@'h' identified by '%1' with grant option", "tiger");
        add("of a plugin", "CREATE USER ana IDENTIFIED WITH mysql_native_password BY '%1'", "tiger");
        add("a hash of MySQL", "CREATE USER a IDENTIFIED BY PASSWORD '%1'",
            "*6BB4837EB74329105EE4568DDA7DC67ED2CA2AD9");
        add("a hash of Oracle", "alter user a identified by values '%1'", "S:8F2D65FB5547B71C8DA3760F10960428");
        add("of a link", "create database link l connect to scott identified by %1 using 'db'", "tiger");
        add("over two lines", "CREATE USER ana\n  IDENTIFIED BY\n  '%1'", "tiger");
        add("of PostgreSQL", "CREATE ROLE ana LOGIN PASSWORD '%1'", "Tiger#2025x");
        add("encrypted, of PostgreSQL", "alter role ana with encrypted password '%1'", "tiger");
        add("an escape string", "ALTER USER ana WITH PASSWORD E'%1'", "tiger");
        add("a fragment", "syntax error at or near \"PASSWORD '%1'\"", "Tiger#2025x");
    }
    void sql_password_isReplaced() { check(); }

    void spoken_password_isReplaced_data()
    {
        columns();
        add("in a sentence", "Login failed, password is \"%1\"", "Sp0kenPw");
        add("over two lines in quotes", "password: \"%1\"\nnext", "multi\nlineZZ06");
        add("below its name", "secretKey =>\n   %1\nnext", "mult1lineS3c", "secret");
        add("a secret's value", "my_secret_value: %1", "ZZ04aB3dE5fG7hJ9kL1mN3pQ5rS", "secret");
        add("a variable of Hive", "set hivevar:pw=%1;", "ZZ24val");
        add("a short name", "db_pw=%1", "geheim");
        add(".netrc on a line", "machine h.example.org login ana password %1", "geheim");
        add(".netrc on three lines", "machine h\n  login ana\n  password %1\nmachine i", "geheim");
        add("the default of .netrc", "default login ana password %1", "geheim");
        add(".pgpass", "# hosts\ndb.example.org:5432:*:ana:%1\n", "ZZ23val");
        add("a digest with another order", "Digest realm=\"r\", username=\"b\", response=\"%1\"",
            "0a1b2c3d4e5f60718293a4b5c6d7e8f9", "digest");
        add("a digest that is short", "Digest username=\"b\", response=\"%1\"", "ZZ33resp", "digest");
        add("Python's requests", "requests.get(url, auth=('ana', '%1'))", "geheim");
        add("Python's requests by name", "auth=HTTPBasicAuth(\"ana\", \"%1\")", "geheim");
        add("a tool of Oracle", "sqlldr userid=bob/%1@ORCL control=x.ctl", "tiger");
        add("a login of Oracle", "user=bob/%1@ORCL", "ZZ14pw");
        add("a row of a table", "+---+\n| password | %1 |\n+---+", "ZZ10table");
        add("a row of a table that is a key", "|api_key | %1|", "a1b2c3d4e5f6", "api_key");
        add("a refresh token of Google", "got %1.", "1//0gZZ35aB3dE5fG7hJ9kL1mN3pQ5rS7tU9aB3dE5fG7hJ9kL1m",
            "google_key");
        add("in Japanese", "パスワード: %1 が違います", "jpS3cret99");
        add("in Japanese with a wide colon", "パスワード：%1です", "jpS3cret99");
        add("in Japanese with an equals sign", "パスワード=%1\n", "geheim");
        add("in German", "Kennwort=%1", "deS3cret99");
    }
    void spoken_password_isReplaced() { check(); }

    void lookAlike_staysAsItIs_data()
    {
        QTest::addColumn<QString>("text");
        const auto lookAlike = [](const char *name, const char *text) { QTest::newRow(name) << QString(text); };
        lookAlike("identified in words", "The resource identified by 'arn:aws:s3:::b/k' was not found");
        lookAlike("identified by an id", "container identified by container_e18_1628109047826_1317105_01_000002");
        lookAlike("identified by a field", "user ana is identified by uid=5012 in this realm");
        lookAlike("a grammar of SQL", "expected IDENTIFIED BY password or IDENTIFIED EXTERNALLY");
        lookAlike("a placeholder of SQL", "CREATE USER ana IDENTIFIED BY '<password>'");
        lookAlike("no password of SQL", "ALTER ROLE ana PASSWORD NULL; PASSWORD EXPIRE");
        lookAlike("certificates", "notification: artifact certificate for identity 12 was identified");
        lookAlike("a password in a sentence",
                  "the password is \"too short\"; password is 'expired'; password is wrong");
        lookAlike("a password of a user", "password 'expired' for login ana");
        lookAlike("a quote that opens below", "password: \"\nuser \"ana\" is locked");
        lookAlike("a map below", "secrets =>\n  db => prod\n");
        lookAlike("a key's map", "secretKey =>\n  name => prod-1, size => 2");
        lookAlike("widths", "pw=12 ph=30 max_pw=400 img.pw=7 npw=a1b2c3");
        lookAlike("a field of an object", "self.pw = pw\nthis.password = password;");
        lookAlike("a folder", "cd /data/user.pw/x; stat _pwait");
        lookAlike("a login in words", "after login ana password is asked for; the login page password field");
        lookAlike("a port", "10.0.0.1:5432: connection refused, db:5432:app is down");
        lookAlike("a port in a line of states", "db:5432:app:ana:running");
        lookAlike("numbers with colons", "12:5432:1:2:3");
        lookAlike("a digest's challenge", "WWW-Authenticate: Digest realm=\"r1\", nonce=\"a1b2c3d4e5f6a7b8\"");
        lookAlike("an author", "author=('Ana','B3a x') and auth=('user', 'password') auth=(user, pw)");
        lookAlike("an auth type", "auth=('basic',) oauth(scope='x1y2z3')");
        lookAlike("a principal of Kerberos", "user=hive/node-01a.example.org@EXAMPLE.ORG (auth:KERBEROS)");
        lookAlike("a principal with a short host", "user=yarn/node01a@ACME user=spark/_HOST@ACME");
        lookAlike("a user's path", "user=ana/x override=true userid=5012 driver=/a@b");
        lookAlike("the header of a table", "| password | created |\n|user|password|token|");
        lookAlike("a table of types", "| password | string |\n| token_type | a1b2c3d4 |");
        lookAlike("a table of three columns", "| password | a1b2c3d4 | ana |");
        lookAlike("an address with a number", "http://01.example.org/1//0 and 1//0gshort");
        lookAlike("Japanese words", "パスワード: 間違っています、パスワード:OKでした、パスワードは正しくない");
        lookAlike("German words", "Kennwortlaenge: 12, das Kennwort ist falsch");
    }
    void lookAlike_staysAsItIs()
    {
        QFETCH(QString, text);
        std::string redacted = text.toStdString();
        Redactor().redact(redacted);
        QCOMPARE(QString::fromStdString(redacted), text);
    }

    void redact_signsWithoutEnd_takeLinearTime()
    {
        for (const std::string &piece :
             {std::string("IDENTIFIED BY "), std::string("create user identified"), std::string("x:5432:"),
              std::string("\nh:5432:a:b:"), std::string("login a password "), std::string("| password "),
              std::string("secretKey =>\n"), std::string("auth=('"), std::string("userid=a/"), std::string("user=a/"),
              std::string("パスワード:"), std::string("password: \"\n"), std::string("1//0"), std::string("://;a="),
              std::string("digest a=")}) {
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

QTEST_GUILESS_MAIN(TestRedactStatements)
#include "tst_redact_statements.moc"
