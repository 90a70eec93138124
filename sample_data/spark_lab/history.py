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
        found = [cell for cell in self.cells if cell.succeeds() is False or ("recovers_after" in cell.spec["size"])]
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
        options = sorted((changes, abs(math.log(ratio / factor)), index, other)
                         for index, (changes, name, ratio, other) in enumerate(self._raised(cell))
                         if name == wanted and (self.speculate or other.spare()))
        return options[0][3] if options else None

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


def episode(world: World, cell: Cell, number: int) -> list[Step]:
    """The chain that begins with the next run of a cell; empty where a run is lacking that it cannot do without.

    Where there are fewer runs than the scheduler's retries, a person acts before them.
    """
    used = [(other, set(other.used)) for other in world.cells]
    steps: list[Step] = []
    while len(steps) <= RETRIES and (run := cell.take(world.speculate)) is not None:
        steps.append(Step(run, "auto_retry" if steps else "scheduled"))
        if run["outcome"] == "succeeded":
            return steps
    if not steps:
        return []
    generator = random.Random(f"person/{key_of(cell.spec)}/{number}")
    for _ in range(PERSON_TURNS):
        target = world.repair(cell, generator)
        if target is None:
            break
        run = target.take(world.speculate)
        if run is None:
            break
        steps.append(Step(run, "manual"))
        if run["outcome"] == "succeeded":
            return steps
        cell = target
    if world.speculate or len(steps) > RETRIES:
        return steps  # nothing helped: a failed chain
    for other, before in used:
        other.used = before
    return []


def chains(world: World, episodes_each: int = 2) -> list[list[Step]]:
    """All chains: the episodes of every failing cell, then single scheduled successes from the runs left over."""
    found = []
    for number in range(1, episodes_each + 1):
        for cell in world.failing():
            if number == 1 or _has_room(world, cell):
                found.append(episode(world, cell, number))
    for cell in world.cells:
        while not world.speculate and cell.succeeds() is not False and cell.spare():
            run = cell.take(False)
            if run is not None and run["outcome"] == "succeeded":
                found.append([Step(run, "scheduled")])
    return [steps for steps in found if steps]


def _has_room(world: World, cell: Cell) -> bool:
    """Whether a cell has the runs of a whole further episode."""
    left = len(set(cell.runs) - cell.used)
    return world.speculate or left > RETRIES or ("recovers_after" in cell.spec["size"] and left > 1)


def demands(results: list[dict], specs: list[dict]) -> list[dict]:
    """The runs still to be made, most wanted first: first episodes, scheduled successes, second episodes."""
    world = World(results, specs, speculate=True)
    first = chains(world, 1)
    wanted = [step.run for steps in first for step in steps if step.run.get("missing")]
    for cells in world.by_job.values():
        good = [cell for cell in cells if cell.succeeds()]
        for cell in good[:1]:
            wanted += [run for run in (cell.take(True),) if run.get("missing")]
    second = [episode(world, cell, 2) for cell in world.failing()]
    wanted += [step.run for steps in second for step in steps if step.run.get("missing")]
    return [{name: value for name, value in run.items() if name not in ("outcome", "missing")} for run in wanted]


def histories(results: list[dict], specs: list[dict]) -> list[dict]:
    """The attempts in order of start, each with the id of its run as ``run_id``."""
    return laid_out(chains(World(results, specs, speculate=False)))
