"""Runs one specification with spark-submit, and many side by side within a budget of cores and memory."""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timezone
from pathlib import Path

import plan

LAB = Path(__file__).parent
JVM_FLAGS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xlog:cds=off -Xlog:cds+dynamic=off -Xshare:auto"
"""The lab's own speed-up: a run is short; compiling thoroughly and collecting in parallel cost more than they give."""

FIXED_SETTINGS = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.eventLog.enabled": "true",
    "spark.eventLog.logStageExecutorMetrics": "true",
    "spark.executor.heartbeatInterval": "2s",
    "spark.executorEnv.ARROW_DEFAULT_MEMORY_POOL": "system",
    "spark.executorEnv.MALLOC_ARENA_MAX": "2",
    "spark.executorEnv.OPENBLAS_NUM_THREADS": "1",
    "spark.executor.processTreeMetrics.enabled": "true",
    "spark.sql.event.truncate.length": "2000",
    "spark.sql.maxPlanStringLength": "4000",
    "spark.task.maxFailures": "2",
    "spark.ui.enabled": "false",
}


class Lab:
    """The folders of a laboratory and the Python and Spark it uses."""

    def __init__(self, work: Path) -> None:
        """``work`` holds everything the runs write; it is made when it is not there."""
        self.work = work.absolute()
        self.runs = self.work / "runs"
        self.code = self.work / "code"
        self.archive = self.work / "classes.jsa"
        self.runs.mkdir(parents=True, exist_ok=True)
        self.python = Path(os.environ.get("MULLIGAN_LAB_PYTHON", sys.executable))
        found = subprocess.run([self.python, "-c", "import pyspark; print(pyspark.__path__[0], pyspark.__version__)"],
                               capture_output=True, text=True, check=True).stdout.split()
        self.spark_home = Path(os.environ.get("MULLIGAN_LAB_SPARK_HOME", found[0]))
        self.spark_version = found[1]
        java = subprocess.run([self._java(), "-version"], capture_output=True, text=True, check=True).stderr
        self.java_version = java.split('"')[1]
        self.copy_code()

    def copy_code(self) -> None:
        """Copies the scripts beside the runs, so that one being edited never changes a run under way."""
        self.code.mkdir(exist_ok=True)
        for script in LAB.glob("*.py"):
            target = self.code / script.name
            if not target.exists() or target.read_bytes() != script.read_bytes():
                part = target.with_suffix(".part")
                shutil.copyfile(script, part)
                part.replace(target)

    def folder(self, spec: dict) -> Path:
        """Where a run's result and logs are."""
        return self.runs / plan.run_name(spec["id"])

    def result(self, spec: dict) -> dict | None:
        """The result of a run, or None when it has not been run as the specification now says."""
        with contextlib.suppress(FileNotFoundError):
            stored = json.loads((self.folder(spec) / "result.json").read_text(encoding="utf-8"))
            if all(stored[key] == spec[key] for key in ("id", "size", "config", "hooks")):
                return stored
        return None

    def results(self) -> list[dict]:
        """Every result there is, in order of start."""
        found = [json.loads(path.read_text(encoding="utf-8")) for path in self.runs.glob("*/result.json")]
        return sorted(found, key=lambda result: (result["started_at"], result["id"]))

    def environment(self) -> dict[str, str]:
        """The environment of spark-submit."""
        flags = f"{JVM_FLAGS} -XX:SharedArchiveFile={self.archive}" if self.archive.exists() else JVM_FLAGS
        return {**os.environ, "SPARK_HOME": str(self.spark_home), "SPARK_LOCAL_IP": "127.0.0.1",
                "PYSPARK_PYTHON": str(self.python), "SPARK_LAUNCHER_OPTS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
                "SPARK_SUBMIT_OPTS": flags, "PYTHONDONTWRITEBYTECODE": "1"}

    def warm_up(self) -> None:
        """Makes the class-data archive that shortens the start of every JVM, unless it is there."""
        if self.archive.exists():
            return
        spec = plan.specification("warm_up", "once", {}, {})
        folder = self.folder(spec)
        command = prepare(self, spec, folder, {})
        environment = self.environment()
        part = self.archive.with_suffix(".part")
        environment["SPARK_SUBMIT_OPTS"] += f" -XX:ArchiveClassesAtExit={part}"
        with open(folder / "driver.log", "wb") as log:
            subprocess.run(command, env=environment, cwd=folder / "scratch", stdout=log, stderr=log, check=True)
        part.replace(self.archive)
        remove_worker_folder(self, spec)
        shutil.rmtree(folder)

    @staticmethod
    def _java() -> str:
        """The java that spark-submit will take."""
        home = os.environ.get("JAVA_HOME")
        return f"{home}/bin/java" if home else "java"


