"""The Spark laboratory's command line: runs the matrix, says how far it is, packs the logs, makes a small batch."""

from __future__ import annotations

import argparse
import fcntl
import fnmatch
import itertools
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import plan
from runner import Lab, Queue, end_leftovers

ROOT = Path(__file__).parents[2]


def arguments() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="lab.py", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (("run", "run what has no result yet"), ("status", "say what has been run"),
                       ("pack", "write logs, history and truth to a folder"), ("fresh", "run a small batch")):
        command = commands.add_parser(name, help=text)
        command.add_argument("--work", type=Path, default=ROOT / "build/spark_lab", help="folder of the runs")
        if name in ("run", "fresh"):
            command.add_argument("--jobs", type=int, default=2, help="runs side by side (2)")
            command.add_argument("--memory-gib", type=float, default=16, help="GiB all runs may ask for together (16)")
            command.add_argument("--minutes", type=float, help="start nothing after so many minutes")
        if name == "run":
            command.add_argument("--only", default="*", help="only runs whose id matches this pattern")
            command.add_argument("--matrix-only", action="store_true", help="leave the history's demands out")
            command.add_argument("--alternate", action="store_true",
                                 help="give the matrix and the history's demands turns, where time will not do for both")
        if name == "pack":
            command.add_argument("--out", type=Path, required=True, help="folder to write to")
    return parser.parse_args()


def prepared_lab(work: Path) -> Lab:
    """The laboratory at ``work``, held by this process alone, with leftovers ended and the class archive made."""
    lab = Lab(work)
    lock = open(lab.work / "lock", "w", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(f"{work} is in use by another runner; wait for it to end or name another folder with --work")
    lab.lock = lock
    end_leftovers(lab)
    lab.warm_up()
    return lab


def run(given: argparse.Namespace) -> None:
    """Runs the matrix, then what the history demands, until nothing is left or the time is over."""
    lab = prepared_lab(given.work)
    queue = Queue(lab, given.jobs, given.memory_gib, deadline_of(given.minutes))
    matrix = Latest(plan.matrix)
    while not queue.over():
        turns = Turns(lab, matrix) if given.alternate else matrix
        done = queue.run(lambda: chosen(turns(), given.only))
        if not given.matrix_only and not queue.over():
            further = chosen(plan.demands(lab.results(), matrix()), given.only)[:40]
            done += queue.run(lambda: further)
        if done == 0:
            break


class Latest:
    """The newest list a function gave; while a script being edited is broken, the one before."""

    def __init__(self, function: Callable[[], list[dict]]) -> None:
        """``function`` gives the list; its first call has to succeed."""
        self.function, self.value = function, function()

    def __call__(self) -> list[dict]:
        """Asks the function again."""
        try:
            self.value = self.function()
        except Exception as error:  # a script half saved must not end the runner
            print(f"the matrix could not be read again: {type(error).__name__}: {error}", flush=True)
        return self.value


class Turns:
    """The matrix and the history's demands in turns: those of the demands known when ten runs fewer were done."""

    def __init__(self, lab: Lab, matrix: Callable[[], list[dict]]) -> None:
        """``matrix`` gives the matrix as it now is."""
        self.lab, self.matrix = lab, matrix
        self.known, self.demanded = -10, []

    def __call__(self) -> list[dict]:
        """What is to be run, most wanted first."""
        specs = self.matrix()
        results = self.lab.results()
        if len(results) >= self.known + 10:
            self.known, self.demanded = len(results), plan.demands(results, specs)
        done = {result["id"] for result in results}
        waiting = [[spec for spec in specs if self.lab.result(spec) is None],
                   [spec for spec in self.demanded if spec["id"] not in done]]
        if len(results) % 2:
            waiting.reverse()
        return [spec for pair in itertools.zip_longest(*waiting) for spec in pair if spec is not None]


def chosen(specs: list[dict], pattern: str) -> list[dict]:
    """The specifications whose id matches a pattern."""
    return [spec for spec in specs if fnmatch.fnmatchcase(spec["id"], pattern)]


def deadline_of(minutes: float | None) -> float | None:
    """The monotonic time, in seconds, after which nothing is started."""
    return None if minutes is None else time.monotonic() + 60 * minutes


def status(given: argparse.Namespace) -> None:
    """Prints how many runs are done, by outcome, and the outcome of every configuration by job."""
    if not given.work.is_dir():
        sys.exit(f"{given.work} is not there; name the folder of the runs with --work")
    lab = Lab(given.work)
    results = lab.results()
    specs = plan.matrix()
    done = sum(lab.result(spec) is not None for spec in specs)
    print(f"{done} of the matrix' {len(specs)} runs, {len(results)} runs in all: "
          + ", ".join(f"{count} {name}" for name, count in sorted(Counter(r["outcome"] for r in results).items())))
    by_job: dict[str, list[dict]] = {}
    for result in sorted(results, key=lambda entry: entry["id"]):
        by_job.setdefault(result["job"], []).append(result)
    for job, group in sorted(by_job.items()):
        print(job)
        for result in group:
            print(f"  {result['outcome']:9} {result['seconds']:6.1f} s {result['cpu_seconds']:6.1f} CPU-s "
                  f"{result['id'].removeprefix(job + '/')}")


def pack(given: argparse.Namespace) -> None:
    """Writes compressed logs, the history and the truth."""
    import pack as packer
    packer.pack(Lab(given.work), given.out)


def fresh(given: argparse.Namespace) -> None:
    """Runs about ten runs of different kinds end to end: failures of memory, faults, successes."""
    import memory_matrix
    lab = prepared_lab(given.work)
    queue = Queue(lab, given.jobs, given.memory_gib, deadline_of(given.minutes))
    specs = memory_matrix.fresh_runs()
    if (Path(__file__).parent / "fault_matrix.py").exists():
        import fault_matrix
        specs += [spec for spec in fault_matrix.runs() if not spec["hooks"]][:3]
    queue.run(lambda: specs)
    status(given)


if __name__ == "__main__":
    {"run": run, "status": status, "pack": pack, "fresh": fresh}[arguments().command](arguments())
