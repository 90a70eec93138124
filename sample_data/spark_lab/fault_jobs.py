"""Jobs that fail for other reasons than memory. Each is a small real job; with ``repaired`` in its size it is mended."""

from __future__ import annotations

import base64
import os
import signal
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from pyspark import cloudpickle

from fault_hooks import HOOKS  # noqa: F401 (the runner takes the hooks from here)

ORDER_STATES = ("open", "paid", "sent", "returned")


def orders(spark, rows: int = 4000):
    """A table of orders: number, customer, state, amount, day."""
    states = ", ".join(f"'{state}'" for state in ORDER_STATES)
    return spark.range(0, rows, 1, 2).selectExpr(
        "id AS order_id", "id % 97 AS customer", f"element_at(array({states}), CAST(id % 4 AS int) + 1) AS state",
        "CAST(id % 500 AS double) / 4 AS amount", "date_add(DATE'2026-07-01', CAST(id % 90 AS int)) AS day")


def mended(size: dict) -> bool:
    """Whether the job runs as its owner has repaired it."""
    return size.get("repaired", False)


def in_trouble(scratch: Path) -> bool:
    """Whether the world around this run is in trouble, as a hook has said."""
    return (scratch / "trouble").exists()


def user_exception(spark, size: dict, scratch: Path) -> None:
    """Code of the job's own that does not expect what the data hold."""
    table = orders(spark)
    rates = {"open": 0.0, "paid": 1.0, "sent": 1.0, **({"returned": -1.0} if mended(size) else {})}
    if size["kind"] == "udf":
        from pyspark.sql.functions import udf
        table.withColumn("booked", udf(lambda state, amount: rates[state] * amount, "double")("state", "amount")
                         ).groupBy("customer").sum("booked").collect()
    elif size["kind"] == "value":
        def parse(row) -> int:
            if not mended(size) and row.order_id % 1000 == 999:
                raise ValueError(f"order {row.order_id}: the customer's reference is empty")
            return row.order_id
        table.rdd.map(parse).sum()
    else:
        totals = {row["state"]: row["total"] for row in table.groupBy("state").agg({"amount": "sum"})
                  .withColumnRenamed("sum(amount)", "total").collect()}
        print("cancelled:", totals.get("cancelled", 0.0) if mended(size) else totals["cancelled"])


def missing_column(spark, size: dict, scratch: Path) -> None:
    """A column the table does not have."""
    table = orders(spark)
    right, wrong = {"sql": ("customer", "customer_id"), "frame": ("amount", "amount_net"),
                    "window": ("day", "delivered_on")}[size["kind"]]
    name = right if mended(size) else wrong
    if size["kind"] == "sql":
        table.createOrReplaceTempView("orders")
        spark.sql(f"SELECT {name}, sum(amount) AS total FROM orders GROUP BY {name}").collect()
    elif size["kind"] == "frame":
        table.filter("state = 'paid'").select("order_id", name).groupBy().avg(name).collect()
    else:
        table.selectExpr("order_id", f"row_number() OVER (PARTITION BY customer ORDER BY {name}) AS place"
                         ).filter("place = 1").count()


def missing_table(spark, size: dict, scratch: Path) -> None:
    """A table or view that nobody has made."""
    orders(spark).createOrReplaceTempView("orders")
    if mended(size):
        spark.range(97).selectExpr("id AS customer", "id % 5 AS region").createOrReplaceTempView("customers")
    if size["kind"] == "sql":
        spark.sql("SELECT region, sum(amount) FROM orders JOIN customers USING (customer) GROUP BY region").collect()
    else:
        spark.table("customers").join(spark.table("orders"), "customer").count()


def missing_path(spark, size: dict, scratch: Path) -> None:
    """A folder that is not there: never was, or is not there yet."""
    folder = scratch / "landing/day=2026-09-14"
    if size["kind"] == "json":
        spark.read.schema("parcel bigint, weight bigint").json(str(folder)).groupBy("weight").count().collect()
        return
    written = scratch / ("export/orders" if mended(size) else "exports/orders")
    orders(spark).write.parquet(str(scratch / "export/orders"))
    spark.read.parquet(str(written)).groupBy("state").count().collect()


def existing_output(spark, size: dict, scratch: Path) -> None:
    """A result that is there already, left by an earlier run; the mended job replaces it."""
    target = str(scratch / "report")
    leftover = not in_trouble(scratch) if "recovers_after" in size else False
    totals = orders(spark).groupBy("state").sum("amount").withColumnRenamed("sum(amount)", "total")
    if not leftover:
        totals.limit(1).write.format(size["kind"]).save(target)
    totals.write.format(size["kind"]).mode("overwrite" if mended(size) else "errorifexists").save(target)