def prepare(lab: Lab, spec: dict, folder: Path, extra: dict[str, str]) -> list[str]:
    """Makes a run's folder anew and gives its spark-submit command."""
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("scratch/local", "eventlog"):
        (folder / name).mkdir(parents=True)
    (folder / "spec.json").write_text(json.dumps(spec, indent=1), encoding="utf-8")
    settings = {**FIXED_SETTINGS, **spec["config"], **log_settings(spec["event_log"], folder / "eventlog"),
                "spark.local.dir": str(folder / "scratch/local"),
                "spark.deploy.appIdPattern": application_pattern(spec),
                "spark.sql.warehouse.dir": str(folder / "scratch/warehouse"), **extra}
    own = spec["config"].get("spark.executor.extraJavaOptions", "")
    archive = f" -XX:SharedArchiveFile={lab.archive}" if lab.archive.exists() else ""
    settings["spark.executor.extraJavaOptions"] = f"{JVM_FLAGS}{archive} {own}".strip()
    cores, instances = spec["config"]["spark.executor.cores"], spec["config"]["spark.executor.instances"]
    per_worker = int(plan.requested_mebibytes({**spec["config"], "spark.executor.instances": "1"}))
    command = [str(lab.spark_home / "bin/spark-submit"), "--master", f"local-cluster[{instances},{cores},{per_worker}]"]
    for key, value in sorted(settings.items()):
        command += ["--conf", f"{key}={value}"]
    return command + [str(lab.code / "app.py"), "--work", str(folder / "scratch"), "--spec", str(folder / "spec.json")]


def application_pattern(spec: dict) -> str:
    """A pattern of application ids that differ between runs started in the same second."""
    return f"app-%s-{int(spec_digest(spec), 16) % 10000:04d}"


def spec_digest(spec: dict) -> str:
    """A short hash of a run's id."""
    return hashlib.sha256(spec["id"].encode()).hexdigest()[:8]


def log_settings(kind: dict, folder: Path) -> dict[str, str]:
    """The event log's settings: where, in which codec, in one file or rolling."""
    settings = {"spark.eventLog.dir": folder.as_uri(), "spark.eventLog.rolling.enabled": str(kind["rolling"]).lower(),
                "spark.eventLog.compress": str(kind["codec"] != "none").lower()}
    if kind["codec"] != "none":
        settings["spark.eventLog.compression.codec"] = kind["codec"]
    if kind["rolling"]:
        settings["spark.eventLog.rolling.maxFileSize"] = "10m"
    return settings


def die_with_parent() -> None:
    """In the child before spark-submit starts: have the kernel kill it when the runner dies."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def execute(lab: Lab, spec: dict) -> dict:
    """Runs one specification to its end or time limit, and writes its result last."""
    folder = lab.folder(spec)
    scratch = folder / "scratch"
    with contextlib.ExitStack() as stack:
        shutil.rmtree(folder, ignore_errors=True)
        scratch.mkdir(parents=True)
        extra = {}
        command = prepare(lab, spec, folder, {})
        for name in spec["hooks"]:
            given = stack.enter_context(importlib.import_module("fault_jobs").HOOKS[name](spec, scratch))
            extra.update(given if isinstance(given, dict) else {})
        command[-5:-5] = [part for key, value in sorted(extra.items()) for part in ("--conf", f"{key}={value}")]
        started, load = time.time(), os.getloadavg()[0]
        exit_code, usage = submit(lab, spec, folder, command)
        ended = time.time()
    result = {**spec, **measured(spec, started, ended), "exit_code": exit_code, "cpu_seconds": round(usage, 2),
              "load_before": round(load, 2), "load_after": round(os.getloadavg()[0], 2),
              "outcome": outcome_of(exit_code), "spark_version": lab.spark_version, "java_version": lab.java_version,
              "driver_log": "driver.log", **event_log_of(folder)}
    remove_worker_folder(lab, result)
    shutil.rmtree(scratch, ignore_errors=True)
    part = folder / "result.part"
    part.write_text(json.dumps(result, indent=1), encoding="utf-8")
    part.replace(folder / "result.json")
    return result


def submit(lab: Lab, spec: dict, folder: Path, command: list[str]) -> tuple[int | None, float]:
    """Starts spark-submit in its own process group; gives its exit code (None: time limit) and CPU-seconds."""
    with open(folder / "driver.log", "wb") as log:
        process = subprocess.Popen(command, env=lab.environment(), cwd=folder / "scratch", stdout=log, stderr=log,
                                   stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=die_with_parent)
        (folder / "pid").write_text(str(process.pid), encoding="ascii")
        deadline = time.monotonic() + spec["time_limit_seconds"]
        while True:
            done, status, usage = os.wait4(process.pid, os.WNOHANG)
            if done or time.monotonic() > deadline:
                break
            time.sleep(0.05)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        if not done:
            _, status, usage = os.wait4(process.pid, 0)
            stamp = datetime.now(timezone.utc).strftime("%y/%m/%d %H:%M:%S")
            log.write(f"\n{stamp} ERROR scheduler: the time limit of {spec['time_limit_seconds']} s was exceeded; "
                      "the run was killed\n".encode())
    process.returncode = os.waitstatus_to_exitcode(status)
    (folder / "pid").unlink()
    return (process.returncode if done else None), usage.ru_utime + usage.ru_stime


def measured(spec: dict, started: float, ended: float) -> dict:
    """Times (RFC 3339, UTC), seconds, vcore-seconds and GiB-seconds of a run."""
    seconds = ended - started
    stamps = [datetime.fromtimestamp(when, timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
              for when in (started, ended)]
    return {"started_at": stamps[0], "ended_at": stamps[1], "seconds": round(seconds, 3),
            "vcore_seconds": round(seconds * plan.requested_cores(spec["config"]), 3),
            "memory_gb_seconds": round(seconds * plan.requested_mebibytes(spec["config"]) / 1024, 3)}


def outcome_of(exit_code: int | None) -> str:
    """succeeded, failed, or killed where the time limit ended the run."""
    if exit_code is None:
        return "killed"
    return "succeeded" if exit_code == 0 else "failed"


def event_log_of(folder: Path) -> dict:
    """The run's event log relative to its folder, and its application id; None where Spark wrote none."""
    logs = sorted(path for path in (folder / "eventlog").iterdir() if not path.name.startswith("."))
    if not logs:
        return {"event_log": None, "event_log_kind": None, "application_id": None}
    name = logs[0].name.removeprefix("eventlog_v2_").split(".")[0]
    kind = json.loads((folder / "spec.json").read_text(encoding="utf-8"))["event_log"]
    return {"event_log": f"eventlog/{logs[0].name}", "event_log_kind": kind, "application_id": name}


