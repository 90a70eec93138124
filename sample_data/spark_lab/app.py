"""The program spark-submit runs: looks a job up by its workflow and runs it; a failure leaves with its traceback."""

from __future__ import annotations

import argparse
import importlib
import json
from pathlib import Path


def job_function(workflow: str):
    """The function of a workflow, from the memory jobs or the fault jobs."""
    for name in ("memory_jobs", "fault_jobs"):
        if (Path(__file__).parent / f"{name}.py").exists():
            jobs = importlib.import_module(name).JOBS
            if workflow in jobs:
                return jobs[workflow]
    raise LookupError(f"no job is named {workflow}: neither memory_jobs.JOBS nor fault_jobs.JOBS has it")


def warm_up(spark, scratch: Path) -> None:
    """Touches the common parts of Spark once, so that their classes get into the class-data archive."""
    numbers = spark.range(0, 20000, 1, 2).selectExpr("id", "id % 10 AS k", "CAST(id AS string) AS text")
    numbers.write.mode("overwrite").parquet(str(scratch / "numbers"))
    stored = spark.read.parquet(str(scratch / "numbers"))
    stored.join(numbers.groupBy("k").count(), "k").selectExpr(
        "k", "row_number() OVER (PARTITION BY k ORDER BY id) AS place", "text").groupBy("k").agg(
        {"place": "max", "text": "collect_list"}).orderBy("k").collect()
    stored.selectExpr("to_json(struct(*)) AS document").selectExpr(
        "from_json(document, 'id bigint, k bigint, text string') AS parsed").cache().count()


def main() -> None:
    """Reads the arguments, starts the session and runs the job."""
    from pyspark.sql import SparkSession

    arguments = argparse.ArgumentParser()
    arguments.add_argument("--work", type=Path, required=True, help="a scratch folder for the job's own files")
    arguments.add_argument("--spec", type=Path, required=True, help="the run's specification, a JSON file")
    given = arguments.parse_args()
    spec = json.loads(given.spec.read_text(encoding="utf-8"))
    run = warm_up if spec["workflow"] == "warm_up" else job_function(spec["workflow"])
    spark = SparkSession.builder.appName(spec["job"]).getOrCreate()
    try:
        if run is warm_up:
            warm_up(spark, given.work)
        else:
            run(spark, spec["size"], given.work)
    finally:
        spark.stop()


if __name__ == "__main__":
    main()
