"""Checks the rules of the history with made-up results: python3 -m unittest test_history (in this folder)."""

from __future__ import annotations

import unittest

import history
import plan
import timeline

LADDER = ("512m", "768m", "1g", "2g", "4g")


def memory_spec(memory: str, repeat: int = 1, job: str = "large") -> dict:
    """A run of a made-up memory job."""
    return plan.specification("sorting", job, {"rows": 1}, {"spark.executor.memory": memory}, repeat=repeat)


def fault_spec(size: dict, repeat: int = 1) -> dict:
    """A run of a made-up fault job."""
    return {**plan.specification("closing", "x", size, {}, repeat=repeat), "failure_class": "code.exception"}


def result(spec: dict, outcome: str) -> dict:
    """A made-up result of 30 s."""
    number = plan.run_name(spec["id"])
    return {**spec, "outcome": outcome, "seconds": 30.0, "exit_code": 0 if outcome == "succeeded" else 1,
            "application_id": f"app-{number}", "vcore_seconds": 60.0, "memory_gb_seconds": 90.0}


def memory_results(needed_mib: float, repeats: int = 3, job: str = "large") -> list[dict]:
    """Results of the whole ladder of a job that needs so much memory."""
    return [result(memory_spec(memory, repeat, job),
                   "succeeded" if plan.mebibytes(memory) >= needed_mib else "failed")
            for repeat in range(1, repeats + 1) for memory in LADDER]


MEMORY_SPECS = [memory_spec(memory) for memory in LADDER]


def runs_of(attempts: list[dict]) -> dict[str, list[dict]]:
    """The attempts by run."""
    groups: dict[str, list[dict]] = {}
    for attempt in attempts:
        groups.setdefault(attempt["run"], []).append(attempt)
    return groups


class HistoryTest(unittest.TestCase):
    """The rules of episodes."""

    def test_failing_cell_is_retried_twice_then_raised_by_a_person(self) -> None:
        attempts = history.histories(memory_results(1024), MEMORY_SPECS)
        chain = next(chain for chain in runs_of(attempts).values()
                     if chain[0]["config"]["spark.executor.memory"] == "768m")
        self.assertEqual([a["trigger"] for a in chain[:4]], ["scheduled", "auto_retry", "auto_retry", "manual"])
        self.assertEqual([a["outcome"] for a in chain], ["failed"] * 3 + ["succeeded"])
        self.assertEqual([a["attempt"] for a in chain], [1, 2, 3, 4])
        self.assertGreaterEqual(plan.mebibytes(chain[3]["config"]["spark.executor.memory"]), 1024)

    def test_no_run_is_used_twice(self) -> None:
        attempts = history.histories(memory_results(1024), MEMORY_SPECS)
        used = [attempt["run_id"] for attempt in attempts]
        self.assertEqual(len(used), len(set(used)))

    def test_a_raise_that_fails_is_followed_by_another(self) -> None:
        world = history.World(memory_results(4096), MEMORY_SPECS, False)
        steps = history.with_retries(world, world.cells[0], history.opening(world, world.cells[0], 1))
        self.assertEqual(steps[-1].run["outcome"], "succeeded")
        values = [plan.mebibytes(step.run["config"]["spark.executor.memory"]) for step in steps]
        self.assertEqual(values, sorted(values))
        self.assertTrue(all(step.trigger == "manual" for step in steps[3:]))

    def test_where_nothing_helps_the_chain_fails(self) -> None:
        attempts = history.histories(memory_results(9999), MEMORY_SPECS)
        self.assertTrue(attempts)
        self.assertTrue(all(attempt["outcome"] == "failed" for attempt in attempts))

    def test_with_single_runs_the_person_acts_before_the_retries(self) -> None:
        attempts = history.histories(memory_results(1024, repeats=1), MEMORY_SPECS)
        chains = [chain for chain in runs_of(attempts).values() if len(chain) > 1]
        self.assertEqual(len(chains), 2)
        for chain in chains:
            self.assertEqual([a["trigger"] for a in chain], ["scheduled", "manual"])

    def test_manual_minutes_stand_on_manual_attempts_alone(self) -> None:
        for attempt in history.histories(memory_results(1024), MEMORY_SPECS):
            self.assertEqual("manual_minutes" in attempt, attempt["trigger"] == "manual")
            self.assertTrue(20 <= attempt.get("manual_minutes", 20) <= 70)

    def test_a_transient_fault_ends_with_the_retry_that_succeeds(self) -> None:
        specs = [fault_spec({"recovers_after": 1}, repeat) for repeat in (1, 2, 3)]
        results = [result(spec, outcome) for spec, outcome in zip(specs, ("failed", "succeeded", "succeeded"))]
        attempts = history.histories(results, specs)
        self.assertEqual(sorted(len(chain) for chain in runs_of(attempts).values()), [1, 2])

    def test_a_lasting_fault_is_repaired_by_a_person(self) -> None:
        specs = [fault_spec({}), fault_spec({"repaired": True})]
        results = [result(fault_spec({}, n), "failed") for n in (1, 2, 3)] + [result(specs[1], "succeeded")]
        (chain,) = runs_of(history.histories(results, specs)).values()
        self.assertEqual([a["trigger"] for a in chain], ["scheduled", "auto_retry", "auto_retry", "manual"])

    def test_results_of_another_size_are_left_out(self) -> None:
        other = [{**entry, "size": {"rows": 2}} for entry in memory_results(1024)]
        self.assertEqual(history.histories(other, MEMORY_SPECS), [])

    def test_the_same_results_in_any_order_make_the_same_history(self) -> None:
        results = memory_results(1024)
        self.assertEqual(history.histories(results, MEMORY_SPECS),
                         history.histories(results[::-1], MEMORY_SPECS))


