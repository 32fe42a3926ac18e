"""Replanning on the public cases: the whole path, what was added to unserved, and promises broken beyond those lost."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.judging import as_json
from scheduling.engine import weekfile
from scheduling.engine.replan import merge, republish
from scheduling.engine.solve import solve
from scheduling.engine.stop import ProcessorSeconds

SEARCH_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Replanned:
    """One case: seconds of the whole path, minutes more unserved than published, promises broken beyond the lost."""

    seconds: float
    added: int
    beyond: int
    violations: int


def replan(checker: ModuleType, week: Path, folder: Path, *, seed: int = 1) -> list[Replanned]:
    """Replan every case of the folder."""
    told = checker.load(folder / "published.json.gz")
    before = checker.check(checker.load(week), told)["unserved_minutes"]
    return [
        _replan(checker, week, case, before=before, seed=seed) for case in sorted(folder.glob("case-*.json"))
    ]


def percentile(seconds: Sequence[float], share: float) -> float:
    """Return the figure that this share of the cases does not pass."""
    return sorted(seconds)[math.ceil(len(seconds) * share) - 1]


def _replan(checker: ModuleType, week: Path, case: Path, *, before: int, seed: int) -> Replanned:
    published = case.with_name("published.json.gz")
    began = time.process_time()
    problem, told = weekfile.load(week), weekfile.load_published(published)
    merged = merge(republish(problem, told), told, weekfile.load_case(case, problem))
    plan = as_json(solve(merged, stop=ProcessorSeconds(SEARCH_SECONDS), seed=seed).plan)
    seconds = time.process_time() - began
    events = checker.load(case)
    world = checker.apply_case(checker.load(week), checker.load(published), events)
    found = checker.check(world, plan)
    served = {visit["job"] for visit in plan["visits"]}
    again = sum(job in served for job, _worker in _lost(world, events))
    added = found["unserved_minutes"] - before
    return Replanned(seconds, added, found["changes"] - again, len(found["violations"]))


def _lost(world: dict[str, Any], events: dict[str, Any]) -> list[tuple[str, str]]:
    """The pairs of visit and worker that cannot stay after the events, as the format defines them."""
    windows = {worker["id"]: worker["availability"] for worker in world["workers"]}
    minutes = {job["id"]: job["minutes"] for job in world["jobs"]}
    away = {(one["job"], one["worker"]) for one in events["events"] if one["type"] == "no_show"}
    lost = []
    for visit in world["published"]:
        start, end = visit["start"], visit["start"] + minutes[visit["job"]]
        for worker in visit["workers"]:
            fits = any(since <= start and end <= until for since, until in windows[worker])
            if not visit["locked"] and (not fits or (visit["job"], worker) in away):
                lost.append((visit["job"], worker))
    return lost
