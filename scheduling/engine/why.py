"""Why this worker and not that one: the rules or the parts of the cost that decided, and what would turn it round.

With the rest of the plan as it is. A counterfactual is a change of the week after which the other one could go, or would
be the cheaper one; the reference score says so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from scheduling.engine.day import paid_minutes, week, weeks
from scheduling.engine.hard_rules import mentored
from scheduling.engine.model import Minutes, Plan, Problem, Visit, WorkerId
from scheduling.engine.reasons import board_of, refusals_on
from scheduling.engine.remedies import Change, Name, lift, with_worker
from scheduling.engine.rulebook import Refusal
from scheduling.engine.score import score

_PARTS: Mapping[str, tuple[str, str]] = {
    "changes": ("promises that would be broken", "beloften die anders worden"),
    "travel": ("minutes of travel", "minuten reistijd"),
    "continuity": ("known faces", "bekende gezichten"),
    "series": ("changing faces in a series", "wisselende gezichten in een reeks"),
    "hours": ("hours nearer to what people want", "uren dichter bij wat mensen willen"),
    "learner": ("learners who go along", "leerlingen die meegaan"),
    "late": ("late visits", "late bezoeken"),
    "short": ("short days", "korte dagen"),
    "split": ("days with a gap", "dagen met een gat"),
}


@dataclass(frozen=True, slots=True)
class KnownFace:
    """The client knows the worker already."""

    worker: WorkerId
    job: str

    def on(self, problem: Problem) -> Problem:
        """Return the week with the change."""
        jobs = (
            replace(j, regulars=(*j.regulars, self.worker)) if j.id == self.job else j for j in problem.jobs
        )
        return replace(problem, jobs=tuple(jobs))

    def say(self, problem: Problem, language: str, name: Name) -> str:  # noqa: ARG002 - the face of a change
        """Return the change in Dutch (`nl`) or English, without a capital or full stop."""
        if language == "nl":
            return f"deze klant {name(self.worker)} al kende"
        return f"this client knew {name(self.worker)} already"


@dataclass(frozen=True, slots=True)
class WantsOther:
    """A worker would like so many minutes in the week."""

    worker: WorkerId
    wanted: Minutes

    def on(self, problem: Problem) -> Problem:
        """Return the week with the change."""
        return with_worker(problem, self.worker, lambda worker: replace(worker, wanted=self.wanted))

    def say(self, problem: Problem, language: str, name: Name) -> str:  # noqa: ARG002 - the face of a change
        """Return the change in Dutch (`nl`) or English, without a capital or full stop."""
        hours = f"{self.wanted / 60:.1f}"
        if language == "nl":
            return f"{name(self.worker)} {hours.replace('.', ',')} uur per week wilde werken"
        return f"{name(self.worker)} wanted to work {hours} hours a week"


@dataclass(frozen=True, slots=True)
class LivesNear:
    """A worker lives next door to the job."""

    worker: WorkerId
    job: str

    def on(self, problem: Problem) -> Problem:
        """Return the week with the change."""
        place = problem.job[self.job]
        return with_worker(problem, self.worker, lambda worker: replace(worker, x=place.x, y=place.y))

    def say(self, problem: Problem, language: str, name: Name) -> str:  # noqa: ARG002 - the face of a change
        """Return the change in Dutch (`nl`) or English, without a capital or full stop."""
        return (
            f"{name(self.worker)} naast de klant woonde"
            if language == "nl"
            else f"{name(self.worker)} lived next door"
        )


Wish = KnownFace | WantsOther | LivesNear


@dataclass(frozen=True)
class Answer:
    """What speaks against another worker at a visit.

    Either `refusals`, or the `parts` of the cost that would change, with their sum. `turns` are changes that together
    turn it round, or None when none was found that is small enough to name.
    """

    visit: Visit
    instead: Visit
    refusals: tuple[Refusal, ...]
    parts: Mapping[str, int]
    turns: tuple[Change | Wish, ...] | None

    @property
    def dearer(self) -> int:
        return sum(self.parts.values())

    def say_parts(self, language: str) -> list[str]:
        """Return the parts of the cost that would change, as "+12 minutes of travel", in Dutch (`nl`) or English."""
        return [f"{n:+d} {_PARTS[part][language == 'nl']}" for part, n in self.parts.items()]

    def say_turns(self, problem: Problem, language: str, name: Name = str) -> str:
        """Return what would turn it round, as a sentence in Dutch (`nl`) or English."""
        if self.turns is None:
            return (
                "Wij vonden niets kleins dat dit anders maakt."
                if language == "nl"
                else "No small change turns this round."
            )
        joint, begin = (
            (" en als ", "Het zou anders zijn als")
            if language == "nl"
            else (" and if ", "It would be otherwise if")
        )
        return f"{begin} {joint.join(turn.say(problem, language, name) for turn in self.turns)}."


def why_not(problem: Problem, plan: Plan, visit: Visit, chosen: WorkerId, other: WorkerId) -> Answer:
    """Return why `chosen` goes on a visit of the plan, and `other` does not go in their place."""
    crew = tuple(other if worker == chosen else worker for worker in visit.workers)
    instead, job = Visit(visit.job, visit.start, crew), problem.job[visit.job]
    board = board_of(problem, plan.without(visit.job))
    refused = refusals_on(board, job, problem.worker[other], visit.start)
    if not refused and not mentored(problem, job, crew):
        refused = [Refusal("learner", job.id, other, {"skill": job.skill})]
        return Answer(visit, instead, tuple(refused), {}, None)
    if refused:
        return Answer(visit, instead, tuple(refused), {}, lift(board, job, other, visit.start))
    return Answer(visit, instead, (), _parts(problem, plan, instead), _turned(problem, plan, instead, other))


def _parts(problem: Problem, plan: Plan, instead: Visit) -> dict[str, int]:
    before, after = score(problem, plan), score(problem, plan.with_visit(instead))
    found = {"changes": after.changes - before.changes}
    found |= {part: after.parts[part] - before.parts[part] for part in before.parts}
    return {part: difference for part, difference in found.items() if difference}


def _turned(problem: Problem, plan: Plan, instead: Visit, other: WorkerId) -> tuple[Wish, ...] | None:
    """Return the first changes after which the other one is the cheaper one."""
    for wishes in _wishes(problem, plan, instead, other):
        changed = problem
        for wish in wishes:
            changed = wish.on(changed)
        if score(changed, plan.with_visit(instead)).layers < score(changed, plan).layers:
            return wishes
    return None


def _wishes(problem: Problem, plan: Plan, instead: Visit, other: WorkerId) -> Iterator[tuple[Wish, ...]]:
    after = weeks(problem, plan.with_visit(instead)).get(other) or week(problem, problem.worker[other], ())
    known, wants = KnownFace(other, instead.job), WantsOther(other, paid_minutes(after))
    near = LivesNear(other, instead.job)
    is_known = other in problem.job[instead.job].regulars
    singles: list[Wish] = [wants, near] if is_known else [known, wants, near]
    yield from ((one,) for one in singles)
    yield from ((one, two) for place, one in enumerate(singles) for two in singles[place + 1 :])
    yield tuple(singles)
