"""The matrix of memory runs: each workload's sizes, the ladder its need lies on, and side knobs at a few rungs."""

from __future__ import annotations

import plan

HEAP = "spark.executor.memory"
DRIVER = "spark.driver.memory"
PYTHON = "spark.executor.pyspark.memory"
RESULT = "spark.driver.maxResultSize"
KRYO = "spark.kryoserializer.buffer.max"
OFF_HEAP = "spark.memory.offHeap.size"
JAVA_OPTIONS = "spark.executor.extraJavaOptions"
CORES = "spark.executor.cores"
FRACTION = "spark.memory.fraction"
PARTITIONS = "spark.sql.shuffle.partitions"
ADAPTIVE = "spark.sql.adaptive.enabled"
THRESHOLD = "spark.sql.autoBroadcastJoinThreshold"

LADDERS = {
    HEAP: ("512m", "768m", "1g", "1536m", "2g", "3g", "4g"),
    DRIVER: ("512m", "768m", "1g", "1536m", "2g", "3g"),
    PYTHON: ("256m", "384m", "512m", "768m", "1g", "1536m", "2g"),
    RESULT: ("4m", "8m", "16m", "32m", "64m", "128m"),
    KRYO: ("1m", "2m", "4m", "8m", "16m", "32m", "64m"),
    OFF_HEAP: ("64m", "128m", "256m", "384m", "512m", "768m", "1g"),
    JAVA_OPTIONS: tuple(f"-XX:MaxDirectMemorySize={size}" for size in ("64m", "128m", "256m", "512m", "768m", "1g")),
}
"""The values of each main setting that are tried, all of them for every variant."""

BASES: dict[str, dict[str, str]] = {
    "broadcast_join": {THRESHOLD: "64m", HEAP: "3g"},
    "arrow_batch": {"spark.network.maxRemoteBlockSizeFetchToMem": "32m"},
    "large_shuffle": {ADAPTIVE: "false", PARTITIONS: "2"},
    "kryo_buffer": {"spark.serializer": "org.apache.spark.serializer.KryoSerializer"},
    "off_heap_join": {"spark.memory.offHeap.enabled": "true"},
}
"""What a workload's configurations have other than the lab's defaults."""

WORKLOADS: dict[str, tuple[str, dict[str, dict]]] = {
    "sort": (HEAP, {
        "small": {"rows": 16000, "row_kib": 4}, "medium": {"rows": 28000, "row_kib": 4},
        "large": {"rows": 44000, "row_kib": 4}, "huge": {"rows": 80000, "row_kib": 4}}),
    "cache_iteration": (HEAP, {
        "small": {"start_mib": 4, "turns": 4}, "medium": {"start_mib": 7, "turns": 4},
        "large": {"start_mib": 9, "turns": 4}, "huge": {"start_mib": 13, "turns": 4}}),
    "window": (HEAP, {
        "small": {"rows": 4, "row_mib": 14}, "medium": {"rows": 4, "row_mib": 30},
        "large": {"rows": 4, "row_mib": 44}, "huge": {"rows": 4, "row_mib": 64},
        "giant": {"rows": 4, "row_mib": 130}}),
    "skewed_join": (HEAP, {
        "small": {"rows": 100000, "row_kib": 1}, "medium": {"rows": 200000, "row_kib": 1},
        "large": {"rows": 400000, "row_kib": 1}, "huge": {"rows": 800000, "row_kib": 1}}),
    "python_udf": (PYTHON, {
        "small": {"rows": 14, "object_mib": 20}, "medium": {"rows": 24, "object_mib": 20},
        "large": {"rows": 38, "object_mib": 20}, "huge": {"rows": 60, "object_mib": 20},
        "giant": {"rows": 84, "object_mib": 20}}),
    "pandas_udf": (PYTHON, {
        "small": {"rows": 10000, "row_kib": 4}, "medium": {"rows": 24000, "row_kib": 4},
        "large": {"rows": 42000, "row_kib": 4}, "huge": {"rows": 64000, "row_kib": 4}}),
    "result_size": (RESULT, {
        "small": {"rows": 90000}, "medium": {"rows": 180000}, "large": {"rows": 360000}, "huge": {"rows": 640000},
        "giant": {"rows": 1250000}}),
    "off_heap_join": (OFF_HEAP, {
        "small": {"rows": 90000, "row_kib": 1}, "medium": {"rows": 270000, "row_kib": 1},
        "large": {"rows": 410000, "row_kib": 1}, "huge": {"rows": 600000, "row_kib": 1},
        "giant": {"rows": 850000, "row_kib": 1}}),
    "arrow_batch": (JAVA_OPTIONS, {
        "small": {"rows": 9000, "row_kib": 4}, "medium": {"rows": 22000, "row_kib": 4},
        "large": {"rows": 48000, "row_kib": 4}, "huge": {"rows": 90000, "row_kib": 4}}),
    "wide_aggregation": (HEAP, {
        "small": {"rows": 150000, "row_kib": 4}, "medium": {"rows": 290000, "row_kib": 4},
        "large": {"rows": 420000, "row_kib": 4}, "huge": {"rows": 600000, "row_kib": 4}}),
    "broadcast_join": (DRIVER, {
        "small": {"rows": 400000, "row_kib": 1}, "medium": {"rows": 600000, "row_kib": 1},
        "large": {"rows": 900000, "row_kib": 1}, "huge": {"rows": 1200000, "row_kib": 1}}),
    "large_shuffle": (HEAP, {
        "small": {"rows": 85000, "groups": 60, "row_kib": 16}, "medium": {"rows": 125000, "groups": 60, "row_kib": 16},
        "large": {"rows": 175000, "groups": 60, "row_kib": 16}, "huge": {"rows": 240000, "groups": 60, "row_kib": 16}}),
    "collect_to_driver": (DRIVER, {
        "small": {"rows": 250}, "medium": {"rows": 460}, "large": {"rows": 650}, "huge": {"rows": 920}}),
    "kryo_buffer": (KRYO, {
        "small": {"rows": 2, "object_kib": 1500}, "medium": {"rows": 2, "object_kib": 3000},
        "large": {"rows": 2, "object_kib": 7000}, "huge": {"rows": 2, "object_kib": 14000},
        "giant": {"rows": 2, "object_kib": 28000}}),
    "nested_json": (HEAP, {
        "small": {"elements": 110000}, "medium": {"elements": 180000}, "large": {"elements": 280000},
        "huge": {"elements": 380000}}),
    "wide_rows": (HEAP, {
        "small": {"elements": 130000}, "medium": {"elements": 400000}, "large": {"elements": 600000},
        "huge": {"elements": 850000}, "giant": {"elements": 1200000}}),
}
"""Each workload's main setting and its sizes."""

