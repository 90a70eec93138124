#include "ingest/redact.hpp"

#include <QtTest>

using namespace mulligan::ingest;

// Every secret below is synthetic: none ever opened anything. They are put together from pieces so that scanners which
// look for secrets in sources stay quiet.

namespace
{

const QString kUpper16 = QStringLiteral("QZ7XK3M5") + "P2RT6WVB";
const QString kHex32 = QStringLiteral("0a1b2c3d4e5f6071") + "8293a4b5c6d7e8f9";
const QString kMixed24 = QStringLiteral("aB3dE5fG7hJ9") + "kL2mN4pQ6rS8";
const QString kMixed36 = kMixed24 + "tU1vW3xY5zA7";
const QString kMixed64 = kMixed36 + "bC9dF2gH4jK6mN8pQ1rS3tU5vW7x";
const QString kSecret40 = QStringLiteral("hT7w/Qm3Zk+9sVb2Nc5Xy8Lp1Rd4") + "Gf6JaE0uHiKo";
const QString kBase64Key = kMixed64 + "+/" + kMixed36.left(20) + "==";
const QString kWebToken =
    QStringLiteral("eyJ") + "hbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbmEiLCJuIjo3fQ." + "c2lnbmF0dXJlLW1hZGUtdXA";

} // namespace

class TestRedactKinds : public QObject
{
    Q_OBJECT

    /// A row whose text holds the secret at "%1"; what is expected holds the marker there.
    static void add(const char *name, const QString &text, const QString &secret, const char *kind)
    {
        QTest::newRow(name) << QString(text).replace("%1", secret)
                            << QString(text).replace("%1", QStringLiteral("[redacted:") + kind + "]") << kind;
    }

    static void columns()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        QTest::addColumn<QString>("kind");
    }

    static void check()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        QFETCH(QString, kind);
        std::string redacted = text.toStdString();
        Redactor redactor;
        const std::size_t count = redactor.redact(redacted);
        QCOMPARE(QString::fromStdString(redacted), expected);
        QCOMPARE(count, std::size_t(1));
        QCOMPARE(redactor.counts(), (RedactionCounts{{kind.toStdString(), 1}}));
        // A second pass finds nothing.
        QCOMPARE(redactor.redact(redacted), std::size_t(0));
        QCOMPARE(QString::fromStdString(redacted), expected);
    }