def missing_class(spark, size: dict, scratch: Path) -> None:
    """A class that is on no class path: a data source, a Java function, a database driver."""
    from pyspark.sql.types import DoubleType
    table = orders(spark)
    table.createOrReplaceTempView("orders")
    if mended(size):
        spark.sql("SELECT state, sum(amount * 1.19) FROM orders GROUP BY state").collect()
    elif size["kind"] == "source":
        spark.read.format("org.ledger.spark.LedgerSource").option("book", "2026").load().count()
    elif size["kind"] == "function":
        spark.udf.registerJavaFunction("with_tax", "org.ledger.udf.WithTax", DoubleType())
        spark.sql("SELECT state, sum(with_tax(amount)) FROM orders GROUP BY state").collect()
    else:
        spark.read.format("jdbc").options(url="jdbc:ledger://127.0.0.1/books", dbtable="entries",
                                          driver="org.ledger.jdbc.LedgerDriver").load().count()


def ask_stock(port: int, user: str, word: str) -> int:
    """The stock level of one article, from the local stock service."""
    token = base64.b64encode(f"{user}:{word}".encode()).decode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/stock/7", headers={"Authorization": f"Basic {token}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return len(answer.read())


def service_port(scratch: Path) -> int:
    """The port of the local service, as its hook wrote it."""
    return int((scratch / "service_port").read_text(encoding="ascii"))


def closed_port(spark, size: dict, scratch: Path) -> None:
    """A service whose port nobody listens on, asked from the tasks, from the driver, or as a stream's source."""
    port = service_port(scratch)
    if size["kind"] == "task":
        import socket

        def levels(part: Iterator) -> Iterator[int]:
            with socket.create_connection(("127.0.0.1", port), timeout=10):
                yield from (row.order_id for row in part)
        orders(spark).rdd.mapPartitions(levels).count()
    elif size["kind"] == "driver":
        level = ask_stock(port, "planner", "summer")
        orders(spark).selectExpr(f"order_id % {level} AS part").groupBy("part").count().collect()
    else:
        lines = spark.readStream.format("socket").options(host="127.0.0.1", port=port).load()
        query = lines.groupBy("value").count().writeStream.format("memory").queryName("lines").outputMode(
            "complete").start()
        if not query.awaitTermination(3):
            query.stop()


def bad_credentials(spark, size: dict, scratch: Path) -> None:
    """A local service that refuses the account: HTTP 401, HTTP 403, FTP 530."""
    port, word = service_port(scratch), "summer" if mended(size) or size["kind"] == "role" else "winter"
    table = orders(spark, 200)
    if size["kind"] == "archive":
        import ftplib
        with ftplib.FTP() as archive:
            archive.connect("127.0.0.1", port, timeout=10)
            archive.login("planner", word)
        table.count()
    elif size["kind"] == "role":
        level = ask_stock(port, "planner" if mended(size) else "guest", word)
        table.filter(f"customer < {level}").count()
    else:
        table.repartition(2).rdd.mapPartitions(lambda part: [ask_stock(port, "planner", word)]).sum()


def busy_service(spark, size: dict, scratch: Path) -> None:
    """A local service that answers 503 while it starts."""
    port = service_port(scratch)
    orders(spark, 200).repartition(2).rdd.mapPartitions(lambda part: [ask_stock(port, "planner", "summer")]).sum()


def missing_module(spark, size: dict, scratch: Path) -> None:
    """A Python module that the workers, or the driver too, do not have."""
    if size["kind"] == "driver":
        if not mended(size):
            import ledger_prices  # noqa: F401 (there is no such module)
        orders(spark).groupBy("state").count().collect()
        return
    module = scratch / "driver_only/pricing_rules.py"
    module.parent.mkdir()
    module.write_text("def rounded(amount):\n    return round(amount, 1)\n", encoding="utf-8")
    sys.path.insert(0, str(module.parent))
    import pricing_rules
    if mended(size):
        spark.sparkContext.addPyFile(str(module))
    orders(spark).rdd.map(lambda row: pricing_rules.rounded(row.amount)).sum()


def dead_worker(spark, size: dict, scratch: Path) -> None:
    """A Python worker that dies: by a signal from outside, or in native code."""
    dies = in_trouble(scratch) if "recovers_after" in size else not mended(size)
    native = size["kind"] == "native"

    def weigh(part: Iterator) -> Iterator[float]:
        for row in part:
            if dies and row.order_id == 3500:
                if native:
                    import ctypes
                    ctypes.string_at(0)
                os.kill(os.getpid(), signal.SIGKILL)
            yield row.amount
    orders(spark).rdd.mapPartitions(weigh).sum()


def executor_of_worker() -> int:
    """The process id of the executor a Python worker belongs to: the parent of its daemon's, or its parent."""
    process = os.getppid()
    while b"java" not in Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")[0]:
        process = int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
    return process


def dead_executor(spark, size: dict, scratch: Path) -> None:
    """An executor killed in mid-shuffle: the task's own (lost executor), or the other's, whose blocks are then gone."""
    dies = in_trouble(scratch) if "recovers_after" in size else not mended(size)
    folder, own = scratch / "executors", size["kind"] == "own"
    folder.mkdir()

    def note(part: Iterator) -> Iterator[tuple[int, float]]:
        (folder / str(executor_of_worker())).touch()
        time.sleep(1)
        yield from ((row.customer, row.amount) for row in part)

    def strike(index: int, part: Iterator) -> Iterator[float]:
        total = sum(amount for _, amount in part)
        mine = executor_of_worker()
        others = [int(entry.name) for entry in folder.iterdir() if entry.name != str(mine)]
        if dies and index == 0:
            for process in [mine] if own else others:
                os.kill(process, signal.SIGKILL)
        time.sleep(0.5)
        yield total
    pairs = orders(spark).repartition(4).rdd.mapPartitions(note)
    pairs.reduceByKey(lambda one, other: one + other, 8).mapPartitionsWithIndex(strike).sum()


