"""What a plan costs: three layers, compared in order, and the parts of the last one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from scheduling.engine.check import known_part
from scheduling.engine.day import Day, Week, paid_minutes, weeks
from scheduling.engine.model import Job, Minutes, Plan, Problem, Visit, Worker, WorkerId

PARTS = ("travel", "continuity", "series", "hours", "learner", "late", "short", "split")
STEP: Minutes = 30


@dataclass(frozen=True)
class Score:
    """The figures of a plan. `parts` are weighted, `counts` are not."""

    unserved_minutes: Minutes
    unserved_slots: int
    changes: int
    counts: Mapping[str, int]
    parts: Mapping[str, int]

    @property
    def soft_cost(self) -> int:
        return sum(self.parts.values())

    @property
    def layers(self) -> tuple[Minutes, int, int]:
        """Unserved minutes, changes, soft cost: the first that differs decides, less is better."""
        return self.unserved_minutes, self.changes, self.soft_cost


def score(problem: Problem, plan: Plan) -> Score:
    """Return the figures of the plan."""
    plan = known_part(problem, plan)
    counts = dict.fromkeys(PARTS, 0)
    by_worker = weeks(problem, plan)
    for worker in problem.workers:
        add(counts, week_counts(problem, worker, by_worker.get(worker.id, {})))
    for visit in plan.visits:
        add(counts, visit_counts(problem, problem.job[visit.job], visit.workers))
    counts["series"] = sum(_strangers(problem, plan).values())
    unserved = [job for job in problem.jobs if job.id not in plan.by_job]
    return Score(
        sum(job.team * job.minutes for job in unserved),
        sum(job.team for job in unserved),
        sum(changes(problem, visit) for visit in plan.visits),
        counts,
        weighted(problem, counts),
    )


def add(counts: dict[str, int], more: Mapping[str, int]) -> None:
    """Add the counts of `more` to `counts`."""
    for part, count in more.items():
        counts[part] += count


def weighted(problem: Problem, counts: Mapping[str, int]) -> Mapping[str, int]:
    """Return each count times its weight."""
    return {part: count * int(getattr(problem.weights, part)) for part, count in counts.items()}


def week_counts(problem: Problem, worker: Worker, week: Week) -> dict[str, int]:
    """Return the counts that hang on one worker's week: travel, hours, late, short, split."""
    counts = {"travel": 0, "hours": hours(worker, paid_minutes(week)), "late": 0, "short": 0, "split": 0}
    for day in week.values():
        add(counts, day_counts(problem, worker, day))
    return counts


def day_counts(problem: Problem, worker: Worker, day: Day) -> dict[str, int]:
    """Return the counts that hang on one day of a worker."""
    rules = problem.rules
    return {
        "travel": day.travel,
        "late": int(day.last_end > problem.late_from(day.day) and not worker.likes_late),
        "short": int(day.visit_minutes < rules.short_day),
        "split": sum(gap.idle > rules.split_gap for gap in day.gaps),
    }


def hours(worker: Worker, paid: Minutes) -> int:
    """Return the square of the half hours, rounded down, between the paid minutes and what is fair."""
    steps = abs(paid - worker.aim) // STEP
    return steps * steps


def visit_counts(problem: Problem, job: Job, crew: Collection[WorkerId]) -> dict[str, int]:
    """Return the counts that hang on one crew: regulars that are missed, learners that are along."""
    there, regulars = set(crew), problem.welcome(job)
    learners = sum(problem.worker[worker].skills.get(job.skill) == "learner" for worker in there)
    return {"continuity": max(0, min(job.team, len(regulars)) - len(there & regulars)), "learner": learners}


def _strangers(problem: Problem, plan: Plan) -> Mapping[str, int]:
    crews: dict[str, set[WorkerId]] = {}
    for visit in plan.visits:
        series = problem.job[visit.job].series
        if series is not None:
            crews.setdefault(series, set()).update(visit.workers)
    return {series: max(0, len(crew) - problem.series_size[series]) for series, crew in crews.items()}


def changes(problem: Problem, visit: Visit) -> int:
    """Return how many promises the visit breaks: workers not told of it, and the whole team when its start moved."""
    told = problem.told.get(visit.job)
    if told is None:
        return 0
    moved = problem.job[visit.job].team if visit.start != told.start else 0
    return len(set(visit.workers) - set(told.workers)) + moved