SIDE_KNOBS: dict[tuple[str, str], tuple[tuple[str, ...], tuple[dict[str, str], ...]]] = {
    ("skewed_join", "medium"): (("768m", "1g", "1536m"), ({FRACTION: "0.8"}, {FRACTION: "0.4"})),
    ("skewed_join", "large"): (("1g", "1536m", "2g"), ({PARTITIONS: "16"}, {ADAPTIVE: "false"})),
    ("cache_iteration", "medium"): (("1g", "1536m"), ({FRACTION: "0.4"}, {FRACTION: "0.8"})),
    ("sort", "medium"): (("1g", "1536m"), ({ADAPTIVE: "false"},)),
    ("large_shuffle", "medium"): (("512m", "768m", "1g"), ({PARTITIONS: "8"}, {PARTITIONS: "32"})),
    ("broadcast_join", "medium"): (("512m", "1g"), ({THRESHOLD: "-1"},)),
    ("wide_aggregation", "medium"): (("768m", "1g", "1536m"), ({CORES: "2"},)),
    ("window", "medium"): (("1g", "1536m"), ({FRACTION: "0.4"},)),
    ("python_udf", "medium"): (("512m", "1g"), ({CORES: "2"},)),
}
"""For some variants: at which values of the main setting which other settings are changed."""


def runs() -> list[dict]:
    """Every run of the matrix once: first each workload's first variant, then the second ones, and so on."""
    by_variant = [(position, workload, variant) for workload, (_, sizes) in WORKLOADS.items()
                  for position, variant in enumerate(sizes)]
    return [spec for _, workload, variant in sorted(by_variant, key=lambda entry: entry[0])
            for spec in variant_runs(workload, variant)]


def variant_runs(workload: str, variant: str) -> list[dict]:
    """The runs of one job variant: its whole ladder, then its side knobs."""
    setting, sizes = WORKLOADS[workload]
    rungs, changes = SIDE_KNOBS.get((workload, variant), ((), ()))
    configurations = [{setting: value} for value in LADDERS[setting]]
    configurations += [{setting: value, **change} for change in changes for value in rungs]
    return [plan.specification(workload, variant, sizes[variant], {**BASES.get(workload, {}), **changed})
            for changed in configurations]


def fresh_runs() -> list[dict]:
    """A small batch: a heap too small and one large enough, and the same for a Python worker and a result size."""
    picked = (("sort", "medium", ("512m", "2g")), ("python_udf", "medium", ("256m", "2g")),
              ("result_size", "medium", ("4m", "64m")), ("skewed_join", "small", ("512m",)))
    return [spec for workload, variant, values in picked for spec in variant_runs(workload, variant)
            if spec["config"][WORKLOADS[workload][0]] in values][:7]
