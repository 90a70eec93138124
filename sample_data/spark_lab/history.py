"""The history a scheduler would have logged of the lab's real runs, and which runs it still needs. Pure; no files."""

from __future__ import annotations

import json
import math
import random
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import plan
from fault_hooks import is_faulty
from timeline import laid_out

RETRIES = 2
"""How often the scheduler starts a failed attempt again as it was."""

ATTEMPTS = 1700
"""How many attempts a history has at most: their logs are to stay below 30 MB. Second episodes give way."""

PERSON_TURNS = 4
"""How often persons act in one run before they give it up."""

RAISES = ((2.0, 0.60), (4.0, 0.25), (1.5, 0.15))
"""By how much a person raises the setting that was too small, and how often."""

DIRECT_MEMORY = re.compile(r"-XX:MaxDirectMemorySize=(\d+\w?)")
SIZES = ("spark.executor.memory", "spark.driver.memory", "spark.executor.pyspark.memory",
         "spark.driver.maxResultSize", "spark.kryoserializer.buffer.max", "spark.memory.offHeap.size",
         "spark.executor.extraJavaOptions")
"""Settings a person raises; of the last one the limit of direct memory."""


@dataclass(frozen=True)
class Step:
    """One attempt of a chain: the run it was, and who started it."""

    run: dict
    trigger: str


@dataclass
class Cell:
    """One job, as it is or repaired, under one configuration, with the runs there are of it by repeat."""

    spec: dict
    runs: dict[int, dict] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)

    @property
    def job(self) -> str:
        """The job's name."""
        return self.spec["job"]

    @property
    def is_fault(self) -> bool:
        """Whether it is one of the fault jobs."""
        return "failure_class" in self.spec

    @property
    def is_repaired(self) -> bool:
        """Whether it is a fault job as repaired."""
        return self.spec["size"].get("repaired", False)

    @property
    def recovers(self) -> bool:
        """Whether the fault passes by itself."""
        return "recovers_after" in self.spec["size"]

    def succeeds(self) -> bool | None:
        """Whether most of the runs succeeded; None when none has been run."""
        count = Counter(run["outcome"] == "succeeded" for run in self.runs.values())
        return count[True] > count[False] if self.runs else None

    def assumed(self, repeat: int) -> dict:
        """A run that has not been made yet, with the outcome it will likely have."""
        good = self.succeeds() is not False
        if self.is_fault:
            good = not is_faulty({**self.spec, "repeat": repeat})
        return {**plan.repeated(self.spec, repeat), "outcome": "succeeded" if good else "failed", "missing": True}

    def take(self, speculate: bool) -> dict | None:
        """The next run nobody has used; when there is none, one to be made (speculating) or None."""
        left = sorted(set(self.runs) - self.used)
        repeat = left[0] if left else max([0, *self.runs, *self.used]) + 1
        if not left and not speculate:
            return None
        self.used.add(repeat)
        return self.runs[repeat] if left else self.assumed(repeat)

    def spare(self) -> bool:
        """Whether there is a run nobody has used."""
        return bool(set(self.runs) - self.used)


def key_of(spec: dict) -> str:
    """What makes two runs repeats of each other."""
    return json.dumps([spec[name] for name in ("job", "config", "size", "hooks")], sort_keys=True)


def cells_of(results: list[dict], specs: list[dict]) -> list[Cell]:
    """The cells of the matrix with their runs, in the matrix' order; results of other matrices are left out."""
    cells: dict[str, Cell] = {}
    for spec in specs:
        cells.setdefault(key_of(spec), Cell(spec))
    for result in results:
        if (cell := cells.get(key_of(result))) is not None:
            cell.runs[result["repeat"]] = result
    return list(cells.values())


def amount(config: dict[str, str], name: str) -> float | None:
    """The value of a size setting, in MiB; None where it is not set."""
    text = config.get(name)
    if text and name == "spark.executor.extraJavaOptions":
        found = DIRECT_MEMORY.search(text)
        text = found[1] if found else None
    if text and name == "spark.driver.maxResultSize" and text.isdigit():
        return int(text) / 2**20
    return plan.mebibytes(text) if text else None