def remove_worker_folder(lab: Lab, result: dict) -> None:
    """Removes what the standalone workers of a run wrote under Spark's home."""
    suffix = f"{int(spec_digest(result), 16) % 10000:04d}"
    for folder in (lab.spark_home / "work").glob(f"app-*-{suffix}"):
        if result.get("application_id") in (None, folder.name):
            shutil.rmtree(folder, ignore_errors=True)


def end_leftovers(lab: Lab) -> None:
    """Ends process groups of runs that an earlier runner, killed itself, left behind."""
    for path in lab.runs.glob("*/pid"):
        pid = int(path.read_text(encoding="ascii") or 0)
        with contextlib.suppress(OSError):
            if pid and str(path.parent).encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                os.killpg(pid, signal.SIGKILL)
        path.unlink()


class Queue:
    """Runs specifications side by side, as many as cores and memory allow."""

    def __init__(self, lab: Lab, jobs: int, memory_gib: float, deadline: float | None) -> None:
        """At most ``jobs`` at once asking for ``memory_gib`` GiB in all; nothing new starts after ``deadline``."""
        self.lab, self.jobs, self.budget, self.deadline = lab, jobs, memory_gib * 1024, deadline
        self.running: dict[Future, dict] = {}
        self.unable: set[str] = set()
        self.left = 0
        self.pool = ThreadPoolExecutor(max_workers=jobs)

    def run(self, wanted: Callable[[], list[dict]]) -> int:
        """Runs what ``wanted`` gives and has no result, asking anew before each start; gives how many were run."""
        count = 0
        while True:
            count += self._start(wanted)
            if not self.running:
                return count
            finished, _ = wait(self.running, return_when=FIRST_COMPLETED)
            for future in finished:
                self._report(self.running.pop(future), future)

    def over(self) -> bool:
        """Whether the time for starting runs is over."""
        return self.deadline is not None and time.monotonic() > self.deadline

    def _start(self, wanted: Callable[[], list[dict]]) -> int:
        """Starts as many waiting runs as fit; the first always, so that one above the budget is run alone."""
        started = 0
        while len(self.running) < self.jobs and not self.over():
            taken = self.unable | {spec["id"] for spec in self.running.values()}
            waiting = [spec for spec in wanted() if spec["id"] not in taken and self.lab.result(spec) is None]
            free = self.budget - sum(plan.requested_mebibytes(spec["config"]) for spec in self.running.values())
            spec = next((spec for spec in waiting if plan.requested_mebibytes(spec["config"]) <= free), None)
            if spec is None and waiting and not self.running:
                spec = waiting[0]
            if spec is None:
                break
            self.left = len(waiting) - 1
            self.lab.copy_code()
            self.running[self.pool.submit(execute, self.lab, spec)] = spec
            started += 1
        return started

    def _report(self, spec: dict, future: Future) -> None:
        """Prints a line on a finished run."""
        stamp = datetime.now(timezone.utc).strftime("%H:%M:%S")
        try:
            result = future.result()
            print(f"{stamp} {result['outcome']:9} {result['seconds']:6.1f} s {result['cpu_seconds']:6.1f} CPU-s "
                  f"{self.left:4} left  {spec['id']}", flush=True)
        except Exception as error:  # one run's trouble must not end the others
            self.unable.add(spec["id"])
            print(f"{stamp} not run: {spec['id']}: {type(error).__name__}: {error}", flush=True)
