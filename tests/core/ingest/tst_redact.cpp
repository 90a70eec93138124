#include "ingest/redact.hpp"

#include <QtTest>

#include <chrono>

using namespace mulligan;
using namespace mulligan::ingest;

// Every secret below is synthetic: none ever opened anything. tst_redact_kinds.cpp holds the shapes.

namespace
{

std::shared_ptr<const RedactionRules> rulesOf(RedactionSettings settings)
{
    auto rules = RedactionRules::make(std::move(settings));
    return rules ? *rules : nullptr;
}

QString redactedWith(const RedactionSettings &settings, const QString &text)
{
    std::string out = text.toStdString();
    Redactor redactor(rulesOf(settings));
    redactor.redact(out);
    // Twice is as good as once.
    std::string again = out;
    return redactor.redact(again) == 0 && again == out ? QString::fromStdString(out) : QStringLiteral("not settled");
}

} // namespace

class TestRedact : public QObject
{
    Q_OBJECT

private slots:
    void redact_severalSecrets_areAllFound()
    {
        std::string text = "a password=one1 b password=two2 c https://u:three3@h/ d";
        QCOMPARE(Redactor().redact(text), std::size_t(3));
        QCOMPARE(text, std::string("a password=[redacted:password] b password=[redacted:password] c "
                                   "https://u:[redacted:password]@h/ d"));
    }

    void redact_severalKinds_areCountedByKind()
    {
        Redactor redactor;
        std::string text = "password=one1 token=a1b2c3d4e5";
        redactor.redact(text);
        text = "pwd=two2";
        redactor.redact(text);
        QCOMPARE(redactor.counts(), (RedactionCounts{{"password", 2}, {"token", 1}}));
    }

    void redact_secretOfTwoKinds_isReplacedOnce()
    {
        std::string text = QStringLiteral("password=gh%1").arg("p_abcdefghijklmnopqrstuvwxyz0123456789").toStdString();
        QCOMPARE(Redactor().redact(text), std::size_t(1));
        QCOMPARE(text, std::string("password=[redacted:github_token]"));
    }

    void redact_secretBesideOtherScripts_keepsThem()
    {
        std::string text = "Fehler für „Ana“: パスワード password=geheim7 — Ende";
        QCOMPARE(Redactor().redact(text), std::size_t(1));
        QCOMPARE(text, std::string("Fehler für „Ana“: パスワード password=[redacted:password] — Ende"));
    }

    void redact_attempt_goesThroughEveryText()
    {
        model::Attempt attempt;
        attempt.errorText = "password=one1";
        attempt.rootCause = "password=one2";
        attempt.config = {{"x", "password=one3"}};
        for (std::string *name :
             {&attempt.job, &attempt.run, &attempt.workflow, &attempt.owner, &attempt.team, &attempt.cluster,
              &attempt.queue, &attempt.applicationId, &attempt.action, &attempt.policyVersion})
            *name = "password=one4";
        QCOMPARE(Redactor().redact(attempt), std::size_t(13));
        QCOMPARE(attempt.job, std::string("password=[redacted:password]"));
    }

