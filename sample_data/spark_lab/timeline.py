"""Lays chains of attempts out over the weeks and names their owners. Times are UTC; durations are those of the runs."""

from __future__ import annotations

import math
import random
from datetime import datetime, timedelta, timezone

START = datetime(2026, 7, 6, tzinfo=timezone.utc)
DAYS = 16 * 7
BACKOFF_SECONDS = 60
CLUSTER = "laboratory"
PERSON_HOURS = (1 / 3, 20)
"""How soon and how late a person acts, in hours; in between by the logarithm."""

MANUAL_MINUTES = (20, 70)
TEAMS = {
    "planning": ("ada", "boris", "carla", "dario", "edda", "fiete", "gesa"),
    "ledger": ("hanno", "ilka", "jonte", "kaja", "lasse", "mirja", "nevin"),
    "logistics": ("okka", "pelle", "quirin", "runa", "sönke", "tilda", "ulf"),
    "pricing": ("vesna", "wanda", "xenia", "yorick", "zora", "arvid", "berit"),
    "research": ("corin", "dunja", "enno", "frauke", "gregor", "hella", "ivar"),
    "care": ("jette", "knut", "levke", "momme", "nele", "ole", "petra"),
}
"""Invented persons."""


def owners(jobs: list[str]) -> dict[str, tuple[str, str]]:
    """The owner and team of every job: two or three jobs a person."""
    persons = [(owner, team) for team, members in TEAMS.items() for owner in members]
    random.Random("owners").shuffle(persons)
    return {job: persons[index * 2 // 5 % len(persons)] for index, job in enumerate(sorted(jobs))}


def laid_out(chains: list[list]) -> list[dict]:
    """The attempts of all chains with dates: each job's chains on days of their own, evenly over the weeks."""
    by_job: dict[str, list[list]] = {}
    for steps in chains:
        by_job.setdefault(steps[0].run["job"], []).append(steps)
    owner_of = owners(list(by_job))
    attempts = []
    for job, own in sorted(by_job.items()):
        generator = random.Random(f"timeline/{job}")
        generator.shuffle(own)
        hour = START + timedelta(minutes=generator.randrange(0, 8 * 60, 10))
        for index, steps in enumerate(own):
            day = math.floor((index + generator.random() * 0.8) * DAYS / len(own))
            attempts += attempts_of(steps, hour + timedelta(days=day), owner_of[job], generator)
    return sorted(attempts, key=lambda attempt: (attempt["started_at"], attempt["run"]))


def attempts_of(steps: list, due: datetime, owner: tuple[str, str], generator: random.Random) -> list[dict]:
    """The attempts of one chain that is due at a time."""
    attempts = []
    at = due + timedelta(seconds=generator.uniform(1, 60))
    for number, step in enumerate(steps, start=1):
        extra = {}
        if step.trigger == "auto_retry":
            at += timedelta(seconds=BACKOFF_SECONDS * 2 ** (number - 2))
        elif step.trigger == "manual":
            hours = math.exp(generator.uniform(*map(math.log, PERSON_HOURS)))
            at += timedelta(hours=hours)
            extra = {"manual_minutes": min(generator.randint(*MANUAL_MINUTES), math.floor(hours * 60))}
        ended = at + timedelta(seconds=step.run["seconds"])
        attempts.append({**attempt_of(step, number, at, ended, owner), **extra,
                         "run": f"{step.run['job']}/{due:%Y-%m-%d}"})
        at = ended
    return attempts


def attempt_of(step, number: int, started: datetime, ended: datetime, owner: tuple[str, str]) -> dict:
    """One native attempt."""
    run = step.run
    attempt = {"job": run["job"], "run": "", "attempt": number, "outcome": run["outcome"],
               "started_at": stamp(started), "ended_at": stamp(ended), "workflow": run["workflow"],
               "owner": owner[0], "team": owner[1], "cluster": CLUSTER, "queue": owner[1],
               "application_id": run["application_id"], "trigger": step.trigger, "exit_code": run["exit_code"],
               "config": run["config"], "vcore_seconds": run["vcore_seconds"],
               "memory_gb_seconds": run["memory_gb_seconds"], "run_id": run["id"]}
    return {name: value for name, value in attempt.items() if value is not None}


def stamp(when: datetime) -> str:
    """RFC 3339 with milliseconds."""
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