class World:
    """All cells, and what a person would do about a failed one."""

    def __init__(self, results: list[dict], specs: list[dict], speculate: bool) -> None:
        """``speculate``: assume the outcomes of runs not made yet, to find out which to make."""
        self.cells = cells_of(results, specs)
        self.speculate = speculate
        self.by_job: dict[str, list[Cell]] = {}
        for cell in self.cells:
            self.by_job.setdefault(cell.job, []).append(cell)

    def failing(self) -> list[Cell]:
        """Cells that are known to fail, workloads taking turns, those a raise can mend first."""
        places: Counter[str] = Counter()
        order = []
        found = [cell for cell in self.cells if cell.succeeds() is False or cell.recovers]
        for cell in sorted(found, key=lambda cell: not self._mendable(cell)):
            order.append((places[cell.spec["workflow"]], cell))
            places[cell.spec["workflow"]] += 1
        return [cell for _, cell in sorted(order, key=lambda entry: entry[0])]

    def _mendable(self, cell: Cell) -> bool:
        return cell.is_fault or any(other.succeeds() for other in self.by_job[cell.job])

    def repair(self, cell: Cell, generator: random.Random) -> Cell | None:
        """The cell a person goes on with: the mended code, or a raised setting; None when there is nothing to do."""
        if cell.is_fault:
            return next((other for other in self.by_job[cell.job] if other.is_repaired), None)
        factor = generator.choices([raise_by for raise_by, _ in RAISES], [share for _, share in RAISES])[0]
        wanted = self._too_small(cell)
        options = sorted((not self.speculate and not other.spare(), changes, abs(math.log(ratio / factor)), index, other)
                         for index, (changes, name, ratio, other) in enumerate(self._raised(cell)) if name == wanted)
        return options[0][-1] if options else None

    def _too_small(self, cell: Cell) -> str | None:
        """The setting whose raise mends the cell with the least change, else the one that can be raised at all."""
        raised = sorted(((not other.succeeds(), changes, ratio, SIZES.index(name))
                         for changes, name, ratio, other in self._raised(cell)))
        return SIZES[raised[0][3]] if raised else None

    def _raised(self, cell: Cell) -> Iterable[tuple[int, str, float, Cell]]:
        """Cells of the same job with one setting raised: other settings changed, setting, ratio, cell."""
        mine = cell.spec["config"]
        for other in self.by_job[cell.job]:
            theirs = other.spec["config"]
            changed = [name for name in {*mine, *theirs} if mine.get(name) != theirs.get(name)]
            if other is cell or other.succeeds() is None or len(changed) > 2:
                continue
            if other.spec["size"] != cell.spec["size"]:
                continue
            ratios = {name: (amount(theirs, name) or 0) / (amount(mine, name) or math.inf)
                      for name in SIZES if name in changed}
            if any(0 < ratio < 1 for ratio in ratios.values()):
                continue
            for name, ratio in ratios.items():
                if ratio > 1:
                    yield len(changed) - 1, name, ratio, other


def opening(world: World, cell: Cell, number: int) -> list[Step] | None:
    """The chain that begins with the next run of a cell, without the retries that change nothing.

    None, and no run used, where a run is lacking. Where nothing helps it is a chain that fails.
    """
    taken: list[tuple[Cell, dict]] = []

    def step(of: Cell, trigger: str) -> bool:
        run = of.take(world.speculate)
        if run is not None:
            taken.append((of, run))
            steps.append(Step(run, trigger))
        return run is not None

    steps: list[Step] = []
    complete = step(cell, "scheduled")
    while complete and cell.recovers and not succeeded(steps) and len(steps) <= RETRIES:
        complete = step(cell, "auto_retry")
    generator = random.Random(f"person/{key_of(cell.spec)}/{number}")
    for _ in range(PERSON_TURNS):
        if not complete or succeeded(steps) or (target := world.repair(cell, generator)) is None:
            break
        complete, cell = step(target, "manual"), target
    if complete:
        return steps
    for of, run in taken:
        of.used.discard(run["repeat"])
    return None


def succeeded(steps: list[Step]) -> bool:
    """Whether a chain has come to its success."""
    return bool(steps) and steps[-1].run["outcome"] == "succeeded"


def with_retries(world: World, cell: Cell, steps: list[Step]) -> list[Step]:
    """A chain with the scheduler's retries put in, as far as there are runs; one that succeeds ends it."""
    if cell.recovers or steps[0].run["outcome"] == "succeeded":
        return steps
    retried = [steps[0]]
    while len(retried) <= RETRIES and (run := cell.take(world.speculate)) is not None:
        retried.append(Step(run, "auto_retry"))
        if succeeded(retried):
            return retried
    return retried + steps[1:]


def episodes(world: World, number: int) -> list[list[Step]]:
    """The ``number``-th episode of every failing cell: first what ends them, then the retries, from what is left."""
    opened = [(cell, opening(world, cell, number)) for cell in world.failing()]
    return [with_retries(world, cell, steps) for cell, steps in opened if steps]


def singles(world: World) -> list[list[Step]]:
    """Scheduled runs that succeed, from the runs left over."""
    left = [run for cell in world.cells for repeat, run in sorted(cell.runs.items()) if repeat not in cell.used]
    return [[Step(run, "scheduled")] for run in left if run["outcome"] == "succeeded"]


def demands(results: list[dict], specs: list[dict]) -> list[dict]:
    """The runs still to be made, most wanted first: first episodes, scheduled successes, second episodes."""
    world = World(results, specs, speculate=True)
    wanted: list[dict] = []
    opened = [(cell, opening(world, cell, 1) or []) for cell in world.failing()]
    wanted += [step.run for _, steps in opened for step in steps]
    wanted += [step.run for cell, steps in opened for step in with_retries(world, cell, steps)]
    for cells in world.by_job.values():
        wanted += [cell.take(True) for cell in [cell for cell in cells if cell.succeeds()][:1]]
    wanted += [step.run for steps in episodes(world, 2) for step in steps]
    missing = {run["id"]: run for run in wanted if run.get("missing")}
    return [{name: value for name, value in run.items() if name not in ("outcome", "missing")}
            for run in missing.values()]


def histories(results: list[dict], specs: list[dict]) -> list[dict]:
    """The attempts in order of start, each with the id of its run as ``run_id``."""
    world = World(results, specs, speculate=False)
    first, second = episodes(world, 1), episodes(world, 2)
    chains = first + singles(world)
    room = ATTEMPTS - sum(map(len, chains))
    for steps in second:
        if len(steps) <= room:
            chains.append(steps)
            room -= len(steps)
    return laid_out(chains)
