"""The memory workloads: each needs memory in its own way, and how much is set by its size.

Data comes from ``spark.range``. Sizes are counts of rows, elements or documents, and MiB or KiB where a name says so.
Texts are one letter repeated: cheap to make and to ship (they compress), at full size wherever they are held.
"""

from __future__ import annotations

from pathlib import Path

KIB = 1024
MIB = 1024 * KIB


def letters(length: int) -> str:
    """An SQL expression: a text of ``length`` bytes made of one letter that depends on ``id``."""
    return f"repeat(chr(97 + CAST(id % 26 AS int)), {length})"


def numbers(spark, rows: int, partitions: int = 2):
    """The ids 0 … rows − 1 in ``partitions`` partitions."""
    return spark.range(0, rows, 1, partitions)


def wide_aggregation(spark, size: dict, scratch: Path) -> None:
    """Collects all texts of one group into one list of objects (row_kib KiB each), which cannot spill."""
    rows = numbers(spark, size["rows"], 1).selectExpr("id % 1 AS k", f"{letters(size['row_kib'] * KIB)} AS v")
    rows.groupBy("k").agg({"v": "collect_list"}).selectExpr("size(`collect_list(v)`) AS n").collect()


def skewed_join(spark, size: dict, scratch: Path) -> None:
    """A shuffled hash join whose build side has nine tenths of its rows on one key: they must fit in one map."""
    build = numbers(spark, size["rows"]).selectExpr(
        "IF(id % 10 < 9, 0L, id % 97) AS k", f"{letters(size['row_kib'] * KIB)} AS v")
    probe = numbers(spark, 97).selectExpr("id AS k", "id * 3 AS w")
    probe.join(build.hint("shuffle_hash"), "k").selectExpr("sum(length(v) + w) AS n").collect()


def broadcast_join(spark, size: dict, scratch: Path) -> None:
    """A join whose right side is estimated too small, so that the threshold has the driver collect and broadcast it."""
    small = numbers(spark, size["rows"]).selectExpr(
        "concat('key', id) AS k", f"{letters(size['row_kib'] * KIB)} AS v")
    large = numbers(spark, 5000).selectExpr("concat('key', id) AS k", "id AS w")
    large.join(small, "k", "left").selectExpr("sum(length(v) + w % 7) AS n").collect()


def sort(spark, size: dict, scratch: Path) -> None:
    """Sorts all rows of a group inside one array, which cannot spill: list, array and sorted copy are held together."""
    rows = numbers(spark, size["rows"], 1).selectExpr(
        "0 AS k", f"named_struct('h', hash(id), 'v', {letters(size['row_kib'] * KIB)}) AS s")
    rows.groupBy("k").agg({"s": "collect_list"}).selectExpr("array_sort(`collect_list(s)`) AS sorted").selectExpr(
        "sum(size(sorted)) AS n", "max(sorted[0].h) AS first").collect()


def cache_iteration(spark, size: dict, scratch: Path) -> None:
    """Caches each step of an iteration that doubles a text, so that the cache crowds out the step under way."""
    step = numbers(spark, 1, 1).selectExpr("id", f"{letters(size['start_mib'] * MIB)} AS v").cache()
    for _ in range(size["turns"]):
        step = step.selectExpr("id", "concat(v, v) AS v").cache()
        step.selectExpr("sum(length(v)) AS n").collect()


def collect_to_driver(spark, size: dict, scratch: Path) -> None:
    """Collects rows of a MiB each: the driver holds them as bytes and, once decoded, as texts."""
    rows = numbers(spark, size["rows"], 4).selectExpr("id", f"{letters(MIB)} AS v")
    print(f"{rows._jdf.collectAsList().size()} rows collected")


def result_size(spark, size: dict, scratch: Path) -> None:
    """Collects numbers that do not compress: their sum is held against spark.driver.maxResultSize."""
    columns = [f"xxhash64(id, {column}) AS c{column}" for column in range(8)]
    print(f"{numbers(spark, size['rows'], 4).selectExpr(*columns)._jdf.collectAsList().size()} rows collected")


def large_shuffle(spark, size: dict, scratch: Path) -> None:
    """Groups held side by side after a shuffle: the fewer the partitions, the more of the widened rows a task holds."""
    partitions = int(spark.conf.get("spark.sql.shuffle.partitions"))
    rows = numbers(spark, size["rows"], 2).selectExpr(f"id % {size['groups']} AS k", "id").repartition(partitions, "k")
    rows.selectExpr("k", f"{letters(size['row_kib'] * KIB)} AS v").groupBy("k").agg({"v": "collect_list"}).selectExpr(
        "sum(size(`collect_list(v)`)) AS n").collect()


def window(spark, size: dict, scratch: Path) -> None:
    """A window without bounds whose every row carries the list of its whole partition."""
    rows = numbers(spark, size["rows"], 1).selectExpr("0 AS k", "id", f"{letters(size['row_mib'] * MIB)} AS v")
    rows.selectExpr("id", "collect_list(v) OVER (PARTITION BY k) AS all").selectExpr(
        "sum(size(all)) AS n").collect()


