"""Packs the lab's runs for others: history, truth, and logs in which nothing tells of the machine they were made on."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import history
import plan
from codecs_of_spark import SparkCodecs
from neutral import Neutral, shorter
from runner import Lab

VCORE_HOUR_USD, GIB_HOUR_USD = 0.05, 0.006
"""The shipped price book, in dollars."""

MAXIMUM_BYTES = 30_000_000
LOG_FOLDERS = ("event_logs", "driver_logs")

AS_WRITTEN = 12
"""How many runs of each codec and layout keep theirs; event logs of further ones are packed by zstd, a third of the
size."""


def pack(lab: Lab, out: Path) -> None:
    """Writes history, truth and logs, in the place of those that were there, and says what is in them."""
    results, specs = lab.results(), plan.matrix()
    refuse_broken_repairs(results, specs)
    attempts = history.histories(results, specs)
    by_id = {result["id"]: result for result in results}
    runs = [by_id[attempt.pop("run_id")] for attempt in attempts]
    for attempt, run in zip(attempts, runs):
        attempt["log_path"] = f"driver_logs/{name_of(run)}.log.zst"
    chosen = codecs_of(runs)
    with tempfile.TemporaryDirectory(prefix=".packing-", dir=out) as made:
        pack_logs(lab, list(zip(runs, chosen)), Path(made))
        for folder in LOG_FOLDERS:
            shutil.rmtree(out / folder, ignore_errors=True)
            (Path(made) / folder).rename(out / folder)
    write_lines(out / "history.jsonl.zst", attempts)
    known = [run for cell in history.cells_of(results, specs) for run in cell.runs.values()]
    write_lines(out / "truth.jsonl.zst", [truth_of(run) for run in known])
    kinds = Counter(codec + (" rolling" if run["event_log_kind"]["rolling"] else "")
                    for run, codec in zip(runs, chosen) if run["event_log"])
    report(out, [*counts(attempts, known),
                 ("event logs by codec", ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items())))])


def pack_logs(lab: Lab, runs: list[tuple[dict, str]], target: Path) -> None:
    """Writes the logs of runs, each event log in the codec beside it."""
    for folder in LOG_FOLDERS:
        (target / folder).mkdir()
    neutral = Neutral(lab)
    with SparkCodecs(lab) as codecs, ThreadPoolExecutor(2) as pool:
        written = [pool.submit(pack_driver_log, lab, run, target / "driver_logs", neutral) for run, _ in runs]
        for run, codec in runs:
            pack_event_log(lab, run, target / "event_logs", neutral, codecs, codec)
        for future in written:
            future.result()


def name_of(run: dict) -> str:
    """What a run's logs are called: its application id, or its own id where Spark did not come so far."""
    return run["application_id"] or plan.run_name(run["id"])


def codecs_of(runs: list[dict]) -> list[str]:
    """The codec every run's event log is packed in, ``none`` for a plain one."""
    seen: Counter[tuple[str, bool]] = Counter()
    chosen = []
    for run in runs:
        kind = run["event_log_kind"]
        seen[kind["codec"], kind["rolling"]] += run["event_log"] is not None
        chosen.append(kind["codec"] if seen[kind["codec"], kind["rolling"]] <= AS_WRITTEN else "zstd")
    return chosen


def refuse_broken_repairs(results: list[dict], specs: list[dict]) -> None:
    """Stops where a fault job fails as repaired too: its owner would have repaired nothing."""
    for cell in history.cells_of(results, specs):
        if cell.is_repaired and cell.succeeds() is False:
            raise SystemExit(f"{cell.spec['id']} is a repaired job and fails; mend it, delete its runs, run it again")


def truth_of(result: dict) -> dict:
    """What a run tells of its job variant under its configuration; a repaired job is a job of its own."""
    seconds, vcores, memory = (result[name] for name in ("seconds", "vcore_seconds", "memory_gb_seconds"))
    repaired = "_repaired" if result["size"].get("repaired") else ""
    return {"job": result["job"] + repaired, "variant": result["variant"], "config": result["config"],
            "repeat": result["repeat"], "outcome": result["outcome"], "seconds": seconds,
            "cost_usd": round(vcores / 3600 * VCORE_HOUR_USD + memory / 3600 * GIB_HOUR_USD, 8),
            "vcore_seconds": vcores, "memory_gb_seconds": memory}


def write_lines(path: Path, rows: list[dict]) -> None:
    """Writes JSON Lines, compressed by zstd."""
    text = "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)
    compress(text.encode("utf-8"), path)


def compress(content: bytes, path: Path) -> None:
    """Writes ``content`` as a zstd file."""
    subprocess.run(["zstd", "--quiet", "-16", "--force", "-o", str(path)], input=content, check=True)