    void redact_namesThatTellAttemptsApart_stayApartByAKey_data()
    {
        QTest::addColumn<QString>("one");
        QTest::addColumn<QString>("other");
        QTest::addColumn<QString>("shape");
        QTest::newRow("addresses") << "nb of ann@x.org"
                                   << "nb of bob@x.org"
                                   << "^nb of \\[redacted:email#[0-9a-f]{12}\\]$";
        QTest::newRow("users") << "/home/ann/nb"
                               << "/home/bob/nb"
                               << "^/home/\\[redacted:user#[0-9a-f]{12}\\]/nb$";
        QTest::newRow("both in one") << "/Users/ann@x.org/nb"
                                     << "/Users/ann@y.org/nb"
                                     << "^/Users/\\[redacted:email#[0-9a-f]{12}\\]/nb$";
        QTest::newRow("a user's pattern") << "EMP-111111"
                                          << "EMP-222222"
                                          << "^\\[redacted:employee#[0-9a-f]{12}\\]$";
        QTest::newRow("a kind of ours") << "x password=hunter2a"
                                        << "x password=hunter2b"
                                        << "^x password=\\[redacted:password#[0-9a-f]{12}\\]$";
    }
    void redact_namesThatTellAttemptsApart_stayApartByAKey()
    {
        QFETCH(QString, one);
        QFETCH(QString, other);
        QFETCH(QString, shape);
        auto rules = RedactionRules::make({true, true, {}, {{"employee", "EMP-\\d{6}", "", "EMP-004711", "", 0}}});
        QVERIFY(rules.has_value());
        const auto redacted = [&](const QString &name, const char *key) {
            model::Attempt attempt;
            attempt.job = attempt.run = attempt.applicationId = attempt.team = name.toStdString();
            Redactor redactor(*rules, key);
            redactor.redact(attempt);
            const model::Attempt once = attempt;
            redactor.redact(attempt);
            return attempt == once ? once : model::Attempt();
        };
        const model::Attempt first = redacted(one, "k1");
        QVERIFY2(QRegularExpression(shape).match(QString::fromStdString(first.job)).hasMatch(), first.job.c_str());
        QCOMPARE(first.run, first.job);
        QCOMPARE(first.applicationId, first.job);
        QVERIFY(first.team.find('#') == std::string::npos);
        QVERIFY(first.job != redacted(other, "k1").job);
        QCOMPARE(redacted(one, "k1").job, first.job);
        QVERIFY(redacted(one, "k2").job != first.job);
        QCOMPARE(redacted(one, "").job, first.team);
    }

