#include "synth/kind.hpp"

namespace mulligan::synth
{

namespace
{

using model::Domain;

Kind incident(std::string_view id, std::string_view errorClass, Place place, double weight, double minutes,
              std::vector<std::string_view> texts)
{
    const bool early = place == Place::Driver;
    return {id,      errorClass, Domain::User,       Origin::Incident,
            place,   weight,     early ? 0.02 : 0.1, early ? 0.35 : 0.7,
            minutes, 1,          std::move(texts)};
}

/// Broken on the platform's side, but nothing that time heals.
Kind broken(std::string_view id, std::string_view errorClass, double weight, std::vector<std::string_view> texts)
{
    return {id,   errorClass, Domain::Platform, Origin::Incident, Place::Driver, weight, 0.01, 0.2,
            28.0, 1,          std::move(texts)};
}

std::vector<Kind> tablesAndSql()
{
    return {
        incident(
            "missing_table", "catalog.missing_table", Place::Driver, 2.0, 20,
            {"org.apache.spark.sql.AnalysisException: Table or view not found: {table}; line {few} pos {n};\n"
             "'Project [*]\n+- 'UnresolvedRelation [{table}]",
             "org.apache.spark.sql.AnalysisException: [TABLE_OR_VIEW_NOT_FOUND] The table or view `{table}` cannot "
             "be found. Verify the spelling and correctness of the schema and catalog."}),
        incident("missing_column", "catalog.missing_column", Place::Driver, 2.0, 28,
                 {"org.apache.spark.sql.AnalysisException: [UNRESOLVED_COLUMN.WITH_SUGGESTION] A column or function "
                  "parameter with name `{col}` cannot be resolved. Did you mean one of the following? [`id`, `day`]",
                  "org.apache.spark.sql.AnalysisException: cannot resolve '`{col}`' given input columns: [{table}.id, "
                  "{table}.day]; line {few} pos {n};"}),
        incident("parse", "sql.parse", Place::Driver, 0.8, 16,
                 {"org.apache.spark.sql.catalyst.parser.ParseException: \n[PARSE_SYNTAX_ERROR] Syntax error at or near "
                  "'{col}'.(line {few}, pos {n})\n\n== SQL ==\nSELECT day, FROM {table} {col}"}),
        incident(
            "analysis", "sql.analysis", Place::Driver, 1.0, 20,
            {"org.apache.spark.sql.AnalysisException: Undefined function: '{col}_score'. This function is neither "
             "a registered temporary function nor a permanent function registered in the database 'default'.",
             "org.apache.spark.sql.AnalysisException: Reference '{col}' is ambiguous, could be: a.{col}, b.{col}."}),
        incident("query_limit", "memory_config.query_limit", Place::Driver, 0.4, 36,
                 {"io.trino.spi.TrinoException: Query exceeded per-node memory limit of {limit} [Allocated: {used}, "
                  "Delta: 4MB, Top Consumers: HashBuilderOperator]"}),
        incident("not_found", "storage.not_found", Place::Driver, 2.0, 20,
                 {"org.apache.spark.sql.AnalysisException: Path does not exist: s3a://{bucket}/landing/{name}/day={n}",
                  "java.io.FileNotFoundException: File does not exist: hdfs://nn/landing/{name}/part-{task}\n"
                  "\tat {pkg}.{Name}Loader.open({Name}Loader.java:{line})"}),
        incident("already_exists", "storage.already_exists", Place::Driver, 0.7, 12,
                 {"org.apache.hadoop.mapred.FileAlreadyExistsException: Output directory hdfs://nn/marts/{name}/{n} "
                  "already exists"}),
    };
}

std::vector<Kind> data()
{
    return {
        incident("schema", "data.schema", Place::Task, 1.5, 40,
                 {"org.apache.spark.sql.execution.QueryExecutionException: Parquet column cannot be converted in file "
                  "s3a://{bucket}/{name}/part-{task}. Column: [{col}], Expected: bigint, Found: BINARY",
                  "org.apache.spark.SparkException: Failed merging schema: Failed to merge incompatible data types "
                  "bigint and string of field {col}"}),
        incident("format", "data.format", Place::Task, 1.5, 36,
                 {"java.lang.NumberFormatException: For input string: \"n/a-{n}\"\n"
                  "\tat java.base/java.lang.Long.parseLong(Long.java:{line})\n"
                  "\tat {pkg}.{Name}Parser.parse({Name}Parser.java:{line})",
                  "org.apache.spark.SparkException: Malformed records are detected in record parsing: "
                  "[null,{n},{col}]. Parse Mode: FAILFAST."}),
        incident("corrupt", "data.corrupt", Place::Task, 0.7, 32,
                 {"java.lang.RuntimeException: s3a://{bucket}/{name}/part-{task} is not a Parquet file. Expected magic "
                  "number at tail, but found [{few}, {n}, 0, 0]"}),
        incident("arithmetic", "data.arithmetic", Place::Task, 0.7, 28,
                 {"org.apache.spark.SparkArithmeticException: [DIVIDE_BY_ZERO] Division by zero. Use `try_divide` to "
                  "tolerate divisor being 0 in {col}."}),
        incident("constraint", "data.constraint", Place::Driver, 0.7, 32,
                 {"org.postgresql.util.PSQLException: ERROR: duplicate key value violates unique constraint "
                  "\"{name}_pkey\"\n  Detail: Key (id)=({tid}) is already there."}),
    };
}

std::vector<Kind> code()
{
    return {
        incident("dependency", "code.dependency", Place::Driver, 1.2, 40,
                 {"java.lang.ClassNotFoundException: {pkg}.v{few}.{Name}Codec\n"
                  "\tat java.base/java.net.URLClassLoader.findClass(URLClassLoader.java:{line})",
                  "java.lang.NoSuchMethodError: '{pkg}.{Name} {pkg}.{Name}Factory.of(int)'\n"
                  "\tat {pkg}.{Name}Main.main({Name}Main.java:{line})"}),
        incident("class_cast", "code.class_cast", Place::Task, 0.6, 44,
                 {"java.lang.ClassCastException: class java.lang.String cannot be cast to class java.lang.Long\n"
                  "\tat {pkg}.{Name}Mapper.apply({Name}Mapper.java:{line})"}),
        incident(
            "serialization", "code.serialization", Place::Driver, 0.5, 40,
            {"org.apache.spark.SparkException: Task not serializable\nCaused by: java.io.NotSerializableException: "
             "{pkg}.{Name}Client\nSerialization stack:\n\t- object not serializable"}),
        incident("null_pointer", "code.null_pointer", Place::Task, 1.2, 44,
                 {"java.lang.NullPointerException: Cannot invoke \"{Name}.getId()\" because \"row\" is null\n"
                  "\tat {pkg}.{Name}Enricher.call({Name}Enricher.java:{line})\n"
                  "\tat {pkg}.{Name}Enricher.call({Name}Enricher.java:21)"}),
        incident("python_error", "code.exception", Place::Driver, 1.5, 36,
                 {"Traceback (most recent call last):\n  File \"{name}.py\", line {line}, in <module>\n"
                  "    main(parse_arguments())\n  File \"{name}.py\", line {few}, in main\n"
                  "    rate = rates[region]\nKeyError: 'region_{n}'",
                  "Traceback (most recent call last):\n  File \"{name}_steps.py\", line {line}, in transform\n"
                  "AttributeError: 'NoneType' object has no attribute '{col}'"}),
        incident("python_module", "code.python_module", Place::Driver, 0.8, 24,
                 {"Traceback (most recent call last):\n  File \"{name}.py\", line {few}, in <module>\n"
                  "ModuleNotFoundError: No module named '{name}_shared'"}),
        incident("udf", "code.udf", Place::Task, 1.0, 40,
                 {"org.apache.spark.SparkException: [FAILED_EXECUTE_UDF] Failed to execute user defined function "
                  "(`{col}_clean`: (string) => string).\n\tat {pkg}.{Name}Rules.clean({Name}Rules.scala:{line})"}),
        incident("python_worker", "code.python_worker", Place::Task, 0.4, 36,
                 {"org.apache.spark.SparkException: Python worker exited unexpectedly (crashed)\n"
                  "\tat org.apache.spark.api.python.BasePythonRunner$ReaderIterator$$anonfun$1.applyOrElse("
                  "PythonRunner.scala:{line})\nCaused by: java.io.EOFException"}),
    };
}

std::vector<Kind> accessAndSettings()
{
    return {
        incident("credentials", "access.credentials", Place::Driver, 1.0, 16,
                 {"com.amazonaws.services.s3.model.AmazonS3Exception: The security token included in the request is "
                  "expired (Service: Amazon S3; Status Code: 400; Error Code: ExpiredToken; Request ID: {hex})",
                  "org.postgresql.util.PSQLException: FATAL: password authentication failed for role \"{user}\""}),
        incident("permission", "access.permission", Place::Driver, 1.5, 16,
                 {"org.apache.hadoop.security.AccessControlException: Permission denied: user={user}, access=WRITE, "
                  "inode=\"/marts/{name}\":owner_{few}:hdfs:drwxr-xr-x",
                  "org.postgresql.util.PSQLException: ERROR: permission denied for table {col}_facts"}),
        incident(
            "kerberos", "access.kerberos", Place::Driver, 0.5, 16,
            {"javax.security.sasl.SaslException: GSS initiate failed [Caused by GSSException: No valid credentials "
             "provided (Mechanism level: Failed to find any Kerberos tgt)]"}),
        incident("bad_setting", "config.invalid", Place::Driver, 0.6, 16,
                 {"java.lang.IllegalArgumentException: spark.sql.shuffle.partitions should be int, but was {n}k"}),
        incident("no_setting", "config.missing", Place::Driver, 0.6, 16,
                 {"airflow.exceptions.AirflowNotFoundException: The conn_id `{name}_db` isn't defined",
                  "usage: {name}.py [-h] --day DAY\n{name}.py: error: the following arguments are required: --day"}),
        incident("not_supported", "config.unsupported", Place::Driver, 0.4, 32,
                 {"java.lang.UnsupportedOperationException: {Name}Catalog does not allow row-level deletes\n"
                  "\tat {pkg}.{Name}Catalog.newRowLevelOperation({Name}Catalog.java:{line})"}),
        incident("no_binary", "process.missing_binary", Place::Driver, 0.4, 20,
                 {"bash: line {few}: {name}-loader: command not found"}),
        broken("image", "process.launch_failed", 0.6,
               {"Warning  Failed  pod/{name}-driver  Failed to pull image \"registry.internal/{name}:{n}.{few}\": "
                "manifest for that tag is gone"}),
        broken("files", "process.open_files", 0.4,
               {"java.nio.file.FileSystemException: spill-{n}: Too many open files\n"
                "\tat {pkg}.{Name}Merge.open({Name}Merge.java:{line})"}),
        broken("tls", "network.tls", 0.6,
               {"javax.net.ssl.SSLHandshakeException: PKIX path validation failed: "
                "java.security.cert.CertPathValidatorException: validity check failed for {name}.internal"}),
    };
}

std::vector<Kind> all()
{
    std::vector<Kind> kinds = tablesAndSql();
    for (const auto &more : {data(), code(), accessAndSettings()})
        kinds.insert(kinds.end(), more.begin(), more.end());
    return kinds;
}

} // namespace

std::span<const Kind> incidentKinds()
{
    static const std::vector<Kind> kinds = all();
    return kinds;
}

} // namespace mulligan::synth
