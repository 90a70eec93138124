#include "ingest/redact.hpp"

#include <QDir>
#include <QFile>
#include <QtTest>

using namespace mulligan::ingest;

class TestRedactLookalikes : public QObject
{
    Q_OBJECT

private slots:
    void redact_lookAlike_staysAsItIs_data()
    {
        QTest::addColumn<QString>("text");
        const auto add = [](const char *name, const char *text) { QTest::newRow(name) << QString(text); };
        add("an exception named for a test that failed", "TypeCheckDidNotPass: Type check failed for step output");
        add("a git hash", "at commit 3f2a9c1d4b5e6f708192a3b4c5d6e7f8091a2b3c");
        add("a short git hash", "git revision 3f2a9c1");
        add("a UUID", "query 550e8400-e29b-41d4-a716-446655440000 failed");
        add("an application id", "application_1700000000000_0042 FAILED");
        add("a container id", "Container container_e17_1700000000000_0042_01_000003 exited with 137");
        add("a Docker container", "container 4f5e6d7c8b9a0123456789abcdef0123456789abcdef0123456789abcdef0123");
        add("a block id", "BP-1234567890-10.0.0.1-1700000000000:blk_1073741825_1001");
        add("an RDD block", "Block rdd_12_3 could not be removed");
        add("a shuffle block", "shuffle_0_12_3.data, broadcast_7_piece0");
        add("a digest", "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
        add("a checksum", "checksum mismatch: expected 1234567890abcdef, got fedcba0987654321");
        add("an MD5", "Content-MD5: 1B2M2Y8AsgTpgAmY7PhCfg==");
        add("an ETag", "ETag: \"d41d8cd98f00b204e9800998ecf8427e-3\"");
        add("a plan", "*(1) Project [id#123L, token#45, key#6L AS secret#7]");
        add("a plan's hash", "Exchange hashpartitioning(key#123L, 200), ENSURE_REQUIREMENTS, [plan_id=44]");
        add("class names", "at org.apache.hadoop.security.token.Token.decode(Token.java:217)");
        add("a frame with key words", "at com.example.PasswordAuthenticator.verify(PasswordAuthenticator.java:42)");
        add("a Scala frame", "at org.apache.spark.SecretManager$$anon$1.apply(SecretManager.scala:88)");
        add("a class in base64", "class b3JnLmFwYWNoZS5zcGFyay5TcGFyaw==");
        add("a long class name", "org.apache.spark.deploy.yarn.security.HadoopFSDelegationTokenProvider2Impl");
        add("words about a password", "FATAL: password authentication failed for user \"ana\"");
        add("MySQL's refusal", "Access denied for user 'ana'@'10.0.0.1' (using password: YES)");
        add("MySQL's other refusal", "Access denied for user 'ana'@'10.0.0.1' (using password: NO)");
        add("a password in words", "Invalid password: must be changed first");
        add("a password that is wrong", "Wrong password: denied");
        add("a prompt", "Password: \nLogin incorrect");
        add("an unexpected token of SQL", "unexpected token: SELECT near line 4");
        add("an unexpected token of JSON", "Unexpected token ')' at 12");
        add("a parser's token", "Was expecting one of: <TOKEN> \"key\" ... token = <EOF>");
        add("a token's kind", "Kind: HDFS_DELEGATION_TOKEN, Service: 10.0.0.1:8020");
        add("a delegation token's fields",
            "token (token for ana: HDFS_DELEGATION_TOKEN owner=ana, renewer=yarn, issueDate=1700000000000, "
            "sequenceNumber=12, masterKeyId=34) can't be found in cache");
        add("a count of tokens", "maxTokens=4096, tokens: 12, max_tokens=100");
        add("a renewal interval", "dfs.namenode.delegation.token.renewal.interval=86400000");
        add("a token's provider", "fs.azure.account.oauth.provider.type=x.ClientCredsTokenProvider");
        add("a place in a listing", "NextToken=AAAABBBB1234CCCC5678 continuation-token: 1ueGcxLPRx1Tr");
        add("a password file", "javax.net.ssl.keyStorePasswordFile=/etc/pw.txt, password.file=/etc/pw");
        add("a password's class", "ssl.password.provider=com.example.Provider1");
        add("a path of a key", "--private-key /home/ana/.ssh/key.pem, ssl.key=/etc/ssl/tls.key");
        add("where a secret is mounted", "spark.kubernetes.driver.secrets.token=/etc/secrets");
        add("an encryption key's place", "encryption.key=/etc/keys/k1.pem");
        add("a mount of the users' file", "/etc/passwd:/etc/passwd:ro,/etc/group:/etc/group:ro");
        add("a mount of a secret", "-v /run/secrets/db_password:/run/secrets/db_password:ro");
        add("an empty password", "password=, user=ana");
        add("a masked password", "password=******** url=x");
        add("what Spark redacted itself", "spark.password=*********(redacted)");
        add("what Spark redacted in a pair", "(spark.hadoop.fs.s3a.secret.key,*********(redacted))");
        add("our own marker", "password=[redacted:password] token: [redacted:jwt]");
        add("another's marker", "password: [REDACTED]");
        add("a reference to a variable", "password=${DB_PASSWORD} pwd=$DB_PASSWORD token=$(cat t) p=%DB_PASSWORD%");
        add("a property's reference", "password=${env:PASSWORD}, secret: {{ vault.secret }}");
        add("a placeholder in angle brackets", "--password <password> --token=<your-token1>");
        add("a vault's name", "secretName: spark-driver-conf, secret=spark-driver-conf-2");
        add("a secret manager's name", "secret: prod/db/credentials-v2");
        add("a secret that is not found", "secrets \"spark-sa-token-x7k2p\" not found");
        add("a Kubernetes reference", "DB_PASSWORD:  <set to the key 'password' in secret 'db1'>  Optional: false");
        add("a description of a secret", "password:  12 bytes\ntoken:     1024 bytes");
        add("null", "password=null, token=null, secret: None");
        add("a type", "password: String, token: Option[String]");
        add("a column's type", "password: string (nullable = true)");
        add("a comparison in code", "if (password == expected) token != other");
        add("a Python call", "conn = connect(user=user, password=password, token=self.token)");
        add("a Python look-up", "password=os.environ['DB_PASSWORD'], pwd = getpass('x')");
        add("the shell's folder", "PWD=/home/ana/work OLDPWD=/");
        add("an address without user", "Connection to https://example.org:8443/a@b refused");
        add("a user without a password", "ssh://git@example.org/r.git, s3a://bucket@x/");
        add("host and port", "s3a://bucket/key at 10.1.2.3:9000");
        add("a container of Azure", "abfss://container12345678901234567890@acct1.dfs.core.windows.net/x");
        add("a method's signature", "no such signature: (ILjava/lang/String;)V");
        add("a signature's algorithm", "Signature: SHA256withRSA, signature length 256");
        add("basic in words", "basic authentication is off; bearer token missing");
        add("a digest in words", "digest mismatch: digest auth is off");
        add("cookies in words", "Invalid cookie: expired; cookie: none");
        add("a public key", "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----");
        add("a certificate",
            "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkq\n-----END CERTIFICATE-----");
        add("the header named in words", "expected -----BEGIN PRIVATE KEY----- at the top");
        add("a partition key", "partition key=2026-01-02, sort.key=ab12cd34ef");
        add("a record's key", "ConsumerRecord(topic = t, partition = 1, key = user-4711ab, value = x)");
        add("RabbitMQ's routing key", "routing_key=orders.eu1.created");
        add("an access key that is too long", "AKIAQZ7XK3M5P2RT9WVBX7");
        add("a word with dapi", "sandapi0123456789abcdef0123456789abcdef");
        add("a hyphenated word", "task-0123456789abcdef0123456789abcdef0123, disk-full-0123456789abcdef0123456789");
        add("a part of a path",
            "s3://b/key-0123456789abcdef0123456789abcdef, run-key-0123456789abcdef0123456789abcdef");
        add("a file of Vault's shape", "classes.a1B2c3D4e5F6g7H8i9J0k1L2 com.s.Foo");
        add("a number", "id=12345678901234567890 took 1767571200000 ms");
        add("a time stamp", "2026-01-02T03:04:05.678Z 26/01/02 03:04:05 INFO");
        add("a hex dump", "0000  4d 49 49 45 6f 77 49 42  41 41 4b 43 41 51 45 41  |MIIEowIBAAKCAQEA|");
        add("an error code", "SQLSTATE[28P01] ORA-01017 0x80070005 (os error 13)");
        add("options of ports", "ssh -p 2222 h; docker run -p 8080:80 x; mkdir -p /a; mysql -p x; ps -a b");
        add("test results", "pass: 12, fail: 0, skip: 3; bypass=true2; compass: north1");
        add("a permission", "-rw-r--r-- 1 ana staff 1704 Jan 2 03:04 id_rsa.pem");
        add("Kerberos", "kinit -kt /etc/security/keytabs/spark.keytab spark/_HOST@EXAMPLE.ORG");
        add("a principal's options", "--principal ana@EXAMPLE.ORG --keytab /etc/krb5.keytab");
        add("a scheme of resources", "spark://CoarseGrainedScheduler@driver-1:7078");
        add("a bare scheme", "file:///tmp/a:b@c, hdfs://nn:8020/user/x");
        add("an escaped text", "\\\"message\\\":\\\"password expired\\\"");
        add("JSON keys beside a value", R"({"keytab":"/etc/k/jhs.service.keytab","fs.s3a.threads.max":"20"})");
        add("an id of a trace", "traceId=4bf92f3577b34da6a3ce929d0e0e4736 spanId=00f067aa0ba902b7");
        add("nothing", "");
    }
    void redact_lookAlike_staysAsItIs()
    {
        QFETCH(QString, text);
        std::string redacted = text.toStdString();
        const std::size_t count = Redactor().redact(redacted);
        QCOMPARE(QString::fromStdString(redacted), text);
        QCOMPARE(count, std::size_t(0));
    }

    void redact_samplesOfTheShippedRules_stayAsTheyAre()
    {
        const QDir folder(MULLIGAN_SOURCE_DIR "/resources/rules");
        const QStringList names = folder.entryList({"*.yaml"});
        QVERIFY(names.size() > 5);
        for (const QString &name : names) {
            QFile file(folder.filePath(name));
            QVERIFY(file.open(QIODevice::ReadOnly));
            const std::string before = file.readAll().toStdString();
            std::string after = before;
            Redactor().redact(after);
            QCOMPARE(QString::fromStdString(after), QString::fromStdString(before));
        }
    }
};

QTEST_GUILESS_MAIN(TestRedactLookalikes)
#include "tst_redact_lookalikes.moc"