def python_udf(spark, size: dict, scratch: Path) -> None:
    """A Python function that keeps fat objects: each row adds object_mib MiB to what its worker holds."""
    from pyspark.sql.functions import udf

    held: list[bytes] = []

    def keep(number: int) -> int:
        held.append(bytes([number % 250 + 1]) * (size["object_mib"] * MIB))
        return sum(len(one) for one in held) // MIB

    rows = numbers(spark, size["rows"], 1)
    rows.select(udf(keep, "int", useArrow=False)("id").alias("n")).selectExpr("max(n) AS n").collect()


def pandas_udf(spark, size: dict, scratch: Path) -> None:
    """applyInPandas on one large group: a worker holds it as Arrow data, as a frame and as a sorted copy."""
    def first_by_text(frame):
        frame["w"] = frame["v"] + "."
        return frame.sort_values("w").head(1)[["k"]]

    rows = numbers(spark, size["rows"], 1).selectExpr("0L AS k", f"{letters(size['row_kib'] * KIB)} AS v")
    rows.groupBy("k").applyInPandas(first_by_text, "k bigint").collect()


def wide_rows(spark, size: dict, scratch: Path) -> None:
    """A row with an array of structures and a map, built as objects before they are laid out as one row."""
    items = f"transform(sequence(1, {size['elements']}), x -> named_struct('a', x + id, 'b', repeat('w', 300)))"
    rows = numbers(spark, 1, 1).selectExpr("id", f"{items} AS items").repartition(1)
    rows.selectExpr("id", "map_from_arrays(items.a, items.b) AS pairs", "items").repartition(1).selectExpr(
        "sum(size(pairs) + size(items)) AS n").collect()


def nested_json(spark, size: dict, scratch: Path) -> None:
    """Parses a document of many nested elements: text, parsed tree and row are in memory together."""
    element = ("""concat('{"name":"', repeat('n', 900), '","place":{"row":', x, """
               """',"text":"', repeat('t', 900), '"},"tags":["a"]}')""")
    documents = numbers(spark, 1, 1).selectExpr(
        f"concat('[', array_join(transform(sequence(1, {size['elements']}), x -> {element}), ','), ']') AS text")
    schema = "array<struct<name: string, place: struct<row: bigint, text: string>, tags: array<string>>>"
    documents.selectExpr(f"from_json(text, '{schema}') AS items").repartition(1).selectExpr(
        "sum(size(items)) AS n").collect()


def kryo_buffer(spark, size: dict, scratch: Path) -> None:
    """Encodes opaque objects (object_kib KiB each) in tasks: Kryo has to fit each of them into one buffer."""
    from pyspark.sql import DataFrame

    length = size["object_kib"] * KIB
    objects = spark.sparkContext.parallelize(range(size["rows"]), 1).map(lambda number: bytes([number + 1]) * length)
    virtual_machine = spark.sparkContext._jvm
    encoder = virtual_machine.org.apache.spark.sql.Encoders.kryo(virtual_machine.java.lang.Object().getClass())
    encoded = DataFrame(spark._jsparkSession.createDataset(objects._jrdd.rdd(), encoder).toDF(), spark)
    encoded.repartition(2).selectExpr("sum(length(value)) AS n").collect()


def off_heap_join(spark, size: dict, scratch: Path) -> None:
    """A shuffled hash join on text keys: its map lives in the off-heap memory, whose size is fixed."""
    build = numbers(spark, size["rows"]).selectExpr(
        "concat('key', id) AS k", f"{letters(size['row_kib'] * KIB)} AS v")
    probe = numbers(spark, 100).selectExpr("concat('key', id) AS k", "id AS w")
    probe.join(build.hint("shuffle_hash"), "k").selectExpr("sum(length(v) + w) AS n").collect()


def arrow_batch(spark, size: dict, scratch: Path) -> None:
    """Hands a Python function all rows as one Arrow batch: the executor builds it in direct memory, buffers doubling."""
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "0")
    spark.conf.set("spark.sql.execution.arrow.maxBytesPerBatch", "2147483646")

    def counted(batches):
        import pyarrow
        for batch in batches:
            yield pyarrow.RecordBatch.from_pydict({"n": [batch.num_rows]})

    rows = numbers(spark, size["rows"], 1).selectExpr(f"{letters(size['row_kib'] * KIB)} AS v")
    rows.mapInArrow(counted, "n bigint").selectExpr("sum(n) AS n").collect()


JOBS = {job.__name__: job for job in (
    arrow_batch, wide_aggregation, skewed_join, broadcast_join, sort, cache_iteration, collect_to_driver, result_size, large_shuffle,
    window, python_udf, pandas_udf, wide_rows, nested_json, kryo_buffer, off_heap_join)}
"""Every memory workload by name."""