def pack_driver_log(lab: Lab, run: dict, folder: Path, neutral: Neutral) -> None:
    """Writes a run's driver log, made neutral and compressed."""
    content = (lab.folder(run) / run["driver_log"]).read_bytes()
    compress(neutral(content, lab.folder(run)), folder / f"{name_of(run)}.log.zst")


def pack_event_log(lab: Lab, run: dict, target: Path, neutral: Neutral, codecs: SparkCodecs, codec: str) -> None:
    """Writes a run's event log, a file or a rolling folder, made neutral and compressed by ``codec``."""
    if run["event_log"] is None:
        return
    folder = lab.folder(run)
    source = folder / run["event_log"]
    parts = [path for path in sorted(source.iterdir()) if not path.name.startswith(".")] if source.is_dir() else [source]
    for path in parts:
        packed = path.relative_to(source.parent)
        packed = target / packed.with_name(name_in(codec, packed.name))
        packed.parent.mkdir(parents=True, exist_ok=True)
        rewrite(path, packed, lambda content: shorter(neutral(content, folder)), codecs)


CODEC_ENDING = re.compile(r"(?:\.(zstd|lz4|lzf|snappy))?(\.inprogress)?$")


def codec_in(name: str) -> str | None:
    """The codec an event log's name tells; None for a plain one."""
    return CODEC_ENDING.search(name)[1]


def name_in(codec: str, name: str) -> str:
    """What Spark calls a part of an event log when it is written by ``codec``; its list of attempts stays plain."""
    if name.startswith("appstatus"):
        return name
    return CODEC_ENDING.sub(lambda found: ("" if codec == "none" else f".{codec}") + (found[2] or ""), name, count=1)


def rewrite(source: Path, target: Path, change: Callable[[bytes], bytes], codecs: SparkCodecs) -> None:
    """Copies a part of an event log with its content changed, from the codec its name tells to that of the target."""
    content, before, after = source.read_bytes(), codec_in(source.name), codec_in(target.name)
    if before is not None:
        content = codecs.decode(content, before, unfinished=source.name.endswith(".inprogress"))
    content = change(content)
    target.write_bytes(content if after is None else codecs.encode(content, after))


def report(out: Path, figures: list[tuple[str, object]]) -> None:
    """Says what was packed, in the README too, and refuses a folder that grew too large."""
    size = sum(path.stat().st_size for name in LOG_FOLDERS for path in (out / name).rglob("*") if path.is_file())
    rows = [*figures, ("megabytes of logs", f"{size / 1e6:.1f}")]
    print("\n".join(f"{name}: {value}" for name, value in rows))
    readme = out / "README.md"
    if readme.exists():
        table = "\n".join(["| what | |", "|---|---:|", *(f"| {name} | {value} |" for name, value in rows)])
        marks = re.compile(r"(<!-- counts -->\n).*?(<!-- /counts -->)", re.DOTALL)
        text = readme.read_text(encoding="utf-8")
        readme.write_text(marks.sub(lambda found: f"{found[1]}\n{table}\n\n{found[2]}", text), encoding="utf-8")
    if size > MAXIMUM_BYTES:
        raise SystemExit(f"{out} has {size} bytes of logs; {MAXIMUM_BYTES} are to be committed at most")


def counts(attempts: list[dict], results: list[dict]) -> list[tuple[str, object]]:
    """The figures of the README's table."""
    faults = {result["job"] for result in results if "failure_class" in result}
    outcomes = Counter(result["outcome"] for result in results)
    failed = {attempt["run"]: attempt["job"] for attempt in attempts if attempt["outcome"] != "succeeded"}
    memory = sum(job not in faults for job in failed.values())
    triggers = Counter(attempt["trigger"] for attempt in attempts)
    return [
        ("Spark", ", ".join(sorted({result["spark_version"] for result in results}))),
        ("Java", ", ".join(sorted({result["java_version"] for result in results}))),
        ("real runs (rows of truth)", len(results)),
        ("of these succeeded, failed, killed", ", ".join(str(outcomes[n]) for n in ("succeeded", "failed", "killed"))),
        ("hours they took", f"{sum(result['seconds'] for result in results) / 3600:.1f}"),
        ("memory jobs of workloads", f"{len({r['job'] for r in results} - faults)} of "
                                     f"{len({r['workflow'] for r in results if r['job'] not in faults})}"),
        ("fault jobs of kinds", f"{len(faults)} of {len({r['workflow'] for r in results if r['job'] in faults})}"),
        ("attempts in the history", len(attempts)),
        ("scheduled, auto_retry, manual", ", ".join(str(triggers[n]) for n in ("scheduled", "auto_retry", "manual"))),
        ("episodes of memory jobs, of fault jobs", f"{memory}, {len(failed) - memory}")]
