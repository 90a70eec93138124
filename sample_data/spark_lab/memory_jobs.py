"""The memory workloads."""


def wide_aggregation(spark, size, scratch):
    """Collects every value of a group into one list."""
    spark.range(0, size["rows"], 1, 2).selectExpr(f"id % {size['groups']} AS k", f"repeat(sha2(CAST(id AS string), 256), {size['repeat']}) AS v").groupBy("k").agg({"v": "collect_list"}).selectExpr("size(`collect_list(v)`) AS n").collect()


JOBS = {"wide_aggregation": wide_aggregation}