def disk_full(spark, size: dict, scratch: Path) -> None:
    """A shuffle bigger than the local disk; the mended job sends less through it."""
    rows = 2000 if mended(size) else size["rows"]
    table = spark.range(0, rows, 1, 2).selectExpr("id", "sha2(CAST(id AS string), 512) AS content")
    if size["kind"] == "sort":
        table.repartition(4, "content").sortWithinPartitions("content").selectExpr("max(content)").collect()
    else:
        table.rdd.map(lambda row: (row.id % 7, row.content)).groupByKey(4).mapValues(len).collect()


def broadcast_timeout(spark, size: dict, scratch: Path) -> None:
    """A broadcast whose build side takes longer than spark.sql.broadcastTimeout allows."""
    from pyspark.sql.functions import broadcast, udf
    spark.conf.set("spark.sql.broadcastTimeout", "60" if mended(size) else "1")

    def slow(customer: int) -> int:
        time.sleep(0.03)
        return customer % 5
    regions = spark.range(97).withColumnRenamed("id", "customer")
    # Taken for deterministic, it would be called for the orders' customers too, by the filter the join implies.
    regions = regions.withColumn("region", udf(slow, "int").asNondeterministic()("customer"))
    if size["kind"] == "filter":
        regions = regions.filter("region < 4")
    orders(spark).join(broadcast(regions), "customer").groupBy("region").sum("amount").collect()


def not_serializable(spark, size: dict, scratch: Path) -> None:
    """A function for the workers that holds what cannot be sent: the Spark context, a lock, an open file."""
    table = orders(spark)
    held = {"context": spark.sparkContext, "lock": threading.Lock(), "file": sys.stdin}[size["kind"]]
    offset = 1

    def shifted(row) -> int:
        return row.order_id + (offset if mended(size) else len(str(held)))
    if mended(size):
        table.rdd.map(lambda row: row.order_id + offset).sum()
    else:
        table.rdd.map(shifted).sum()


def arithmetic(spark, size: dict, scratch: Path) -> None:
    """Arithmetic that ANSI mode refuses: a division by zero, an overflow, a number that is none."""
    wrong, right = {
        "division": ("amount / (customer - 13)", "try_divide(amount, customer - 13)"),
        "overflow": ("CAST(order_id AS int) * 2000000000", "order_id * 2000000000"),
        "array": ("element_at(array(amount, 1.0), CAST(customer % 3 AS int) + 1)",
                  "try_element_at(array(amount, 1.0), CAST(customer % 3 AS int) + 1)")}[size["kind"]]
    orders(spark).selectExpr("state", f"{right if mended(size) else wrong} AS figure").groupBy("state").agg(
        {"figure": "max"}).collect()


def schema_mismatch(spark, size: dict, scratch: Path) -> None:
    """Data of another type than the job expects: in a file, in a union, in a text column."""
    table = orders(spark)
    if size["kind"] == "parquet":
        folder = str(scratch / "amounts")
        table.selectExpr("order_id", "CAST(amount AS string) AS amount").write.parquet(folder)
        read = "order_id bigint, amount string" if mended(size) else "order_id bigint, amount double"
        spark.read.schema(read).parquet(folder).selectExpr("sum(CAST(amount AS double))").collect()
    elif size["kind"] == "union":
        extra = "order_id, amount" if mended(size) else "order_id, amount, day"
        table.selectExpr("order_id", "amount").union(table.selectExpr(*extra.split(", "))).count()
    else:
        cast = "try_cast" if mended(size) else "cast"
        table.selectExpr(f"sum({cast}(concat(state, amount) AS double)) AS total").collect()


def too_slow(spark, size: dict, scratch: Path) -> None:
    """Work that takes far longer than the time limit: it waits for a lock, or compares every order with every other."""
    if size["kind"] == "wait":
        def waiting(part: Iterator) -> Iterator[int]:
            while (scratch / "trouble").exists():
                time.sleep(0.2)
            yield sum(1 for _ in part)
        orders(spark).rdd.mapPartitions(waiting).sum()
        return
    pause = 0 if mended(size) else 0.05

    def priced(row) -> float:
        time.sleep(pause)
        return row.amount
    orders(spark).rdd.map(priced).sum()


cloudpickle.register_pickle_by_value(sys.modules[__name__])  # the workers do not have this file

JOBS: dict[str, Callable] = {job.__name__: job for job in (
    user_exception, missing_column, missing_table, missing_path, existing_output, missing_class, closed_port,
    bad_credentials, busy_service, missing_module, dead_worker, dead_executor, disk_full, broadcast_timeout,
    not_serializable, arithmetic, schema_mismatch, too_slow)}