private slots:
    void cloud_secret_isReplacedByItsKind_data()
    {
        columns();
        add("an AWS access key id", "signed by %1, denied", "AKIA" + kUpper16, "aws_key");
        add("a temporary AWS key id", "(%1)", "ASIA" + kUpper16, "aws_key");
        add("an AWS bearer key id", "key %1.", "ABIA" + kUpper16, "aws_key");
        add("an AWS secret in the environment", "AWS_SECRET_ACCESS_KEY=%1\nnext", kSecret40, "aws_secret");
        add("an AWS secret in a table", "HOME /root  AWS_SECRET_ACCESS_KEY  %1  PATH /bin", kSecret40, "aws_secret");
        add("an AWS secret in a credentials file", "aws_secret_access_key = %1\n", kSecret40, "aws_secret");
        add("an AWS secret in JSON", R"({"SecretAccessKey": "%1","x":1})", kSecret40, "aws_secret");
        add("an AWS session token", "AWS_SESSION_TOKEN=%1", "FwoGZXIvYXdzEJr1//2aDK9c", "token");
        add("an AWS session token in JSON", R"("SessionToken": "%1")", "IQoJb3JpZ2luX2VjE" + kMixed24, "token");
        add("an S3A secret as a property", "--conf spark.hadoop.fs.s3a.secret.key=%1 app.jar", kSecret40, "aws_secret");
        add("an S3A access key of another store", "fs.s3a.access.key=%1", "minio7user42x", "aws_key");
        add("a presigned address's signature",
            "GET https://b.example.org/k?X-Amz-Date=20260102T030405Z&X-Amz-Signature=%1&x=1", kHex32 + kHex32,
            "signature");
        add("a presigned address's credential", "?X-Amz-Credential=%1&X-Amz-Date=20260102T030405Z",
            "AKIA" + kUpper16 + "%2F20260102%2Feu-west-1%2Fs3%2Faws4_request", "aws_key");
        add("a presigned address's session token", "?X-Amz-Security-Token=%1&X-Amz-Expires=900",
            "FwoGZXIvYXdzEJr%2F%2F" + kMixed24, "token");
        add("an S3 signature of version 2", "https://b.s3.example.org/k?Expires=1767571200&Signature=%1",
            "Zm9vYmFyMTIzNDU2Nzg5%3D", "signature");
        add("a CloudFront signature", "?Expires=1767571200&Signature=%1&x=y", kMixed64 + "~" + kMixed24 + "__",
            "signature");
        add("a CloudFront key pair", "?Expires=1767571200&Key-Pair-Id=%1", "K2JCJMDEHXQW5F", "aws_key");
        add("a GCP API key", "?key=%1 refused", "AIza" + QString("SyA1234567890abcdefghijklmnopqrstuv"), "google_key");
        add("a Google access token", "%1", "ya2" + QString("9.a0AfH6SMBx1234567890abcdef"), "google_key");
        add("a Google client secret", R"("client_id":"1.apps.example.org","x":"%1")",
            "GOCSPX" + QString("-") + kMixed36.left(28), "google_key");
        add("a GCP service account's key", R"("private_key": "%1", "client_email": "a@b.example.org")",
            "-----BEGIN "
                + QString("PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEF\\n-----END PRIVATE KEY-----\\n").chopped(2),
            "private_key");
        add("a GCS signed address", "?X-Goog-Date=20260102T030405Z&X-Goog-Signature=%1&a=b", kHex32 + kHex32,
            "signature");
        add("an Azure connection string", "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=%1;EndpointSuffix=x",
            kBase64Key, "secret");
        add("an Azure service bus", "Endpoint=sb://n.example.org/;SharedAccessKeyName=Root;SharedAccessKey=%1",
            kBase64Key.right(44), "secret");
        add("an Azure account key as a property", "fs.azure.account.key.store.dfs.core.windows.net=%1\n", kBase64Key,
            "secret");
        add("an Azure client secret as a property",
            "fs.azure.account.oauth2.client.secret.store.dfs.core.windows.net=%1\n", "abcDEF", "secret");
        add("a shared access signature", "wasbs://x?sv=2020&sig=%1&se=2026", "Zm9vYmFyMTIzNDU2Nzg5%3D", "signature");
        add("an Azure AD client secret", "login with %1 failed", "aB3" + QString("8Q~") + kMixed36.left(34),
            "azure_secret");
        add("a Data Lake credential", "dfs.adls.oauth2.credential=%1", "x0Fs7/zz=", "secret");
        add("a DigitalOcean token", "%1", "dop" + QString("_v1_") + kHex32 + kHex32, "digitalocean_token");
        add("an Alibaba key id", "id %1 is unknown", "LTAI" + kMixed24.left(20), "alibaba_key");
    }
    void cloud_secret_isReplacedByItsKind() { check(); }

    void service_token_isReplacedByItsKind_data()
    {
        columns();
        add("a GitHub token", "token %1", "gh" + QString("p_abcdefghijklmnopqrstuvwxyz0123456789"), "github_token");
        add("a GitHub OAuth token", "%1", "gh" + QString("o_") + kMixed36, "github_token");
        add("a GitHub user token", "%1", "gh" + QString("u_") + kMixed36, "github_token");
        add("a GitHub server token", "%1", "gh" + QString("s_") + kMixed36, "github_token");
        add("a GitHub refresh token", "%1", "gh" + QString("r_") + kMixed36 + kMixed36, "github_token");
        add("a fine-grained GitHub token", "%1 used", "github" + QString("_pat_11ABCDEFG0abcdefghij_klmnopqrstuvwxyz"),
            "github_token");
        add("a GitLab token", "%1", "glp" + QString("at-abcdefghij0123456789"), "gitlab_token");
        add("a routable GitLab token", "%1 expired", "glp" + QString("at-") + kMixed36 + ".01." + "1a2b3c4d5",
            "gitlab_token");
        add("a GitLab deploy token", "%1", "gl" + QString("dt-abcdefghij0123456789"), "gitlab_token");
        add("a GitLab runner token", "runner %1.", "gl" + QString("rt-t1_abcdefghij0123456789"), "gitlab_token");
        add("a GitLab trigger token", "%1", "gl" + QString("ptt-") + kHex32, "gitlab_token");
        add("a Bitbucket app password", "%1 is wrong", "ATBB" + kMixed36.left(32), "bitbucket_token");
        add("an Atlassian token", "%1", "ATATT3" + QString("xFfGF0") + kMixed64 + "=1A2B3C4D", "atlassian_token");
        add("a Slack bot token", "%1", "xox" + QString("b-123456789012-abcdefABCDEF"), "slack_token");
        add("a Slack app token", "%1", "xap" + QString("p-1-A0123-4567-") + kHex32, "slack_token");
        add("a Slack web hook", "https://hooks.slack.com/services/%1 failed", "T0001/B0002/abcdefABCDEF123456",
            "slack_token");
        add("a Discord web hook", "https://discord.com/api/webhooks/%1", "123456789012345678/" + kMixed64, "webhook");
        add("a Teams web hook", "POST https://acme.webhook.office.com/webhookb2/%1: 404",
            "0a1b2c3d-0000@11-22/IncomingWebhook/" + kHex32 + "/33", "webhook");
        add("a Stripe key", "%1", "sk" + QString("_live_") + kMixed24, "stripe_key");
        add("a restricted Stripe key", "%1", "rk" + QString("_test_") + kMixed24, "stripe_key");
        add("a Twilio key", "twilio said %1 is gone", "S" + QString("K") + kHex32, "twilio_key");
        add("a Twilio token", "TWILIO_AUTH_TOKEN=%1", kHex32, "token");
        add("a SendGrid key", "%1", "SG" + QString(".") + kMixed24.left(22) + "." + kMixed64.left(43), "sendgrid_key");
        add("a Mailgun key", "api:%1", "key" + QString("-") + kHex32, "mailgun_key");
        add("an npm token", "//registry.example.org/:_authToken=%1", "npm" + QString("_") + kMixed36, "npm_token");
        add("a PyPI token", "%1", "pypi" + QString("-AgEIcHlwaS5vcmc") + kMixed64, "pypi_token");
        add("a RubyGems key", "%1", "rubygems" + QString("_") + kHex32 + kHex32.left(16), "rubygems_key");
        add("a Docker Hub token", "docker said: %1 is revoked", "dckr" + QString("_pat_") + kMixed24 + "abc",
            "docker_token");
        add("a Docker login", R"({"auths":{"docker.example.org":{"auth":"%1"}}})", "YW5hOmh1bnRlcjI=", "password");
        add("a Databricks token", "%1 expired", "dap" + QString("i") + kHex32 + "-2", "databricks_token");
        add("a Vault token", "X-Vault: %1", "hvs" + QString(".CAESI") + kMixed36, "vault_token");
        add("a Vault batch token", "%1", "hvb" + QString(".AAAAAQ") + kMixed36, "vault_token");
        add("an old Vault token", "VAULT = %1 ok", "s" + QString(".") + kMixed24, "vault_token");
        add("a Terraform Cloud token", "%1", kMixed24.left(14) + ".atlas" + QString("v1.") + kMixed64,
            "terraform_token");
        add("an OpenAI key", "%1", "sk" + QString("-") + kMixed36 + "T3BlbkFJ" + kMixed24, "openai_key");
        add("an OpenAI project key", "key %1, wrong", "sk" + QString("-proj-") + kMixed64, "openai_key");
        add("an Anthropic key", "%1", "sk" + QString("-ant-api03-") + kMixed64 + "-AA", "anthropic_key");
        add("a Hugging Face token", "%1", "hf" + QString("_") + kMixed36.left(34), "huggingface_token");
        add("a Datadog key", "DD_API_KEY=%1", kHex32, "api_key");
        add("a Datadog application key", "dd-application-key: %1", kHex32 + "01234567", "api_key");
        add("a New Relic user key", "%1", "NRAK" + QString("-") + kUpper16 + "ABCDEFGHIJK", "newrelic_key");
        add("a New Relic licence", "NEW_RELIC_LICENSE_KEY=%1", kHex32 + "0123NRAL", "api_key");
        add("a Sentry DSN", "https://%1@o12.ingest.sentry.io/345", kHex32, "sentry_dsn");
        add("a Sentry token", "%1", "sntrys" + QString("_eyJ") + kMixed64, "sentry_token");
        add("a PagerDuty key", R"({"service_key": "%1"})", kHex32, "api_key");
        add("a PagerDuty routing key", R"({"routing_key": "%1"})", kHex32, "api_key");
        add("a Shopify token", "%1", "shp" + QString("at_") + kHex32, "shopify_token");
        add("a Grafana token", "%1", "gl" + QString("sa_") + kMixed36 + "_1a2b3c4d", "grafana_token");
        add("a Telegram bot", "bot %1", "123456789:AA" + kMixed36.left(33), "token");
        add("an API key in a header", "x-api-key: %1", "9f8e7d6c5b4a39281706", "api_key");
    }
    void service_token_isReplacedByItsKind() { check(); }

    void header_secret_isReplacedByItsKind_data()
    {
        columns();
        add("a JSON web token", "got %1 from", kWebToken, "jwt");
        add("an encrypted web token", "%1",
            "ey" + QString("JhbGciOiJkaXIiLCJlbmMi.") + kMixed24 + "." + kMixed24 + "." + kMixed24 + "." + kMixed24,
            "jwt");
        add("a bearer header", "Authorization: Bearer %1", "a1b2c3d4e5f6.g7h8", "token");
        add("a bearer header with a web token", "authorization: bearer %1", kWebToken, "jwt");
        add("a basic header", "Authorization: Basic %1", "YW5hOmh1bnRlcjI=", "password");
        add("a basic header in curl", "curl -H 'Authorization: Basic %1' x", "YW5hOmh1bnRlcjI=", "password");
        add("a digest header", R"(Digest username="ana", realm="r", nonce="n1", uri="/", response="%1")", kHex32,
            "digest");
        add("a header of another scheme", "Authorization: token %1", "a1b2c3d4e5f6a7b8", "token");
        add("a header without a scheme", "authorization: %1", "a1b2c3d4e5f6a7b8c9d0", "token");
        add("an AWS header's signature", "SignedHeaders=host;x-amz-date, Signature=%1", kHex32 + kHex32, "signature");
        add("a header of Azure storage", "Authorization: SharedKey %1", "acct:" + kBase64Key.right(44), "token");
        add("a cookie", "Cookie: %1\nHost: x", "JSESSIONID=0A1B2C3D4E5F; theme=dark", "cookie");
        add("a cookie that is set", "Set-Cookie: %1; Path=/; HttpOnly", "sid=s%3Aa1b2c3d4e5", "cookie");
        add("a private token header", "PRIVATE-TOKEN: %1", "a1b2c3d4e5f6a7b8c9d0", "token");
        add("a token in an address", "https://h.example.org/x?access_token=%1&y=1", "a1b2c3d4e5f6", "token");
    }
    void header_secret_isReplacedByItsKind() { check(); }

    void key_block_isReplacedByItsKind_data()
    {
        columns();
        const QString body = "\nMIIEowIBAAKCAQEAabcdefgh\nAbc\n";
        const auto block = [&](const QString &title) {
            return "-----BEGIN " + title + "-----" + body + "-----END " + title + "-----";
        };
        for (const char *title : {"RSA PRIVATE KEY", "PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY",
                                  "OPENSSH PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "PGP PRIVATE KEY BLOCK"})
            add(title, "key:\n%1\nend", block(title), "private_key");
        add("an SSH2 key", "%1\nend",
            "---- BEGIN "
                + QString("SSH2 ENCRYPTED PRIVATE KEY ----\nComment: x\nP2/56wAAAgIAAAAm\n"
                          "---- END SSH2 ENCRYPTED PRIVATE KEY ----"),
            "private_key");
        add("a key that is cut short", "a\n%1",
            "-----BEGIN " + QString("PRIVATE KEY-----\nMIIEowIBAAKCAQEAabcdefgh\nij"), "private_key");
        add("a key in escaped JSON", R"({\"key\":\"%1\"})",
            "-----BEGIN " + QString("RSA PRIVATE KEY-----\\nMIIEowIBAAKCAQEAabcdefgh\\n-----END RSA PRIVATE KEY-----"),
            "private_key");
        add("a PuTTY key", "PuTTY-User-Key-File-2: ssh-rsa\nPrivate-Lines: 2\n%1\nend", kMixed64 + "\n" + kMixed24,
            "private_key");
        add("a keytab in base64", "keytab: %1", "BQIAAABHAAIAC0VYQU1QTEUuT1JHAARodHRwAA9o", "secret");
    }
    void key_block_isReplacedByItsKind() { check(); }

    void address_password_isReplaced_data()
    {
        columns();
        const auto password = [](const char *name, const QString &text, const QString &secret) {
            add(name, text, secret, "password");
        };
        password("user information of an address", "clone of https://ana:%1@example.org/r.git failed", "hunter2");
        password("MySQL's address", "jdbc:mysql://ana:%1@db.example.org:3306/x", "s3cr3t");
        password("MySQL's parameters", "jdbc:mysql://db:3306/x?user=ana&password=%1", "s3cr3t");
        password("MySQL's list of hosts", "jdbc:mysql://(host=db,user=ana,password=%1)/x", "s3cr3t");
        password("PostgreSQL's address", "jdbc:postgresql://db:5432/x?user=ana&password=%1&ssl=true", "s3cr3t");
        password("libpq's connection string", "host=db user=ana password=%1 dbname=x", "s3cr3t");
        password("SQL Server's address", "jdbc:sqlserver://db;user=sa;password=%1;encrypt=true", "P@ss!w0rd");
        password("SQL Server's password in braces", "jdbc:sqlserver://db;user=sa;password={%1};encrypt=true", "a;b=c");
        password("SQL Server's password with @ behind a port",
                 "jdbc:sqlserver://db1:1433;user=sa;password=%1;encrypt=true", "p@ssW0rd99");
        password("SQL Server's password with @ in braces", "jdbc:sqlserver://db1:1433;user=sa;password={%1}",
                 "p@ss;wd9");
        password("SQL Server's password with @ and a colon", "jdbc:sqlserver://h\\i;user=sa;password=%1;x=y",
                 "a:b/c@d9");
        password("a semicolon in the password of an address", "postgres://u:%1@db/x", "p;w=9");
        password("ODBC", "Driver={x};Server=db;UID=sa;PWD=%1;Encrypt=yes", "P@ss!w0rd");
        password("ADO.NET", "Server=db;User Id=sa;Password=%1;", "hunter2");
        password("Oracle's user and password", "jdbc:oracle:thin:scott/%1@//db:1521/orcl", "tigerX1");
        password("Oracle's OCI", "jdbc:oracle:oci:scott/%1@orcl", "tigerX1");
        password("sqlplus", "sqlplus -s scott/%1@orcl @x.sql", "tigerX1");
        password("DB2", "jdbc:db2://h:50000/d:user=u;password=%1;", "pa5s");
        password("Teradata", "jdbc:teradata://h/USER=u,PASSWORD=%1", "pa5s");
        password("Hive", "jdbc:hive2://h:10000/default;user=hive;password=%1", "pa5s");
        password("Snowflake", "jdbc:snowflake://a.example.org/?user=u&password=%1&db=d", "pa5s%21");
        password("Redshift", "jdbc:redshift://h:5439/d?UID=u&PWD=%1", "pa5s");
        password("MongoDB", "mongodb+srv://svc:%1@c0.example.org/db?retryWrites=true", "pa5s");
        password("Redis", "redis://:%1@cache:6379/0", "pa5s");
        password("AMQP with @ in the password", "amqp://svc:%1@mq:5672/v", "p@ss");
        password("a Celery broker", "broker_url = pyamqp://svc:%1@mq//", "pa5s");
        password("an Airflow connection", "AIRFLOW_CONN_MY_DB=postgres://ana:%1@db:5432/x", "pa5s");
        password("SQLAlchemy", "postgresql+psycopg2://airflow:%1@db/airflow", "air5");
        password("FTP", "ftp://u:%1@h/x", "pa5s");
        password("a proxy", "http_proxy=http://u:%1@proxy:3128", "pa5s");
        password("LDAP", "ldap://cn=x:%1@dir:389", "pa5s");
        password("an escaped address", "next=https%3A%2F%2Fh%2F%3Fpassword%3D%1%26x", "pa5s");
    }
    void address_password_isReplaced() { check(); }

    void named_password_isReplacedInEverySpelling_data()
    {
        columns();
        const auto password = [](const char *name, const QString &text, const QString &secret = "hunter2") {
            add(name, text, secret, "password");
        };
        password("YAML", "  password: %1\n  user: ana");
        password("quoted YAML", "  password: \"%1\"\n", "hunter two");
        password("a password that ends like a name", "login with password=%1 failed", "hunter2secret");
        password("JSON", R"({"password": "%1", "user": "ana"})", R"(hun\"ter2)");
        password("JSON within JSON", R"({\"password\":\"%1\",\"user\":\"ana\"})");
        password("JSON in an address", "%7B%22password%22%3A%22%1%22%7D");
        password("properties", "db.password=%1\n");
        password("properties with spaces", "db.password = %1\n");
        password("properties with a colon", "db.password:%1\n");
        password("XML", "<password>%1</password>");
        password("an XML attribute", R"(<bean password="%1" user="x"/>)");
        password("Hadoop's XML", "<name>javax.jdo.option.ConnectionPassword</name>\n<value>%1</value>");
        password("XML by name and value", R"(<property name="hibernate.password" value="%1"/>)");
        password("Kubernetes' environment", "- name: DB_PASSWORD\n  value: %1\n");
        password("the environment in JSON", R"({"name":"DB_PASSWORD","value":"%1"})");
        password("Kubernetes' description", "    DB_PASSWORD:        %1\n");
        password("a Kubernetes secret", "data:\n  password: %1\n", "aHVudGVyMg==");
        password("an environment", "export MYSQL_PWD=%1; run");
        password("PostgreSQL's environment", "PGPASSWORD=%1 psql");
        password("a short name", "DB_PASS=%1 ./run");
        password("Python's arguments", "connect(user='ana', password='%1')", "hunter two");
        password("a Python dictionary", "{'password': '%1', 'x': 1}");
        password("a Python bytes literal", "{'password': b'%1'}");
        password("a Scala map", "Map(user -> ana, password -> %1)");
        password("a Scala tuple", "(spark.ssl.keyPassword,%1)");
        password("an old event log's pairs", R"(["spark.ssl.keyPassword","%1"])");
        password("Ruby", ":password => \"%1\"");
        password("a Java object", "Config{user=ana, password=%1, port=1}");
        password("Go", "password := \"%1\"");
        password("spark-defaults.conf", "spark.ssl.trustStorePassword    %1\nspark.x  1");
        password("an option", "sqoop import --password %1 --table t");
        password("an option with an equals sign", "app --db-password=%1 -v");
        password("a Java option", "java -Djavax.net.ssl.keyStorePassword=%1 -jar x");
        password("keytool", "keytool -list -storepass %1 -keystore k");
        password("openssl", "openssl pkcs12 -passin pass:%1 -in x");
        password("mysql", "mysql -h db -u ana -p%1 x");
        password("mysqldump", "$ /usr/bin/mysqldump -p%1 x");
        password("sshpass", "sshpass -p %1 ssh h");
        password("docker login", "docker login -u ana -p %1");
        password("beeline", "beeline -u jdbc:hive2://h:10000 -n ana -p %1 -e x");
        password("curl", "curl -s -u ana:%1 https://h");
        password("ldapsearch", "ldapsearch -D cn=admin -w %1 -b dc=x");
        password("redis-cli", "redis-cli -h c -a %1 ping");
        password("JAAS", R"(sasl.jaas.config=x.PlainLoginModule required username="ana" password="%1";)");
        password("escaped JAAS", "\"jaas\":\"x.ScramLoginModule required username=\\\"a\\\" password=\\\"%1\\\";\"");
        password("LDAP's bind", "bindpw: %1\n");
        password("JNDI", "java.naming.security.credentials=%1");
        password("Spark's key store", "spark.ssl.keyStorePassword=%1");
        password("Hadoop's key store", "ssl.server.keystore.password=%1");
        password("Kafka's key store", "ssl.truststore.password = %1");
        password("a passphrase", "private_key_passphrase=%1");
        password("Snowflake's environment", "SNOWSQL_PWD=%1");
    }
    void named_password_isReplacedInEverySpelling() { check(); }

    void named_secret_isReplacedByItsKind_data()
    {
        columns();
        add("Spark's own secret", "spark.authenticate.secret=%1", "abc", "secret");
        add("Spark's secret in the environment", "_SPARK_AUTH_SECRET: %1\n", kHex32, "secret");
        add("Airflow's Fernet key", "AIRFLOW__CORE__FERNET_KEY=%1", kBase64Key.right(44), "secret");
        add("a client secret", "client_secret=%1, tenant=t", "Qw8~abcDEF.ghi", "secret");
        add("Flask's secret key", "SECRET_KEY = '%1'", "not so secret", "secret");
        add("a secret of letters and digits", "secret=%1", "f00dBabe77", "secret");
        add("an encryption key", "encryption_key: \"%1\"", kMixed24, "secret");
        add("an SSH key in one line", "ssh_key=%1", kMixed64, "private_key");
        add("Snowflake's key in base64", "privateKeyBase64=%1", "TUlJRXZRSUJBREFO", "private_key");
        add("a Kubernetes token", "token:      %1", kWebToken, "jwt");
        add("a token in JSON", R"("token":"%1")", "a1b2c3d4e5", "token");
        add("a token in XML", "<token>%1</token>", "a1b2c3d4e5", "token");
        add("an SAS of a container", "fs.azure.sas.box.acct.blob.core.windows.net=?sv=2020&sr=c&sig=%1",
            "Zm9vYmFyMTIzNDU2Nzg5%3D", "signature");
    }
    void named_secret_isReplacedByItsKind() { check(); }
};

QTEST_GUILESS_MAIN(TestRedactKinds)
#include "tst_redact_kinds.moc"