    void redact_emails_onlyWhenAskedFor_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        QTest::newRow("an address") << "owner ana.b+x@example.org."
                                    << "owner [redacted:email].";
        QTest::newRow("one in angle brackets") << "Ana <ana@mail.example.org>"
                                               << "Ana <[redacted:email]>";
        QTest::newRow("a link") << "mailto:ana@example.org"
                                << "mailto:[redacted:email]";
        QTest::newRow("two of them") << "ana@example.org,bea@example.org"
                                     << "[redacted:email],[redacted:email]";
        QTest::newRow("a user of a repository") << "ssh://git@example.org/x"
                                                << "ssh://git@example.org/x";
        QTest::newRow("an object's address in Java") << "com.example.Job@7f3b2c"
                                                     << "com.example.Job@7f3b2c";
        QTest::newRow("a Kerberos principal without a dot") << "ana@REALM"
                                                            << "ana@REALM";
        const auto add = [](const char *name, const QString &text) {
            QTest::newRow(name) << QString(text).replace("%1", "ana.b@example.org")
                                << QString(text).replace("%1", "[redacted:email]");
        };
        const auto keep = [](const char *name, const char *text) { QTest::newRow(name) << text << text; };
        add("a notebook's path", "/Users/%1/nb and /Workspace/Users/%1/nb");
        add("a path of a file system", "dbfs:/user/%1, s3://b/%1/x, x/%1 x");
        add("a path alone", "/%1");
        add("the user of a web page", "https://%1/x");
        add("one escaped for the web", "https://h.example.org/u%2F%1");
        QTest::newRow("its sign escaped as well") << "?q=ana.b%40example.org&u=%2Fana%40example.org"
                                                  << "?q=[redacted:email]&u=%2F[redacted:email]";
        keep("containers and buckets", "abfss://data@acct.dfs.core.windows.net/x, wasbs:\\/\\/c@a.blob.example.net, "
                                       "s3a://bucket@x.example.org/k");
        keep("an endpoint of Spark", "spark://CoarseGrainedScheduler@node-1.example.org:4040");
        keep("a container in an escaped address", "abfss%3A%2F%2Fdata%40acct.dfs.core.windows.net");
        keep("a service's principal", "hive/node-1.example.org@EXAMPLE.ORG, HTTP/_HOST@EXAMPLE.ORG");
        keep("a repository in a path", "x/git@example.org:o/r.git");
    }
    void redact_emails_onlyWhenAskedFor()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        QCOMPARE(redactedWith({true, false, {}, {}}, text), expected);
        QCOMPARE(redactedWith({}, text), text);
    }

    void redact_userPaths_keepTheirShape_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        const auto add = [](const char *name, const QString &text) {
            QTest::newRow(name) << QString(text).replace("%1", "ana") << QString(text).replace("%1", "[redacted:user]");
        };
        add("a home folder", "cannot read /home/%1/jobs/x.py");
        add("a home folder alone", "in /home/%1.");
        add("a home folder of macOS", "/Users/%1/x");
        add("a home folder of Windows", "C:\\Users\\%1\\x");
        add("one in escaped text", "C:\\\\Users\\\\%1\\\\x");
        add("one in HDFS", "hdfs:///user/%1/out, hdfs://nn:8020/user/%1");
        add("one in a bucket", "s3a://data/user/%1/part-0");
        add("one of a service", "/user/hive/warehouse/x, /home/hadoop/y, /home/spark");
        add("other folders", "/usr/home2/x /data/users/x");
    }
    void redact_userPaths_keepTheirShape()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        QCOMPARE(redactedWith({false, true, {}, {}}, text), expected);
        QCOMPARE(redactedWith({}, text), text);
    }

    void redact_owner_isAUserWhereTheirPathsAre()
    {
        model::Attempt attempt;
        attempt.owner = "ana";
        Redactor redactor(rulesOf({false, true, {}, {}}));
        QCOMPARE(redactor.redact(attempt), std::size_t(1));
        QCOMPARE(attempt.owner, std::string("[redacted:user]"));
        QCOMPARE(redactor.redact(attempt), std::size_t(0));
        attempt.owner = "airflow";
        QCOMPARE(redactor.redact(attempt), std::size_t(0));
    }

    void redact_allowedLiteral_stays()
    {
        QCOMPARE(redactedWith({false, false, {"changeme", "x"}, {}}, "password=changeme password=hunter2"),
                 QString("password=changeme password=[redacted:password]"));
    }

    void redact_patternOfRules_replacesItsGroup()
    {
        const RedactionSettings settings{false,
                                         false,
                                         {},
                                         {{"employee", "EMP-(?<id>\\d{6})", "id", "by EMP-004711", "TEMP-1", 0},
                                          {"host", "\\bnode-\\d+\\b", "", "node-12", "", 0}}};
        QCOMPARE(redactedWith(settings, "EMP-123456 and EMP-654321 on node-7, password=x1"),
                 QString("EMP-[redacted:employee] and EMP-[redacted:employee] on [redacted:host], "
                         "password=[redacted:password]"));
    }

    void redact_patternThatMatchesMarkers_leavesThem()
    {
        const RedactionSettings settings{false, false, {}, {{"word", "[a-z]{4,}", "", "abcd", "", 0}}};
        QCOMPARE(redactedWith(settings, "password=x1 AB abcd"),
                 QString("[redacted:word]=[redacted:password] AB [redacted:word]"));
    }

    void redact_patternThatSplitsACharacter_takesAllOfIt()
    {
        const RedactionSettings settings{false, false, {}, {{"tail", "a.", "", "ab", "", 0}}};
        QCOMPARE(redactedWith(settings, QString::fromUtf8("xaöy")), QString("x[redacted:tail]y"));
    }

    void redact_patternThatRunsOutOfSteps_keepsTheTextAndSaysSo()
    {
        Redactor redactor(rulesOf({false, false, {}, {{"slow", "(a+)+b|(?:a|aa)+$", "", "aab", "", 0}}}));
        std::string text = std::string(4096, 'a') + "c password=x1";
        redactor.redact(text);
        QCOMPARE(text, std::string(4096, 'a') + "c password=[redacted:password]");
        QCOMPARE(redactor.warnings().size(), std::size_t(1));
        QVERIFY(redactor.warnings().front().find("'slow' ran out of steps on 1 text") != std::string::npos);
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
                             {"spark.kubernetes.driver.secretKeyRef.DB", "db:pw"},
                             {"spark.kubernetes.driver.secrets.spark", "/etc/secrets"},
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

    void redact_setting_isHiddenForItsNameUnlessItsValueIsPlainlyNoSecret_data()
    {
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("kind");
        const auto add = [](const char *name, const char *value, const char *kind) {
            QTest::newRow(name) << QString(value) << QString(kind);
        };
        add("spark.executorEnv.SECRET", "correcthorsebattery", "secret");
        add("spark.executorEnv.GITHUB_TOKEN", "tokentokentoken", "token");
        add("spark.app.authtoken2", "hush-hush", "token");
        add("spark.hadoop.fs.s3a.encryption.key", "abcdefghijklmnop", "secret");
        add("parquet.encryption.key.list", "k1:hushhush, k2:hushhush", "secret");
        add("spark.app.apikey", "short", "api_key");
        add("spark.app.api_key", "short", "api_key");
        add("spark.app.APIKey", "short", "api_key");
        add("spark.executorEnv.DB_PASSWD_OLD", "hush", "password");
        add("spark.app.credential", "hush", "secret");
        add("spark.app.credentials.main", "hush", "secret");
        add("spark.kubernetes.authenticate.driver.serviceAccountName", "spark", "");
        add("spark.yarn.access.hadoopFileSystems", "hdfs://nn1:8020", "");
        add("spark.hadoop.fs.s3a.aws.credentials.provider",
            "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider,org.apache.hadoop.fs.s3a.Other", "");
        add("spark.databricks.credential.handler", "com.example.secrets.CredentialHandler", "");
        add("spark.sql.streaming.kafka.useDeprecatedOffsetFetching", "false", "");
        add("spark.security.credentials.hive.enabled", "true", "");
        add("spark.security.credentials.renewalRatio", "0.75", "");
        add("spark.kerberos.renewal.credentials", "keytab", "");
        add("spark.kerberos.keytab", "etl.keytab", "");
        add("yarn.tokens.renewal.interval", "3600s", "");
        add("dfs.namenode.delegation.token.max-lifetime", "7d", "");
        add("llm.max_tokens", "4096", "");
        add("llm.tokenizer", "bert-base-uncased", "");
        add("spark.executorEnv.TOKENIZERS_PARALLELISM", "on", "");
        add("spark.app.token", "/var/run/secrets/token", "");
        add("spark.app.token.uri", "https://idp.example.com/oauth2", "");
        add("spark.kafka.clusters.a.sasl.token.mechanism", "SCRAM-SHA-512", "");
        add("spark.hadoop.fs.s3a.server-side-encryption.key", "arn:aws:kms:eu-west-1:1:key/a", "");
        add("spark.kubernetes.container.image.pullSecrets", "regcred", "");
        add("spark.io.encryption.keygen.algorithm", "HmacSHA1", "");
        add("spark.hadoop.hadoop.security.credential.provider.path", "jceks://hdfs/etl.jceks", "");
        add("spark.app.secret", "", "");
    }
    void redact_setting_isHiddenForItsNameUnlessItsValueIsPlainlyNoSecret()
    {
        QFETCH(QString, value);
        QFETCH(QString, kind);
        model::Config config{{QTest::currentDataTag(), value.toStdString()}};
        Redactor().redact(config);
        QCOMPARE(QString::fromStdString(config.begin()->second), kind.isEmpty() ? value : "[redacted:" + kind + "]");
        QCOMPARE(Redactor().redact(config), std::size_t(0));
    }

    void redact_anchorsWithoutEnd_takeLinearTime()
    {
        // Texts made of nothing but anchors are the worst case of every look-around.
        for (const std::string &piece : {std::string("password="),
                                         std::string("://a:"),
                                         std::string("-----BEGIN "),
                                         std::string("eyJ"),
                                         std::string("<a>"),
                                         std::string("--token "),
                                         std::string("\\\""),
                                         std::string(":"),
                                         std::string("password=\""),
                                         std::string("password"),
                                         std::string("key"),
                                         std::string(" -p"),
                                         std::string("mysql -p -u "),
                                         std::string("basic "),
                                         std::string("cookie: a="),
                                         std::string("token "),
                                         std::string("Private-Lines: "),
                                         std::string("[redacted:"),
                                         std::string("password='"),
                                         std::string("digest username=")}) {
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
