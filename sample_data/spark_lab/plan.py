"""What is to be run: full configurations, run specifications, and the order of the queue."""

from __future__ import annotations

import hashlib
import importlib
import json
from pathlib import Path

LAB_DEFAULTS: dict[str, str] = {
    "spark.driver.maxResultSize": "1g",
    "spark.driver.memory": "1g",
    "spark.executor.cores": "1",
    "spark.executor.instances": "1",
    "spark.executor.memory": "1g",
    "spark.executor.memoryOverhead": "384m",
    "spark.memory.fraction": "0.6",
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.autoBroadcastJoinThreshold": "10m",
    "spark.sql.shuffle.partitions": "4",
}
"""Every knob a run records, at the value a run has unless its configuration says otherwise."""

TIME_LIMIT_SECONDS = 90
_UNITS = {"k": 1 / 1024, "m": 1.0, "g": 1024.0}


def mebibytes(text: str) -> float:
    """Turns a Spark size such as ``512m`` or ``2g`` into MiB; a bare number is MiB already."""
    return float(text[:-1]) * _UNITS[text[-1].lower()] if text[-1].lower() in _UNITS else float(text)


def configured(changes: dict[str, str]) -> dict[str, str]:
    """The full configuration: the lab's defaults with ``changes`` on top, keys in alphabetical order."""
    return dict(sorted({**LAB_DEFAULTS, **changes}.items()))


def readable(config: dict[str, str]) -> str:
    """What distinguishes a configuration from the lab's default, for a run's id."""
    parts = [f"{key.removeprefix('spark.')}={value}" for key, value in sorted(config.items())
             if LAB_DEFAULTS.get(key) != value]
    return ",".join(parts) or "default"


def event_log_kind(identity: str) -> dict:
    """Codec and layout by hash of the run's id: 74 % zstd, 8 % each lz4, snappy, lzf, 2 % none; a fifth rolling."""
    digest = hashlib.sha256(identity.encode()).digest()
    bounds = [(74, "zstd"), (82, "lz4"), (90, "snappy"), (98, "lzf"), (100, "none")]
    codec = next(name for bound, name in bounds if digest[0] * 100 // 256 < bound)
    return {"codec": codec, "rolling": digest[1] < 51}


def specification(workflow: str, variant: str, size: dict, changes: dict[str, str], *, repeat: int = 1,
                  hooks: list[str] | None = None, time_limit_seconds: int = TIME_LIMIT_SECONDS) -> dict:
    """One run: a job variant, its full configuration (from ``changes``) and which repeat of it this is."""
    config = configured(changes)
    job = f"{workflow}-{variant}"
    identity = f"{job}/{readable(config)}/{repeat}"
    return {"id": identity, "workflow": workflow, "job": job, "variant": variant, "size": size, "config": config,
            "repeat": repeat, "time_limit_seconds": time_limit_seconds, "hooks": hooks or [],
            "event_log": event_log_kind(identity)}


def repeated(spec: dict, repeat: int) -> dict:
    """The same run once more, under its own id."""
    identity = f"{spec['id'].rsplit('/', 1)[0]}/{repeat}"
    return {**spec, "id": identity, "repeat": repeat, "event_log": event_log_kind(identity)}


def run_name(identity: str) -> str:
    """A run's id as the name of a folder: readable, at most 150 characters, distinct for distinct ids."""
    safe = "".join(letter if letter.isalnum() or letter in "-_=." else "+" for letter in identity)
    if len(safe) <= 150:
        return safe
    return safe[:137] + "-" + hashlib.sha256(identity.encode()).hexdigest()[:12]


def requested_mebibytes(config: dict[str, str]) -> float:
    """MiB the run asks for: executors with overhead, Python and off-heap memory, and the driver with 384 MiB."""
    each = mebibytes(config["spark.executor.memory"]) + mebibytes(config["spark.executor.memoryOverhead"])
    each += mebibytes(config.get("spark.executor.pyspark.memory", "0"))
    each += mebibytes(config.get("spark.memory.offHeap.size", "0"))
    return int(config["spark.executor.instances"]) * each + mebibytes(config["spark.driver.memory"]) + 384


def requested_cores(config: dict[str, str]) -> int:
    """Virtual cores the run holds: those of the executors and one of the driver."""
    return int(config["spark.executor.cores"]) * int(config["spark.executor.instances"]) + 1


def matrix() -> list[dict]:
    """The runs of the memory and fault matrices, each read afresh, interleaved in proportion to their lengths."""
    lists = [module.runs() for module in map(_fresh, ("memory_matrix", "fault_matrix")) if module]
    placed = [((index + 0.5) / len(runs), which, spec)
              for which, runs in enumerate(lists) for index, spec in enumerate(runs)]
    return [spec for _, _, spec in sorted(placed, key=lambda entry: entry[:2])]


def boundary_repeats(results: list[dict], specs: list[dict], repeats: int = 3) -> list[dict]:
    """Repeats of the runs beside each place where a job's outcome turns as one setting alone changes."""
    outcome = {result["id"]: result["outcome"] for result in results}
    firsts = [spec for spec in specs if spec["repeat"] == 1 and spec["id"] in outcome]
    wanted = []
    for ladder in _ladders(firsts):
        for low, high in zip(ladder, ladder[1:]):
            if outcome[low["id"]] != outcome[high["id"]]:
                wanted += [repeated(spec, n) for n in range(2, repeats + 1) for spec in (low, high)]
    unique = {spec["id"]: spec for spec in wanted}
    return sorted(unique.values(), key=lambda spec: spec["repeat"])


def demands(results: list[dict], specs: list[dict]) -> list[dict]:
    """What is still worth running once the matrix is done: the history's demands, then repeats at the boundaries."""
    history = _fresh("history")
    wanted = history.demands(results, specs) if history else []
    return wanted + boundary_repeats(results, specs)


def _ladders(specs: list[dict]) -> list[list[dict]]:
    """Groups of runs of one job that differ in one size setting only, in rising order of it."""
    ladders: dict[str, list[tuple[float, dict]]] = {}
    for spec in specs:
        for key in ("spark.executor.memory", "spark.driver.memory", "spark.executor.pyspark.memory",
                    "spark.driver.maxResultSize", "spark.kryoserializer.buffer.max", "spark.memory.offHeap.size"):
            if key in spec["config"]:
                rest = {name: value for name, value in spec["config"].items() if name != key}
                group = json.dumps([spec["job"], key, rest], sort_keys=True)
                ladders.setdefault(group, []).append((mebibytes(spec["config"][key]), spec))
    return [[spec for _, spec in sorted(entries, key=lambda entry: entry[0])]
            for entries in ladders.values() if len(entries) > 1]


def _fresh(name: str):
    """The module ``name`` as it now is on disk, or None where there is none."""
    if not (Path(__file__).parent / f"{name}.py").exists():
        return None
    importlib.invalidate_caches()
    return importlib.reload(importlib.import_module(name))
