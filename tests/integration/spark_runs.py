"""Makes one real Spark run of a given kind and leaves its event log.

Usage: spark_runs.py KIND LOG_FOLDER
KIND: success, memory (an executor runs out of heap), user (a Python function raises).
Prints "ran" and exits 0 when the run ended as its kind should; the event log says how.
"""

import os
import sys

from pyspark.sql import SparkSession
from pyspark.sql.functions import expr, udf


def session(kind, folder):
    return (
        SparkSession.builder.appName("mulligan-integration-" + kind)
        .master("local-cluster[1,1,640]" if kind == "memory" else "local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.eventLog.enabled", "true")
        .config("spark.eventLog.dir", "file://" + folder)
        .config("spark.eventLog.compress", "true")
        .config("spark.eventLog.rolling.enabled", "true" if kind == "user" else "false")
        .config("spark.executor.memory", "640m")
        .config("spark.driver.memory", "700m")
        .config("spark.task.maxFailures", "1")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )


def succeed(spark):
    assert spark.range(100000).selectExpr("id % 7 as k").groupBy("k").count().count() == 7


def run_out_of_heap(spark):
    # One task gathers far more strings than an executor of 640 MiB can hold.
    rows = spark.range(0, 40_000_000, 1, 1).select(expr("concat('row number ', id) as s"))
    rows.agg(expr("size(collect_list(s))")).collect()


def fail_in_user_code(spark):
    @udf("int")
    def half(value):
        if value == 13:
            raise ValueError("order 13 has no price")
        return value // 2

    spark.range(100).select(half("id")).collect()


def main():
    kind, folder = sys.argv[1], os.path.abspath(sys.argv[2])
    spark = session(kind, folder)
    body = {"success": succeed, "memory": run_out_of_heap, "user": fail_in_user_code}[kind]
    failed = False
    try:
        body(spark)
    except Exception as error:  # every kind of failure is what the two other kinds are made for
        print(type(error).__name__)
        failed = True
    spark.stop()
    if failed == (kind == "success"):
        sys.exit("the run did not end as its kind should")
    print("ran")


main()