class DemandsTest(unittest.TestCase):
    """Which runs are asked for."""

    def test_retries_and_the_raise_of_a_failing_cell_are_demanded(self) -> None:
        wanted = history.demands(memory_results(1024, repeats=1), MEMORY_SPECS)
        identities = [spec["id"] for spec in wanted]
        for memory in ("512m", "768m"):
            for repeat in (2, 3):
                self.assertIn(memory_spec(memory, repeat)["id"], identities)
        self.assertEqual(len(identities), len(set(identities)))
        self.assertTrue(all("outcome" not in spec and "missing" not in spec for spec in wanted))

    def test_granted_demands_come_to_an_end(self) -> None:
        results = memory_results(1024, repeats=1)
        for _ in range(20):
            wanted = history.demands(results, MEMORY_SPECS)
            if not wanted:
                break
            enough = {memory: plan.mebibytes(memory) >= 1024 for memory in LADDER}
            results += [result(spec, "succeeded" if enough[spec["config"]["spark.executor.memory"]] else "failed")
                        for spec in wanted]
        self.assertEqual(wanted, [])

    def test_a_complete_history_has_two_episodes_a_failing_cell(self) -> None:
        attempts = history.histories(memory_results(1024, repeats=8), MEMORY_SPECS)
        self.assertEqual(sum(len(chain) > 1 for chain in runs_of(attempts).values()), 4)


class TimelineTest(unittest.TestCase):
    """Dates and owners."""

    def test_attempts_of_a_run_follow_each_other(self) -> None:
        for chain in runs_of(history.histories(memory_results(4096, 6), MEMORY_SPECS)).values():
            for before, after in zip(chain, chain[1:]):
                self.assertLess(before["ended_at"], after["started_at"])

    def test_dates_are_within_the_weeks_and_distinct(self) -> None:
        attempts = history.histories(memory_results(1024, 10), MEMORY_SPECS)
        starts = [attempt["started_at"] for attempt in attempts]
        self.assertGreaterEqual(min(starts), "2026-07-06")
        self.assertLess(max(starts), "2026-10-30")
        firsts = [attempt["run"] for attempt in attempts if attempt["attempt"] == 1]
        self.assertEqual(len(firsts), len(set(firsts)))

    def test_an_owner_has_two_or_three_jobs(self) -> None:
        owners = timeline.owners([f"job {number:03}" for number in range(80)])
        counts = [sum(owner == person for owner in owners.values()) for person in set(owners.values())]
        self.assertTrue(all(2 <= count <= 3 for count in counts))


if __name__ == "__main__":
    unittest.main()
