"""What would have to be otherwise: small changes of a week, and the cheapest ones that let a job be served.

Everything here holds with the rest of the plan as it is. Each change can be made (`on`), so that it can be tried.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from scheduling.engine.board import Board
from scheduling.engine.model import Job, JobId, Minutes, Plan, Problem, Visit, Worker, WorkerId
from scheduling.engine.reasons import board_of, refusals_on
from scheduling.engine.rulebook import Refusal

Name = Callable[[str], str]
QUARTER: Minutes = 15
FURTHEST: Minutes = 180
MOST_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class OtherStart:
    """The job may also begin then."""

    job: JobId
    start: Minutes
    shift: Minutes

    @property
    def price(self) -> int:
        return 10 + abs(self.shift) // QUARTER

    def on(self, problem: Problem) -> Problem:
        """Return the week with the change."""
        jobs = (replace(j, starts=(*j.starts, self.start)) if j.id == self.job else j for j in problem.jobs)
        return replace(problem, jobs=tuple(jobs))

    def say(self, problem: Problem, language: str, name: Name) -> str:  # noqa: ARG002 - the face of a change
        """Return the change in Dutch (`nl`) or English, without a capital or full stop."""
        minutes, when = abs(self.shift), problem.moment(self.start).say(language)
        if language == "nl":
            return f"het bezoek {minutes} minuten {'later' if self.shift > 0 else 'eerder'} begint, {when}"
        return f"the visit began {minutes} minutes {'later' if self.shift > 0 else 'earlier'}, {when}"


@dataclass(frozen=True, slots=True)
class LongerAvailable:
    """A worker can also work in [since, until)."""

    worker: WorkerId
    since: Minutes
    until: Minutes
    price: int = 50

    def on(self, problem: Problem) -> Problem:
        """Return the week with the change."""

        def widened(worker: Worker) -> Worker:
            touching = [w for w in worker.availability if w[0] <= self.until and self.since <= w[1]]
            others = [w for w in worker.availability if w not in touching]
            whole = min([self.since, *(w[0] for w in touching)]), max([self.until, *(w[1] for w in touching)])
            return replace(worker, availability=tuple(sorted([*others, whole])))

        return with_worker(problem, self.worker, widened)

    def say(self, problem: Problem, language: str, name: Name) -> str:
        """Return the change in Dutch (`nl`) or English, without a capital or full stop."""
        since, until = (problem.moment(minute).say(language) for minute in (self.since, self.until))
        if language == "nl":
            return f"{name(self.worker)} ook kan van {since} tot {until}"
        return f"{name(self.worker)} could also work from {since} to {until}"


@dataclass(frozen=True, slots=True)
class LargerContract:
    """A worker may be paid for more minutes in the week."""

    worker: WorkerId
    contract: Minutes
    more: Minutes

    @property
    def price(self) -> int:
        return 60 + self.more // QUARTER

    def on(self, problem: Problem) -> Problem:
        """Return the week with the change."""
        return with_worker(problem, self.worker, lambda worker: replace(worker, contract=self.contract))

    def say(self, problem: Problem, language: str, name: Name) -> str:  # noqa: ARG002 - the face of a change
        """Return the change in Dutch (`nl`) or English, without a capital or full stop."""
        if language == "nl":
            return f"{name(self.worker)} deze week {self.more} minuten meer mag werken"
        return f"{name(self.worker)} might work {self.more} minutes more this week"


@dataclass(frozen=True, slots=True)
class ValidPaper:
    """A worker has a certificate that is valid until a minute of the week."""

    worker: WorkerId
    certificate: str
    until: Minutes
    price: int = 200

    def on(self, problem: Problem) -> Problem:
        """Return the week with the change."""
        return with_worker(
            problem,
            self.worker,
            lambda w: replace(w, certificates={**w.certificates, self.certificate: self.until}),
        )

    def say(self, problem: Problem, language: str, name: Name) -> str:  # noqa: ARG002 - the face of a change
        """Return the change in Dutch (`nl`) or English, without a capital or full stop."""
        if language == "nl":
            return f"{name(self.worker)} een geldig papier heeft: {name(self.certificate)}"
        return f"{name(self.worker)} had a valid certificate: {name(self.certificate)}"


@dataclass(frozen=True, slots=True)
class Learned:
    """A worker has learned a skill."""

    worker: WorkerId
    skill: str
    price: int = 400

    def on(self, problem: Problem) -> Problem:
        """Return the week with the change."""
        return with_worker(
            problem, self.worker, lambda w: replace(w, skills={**w.skills, self.skill: "qualified"})
        )

    def say(self, problem: Problem, language: str, name: Name) -> str:  # noqa: ARG002 - the face of a change
        """Return the change in Dutch (`nl`) or English, without a capital or full stop."""
        if language == "nl":
            return f"{name(self.worker)} dit werk heeft geleerd: {name(self.skill)}"
        return f"{name(self.worker)} had learned this work: {name(self.skill)}"


Change = OtherStart | LongerAvailable | LargerContract | ValidPaper | Learned


@dataclass(frozen=True, slots=True)
class Remedy:
    """Changes that together let a job be served, with the visit that is possible then, and all who could go."""

    changes: tuple[Change, ...]
    visit: Visit
    able: tuple[WorkerId, ...]

    @property
    def price(self) -> int:
        return sum(change.price for change in self.changes)

    def on(self, problem: Problem) -> Problem:
        """Return the week with the changes."""
        for change in self.changes:
            problem = change.on(problem)
        return problem

    def say(self, problem: Problem, language: str, name: Name = str) -> str:
        """Return the remedy as a sentence in Dutch (`nl`) or English."""
        count = len(self.able)
        who = ", ".join(name(worker) for worker in self.able[:5]).removesuffix(".")
        if not self.changes:
            return f"Het past zoals het is: {who}." if language == "nl" else f"It fits as it is: {who}."
        joint = " en als " if language == "nl" else " and if "
        what = joint.join(change.say(problem, language, name) for change in self.changes)
        if language == "nl":
            return f"Het kan als {what}. Dan {'kan' if count == 1 else f'kunnen {count}'}: {who}."
        return f"It could be done if {what}. Then {count} could go: {who}."


def with_worker(problem: Problem, worker: WorkerId, change: Callable[[Worker], Worker]) -> Problem:
    """Return the week with one worker changed."""
    return replace(problem, workers=tuple(change(w) if w.id == worker else w for w in problem.workers))


def remedies(problem: Problem, plan: Plan, job: JobId) -> list[Remedy]:
    """Return what would let an unserved job be served, the cheapest first; of each kind only the cheapest."""
    board, asked = board_of(problem, plan.without(job)), problem.job[job]
    found = [r for start in asked.starts if (r := _lifted(board, asked, start)) is not None]
    found += [r for r in _other_starts(board, asked) if r is not None]
    best: dict[tuple[str, ...], Remedy] = {}
    for remedy in sorted(found, key=lambda r: (r.price, r.visit.start)):
        best.setdefault(tuple(sorted({type(change).__name__ for change in remedy.changes})), remedy)
    return list(best.values())


def _other_starts(board: Board, job: Job) -> Iterator[Remedy | None]:
    """Yield the nearest later and the nearest earlier start at which enough people could go."""
    for sign in (1, -1):
        yield next(
            (
                r
                for shift in range(QUARTER, FURTHEST + 1, QUARTER)
                if (r := _shifted(board, job, sign * shift))
            ),
            None,
        )


def _shifted(board: Board, job: Job, shift: Minutes) -> Remedy | None:
    for asked in job.starts:
        change = OtherStart(job.id, asked + shift, shift)
        problem = change.on(board.problem)
        if problem.day_of(change.start) != problem.day_of(asked) or change.start in job.starts:
            continue
        able = _able(_again(problem, board), problem.job[job.id], change.start)
        crew = _crew(problem, job, able)
        if crew is not None:
            return Remedy((change,), Visit(job.id, change.start, crew), able)
    return None


def _again(problem: Problem, board: Board) -> Board:
    return board_of(problem, board.plan)


def _able(board: Board, job: Job, start: Minutes) -> tuple[WorkerId, ...]:
    return tuple(w.id for w in board.problem.workers if not refusals_on(board, job, w, start))


def _crew(problem: Problem, job: Job, able: tuple[WorkerId, ...]) -> tuple[WorkerId, ...] | None:
    """Return a crew with somebody who has learned the work, or None."""
    qualified = [w for w in able if problem.worker[w].skills.get(job.skill) == "qualified"]
    if len(able) < job.team or not qualified:
        return None
    others = [w for w in able if w != qualified[0]]
    return (qualified[0], *others[: job.team - 1])


def _lifted(board: Board, job: Job, start: Minutes) -> Remedy | None:
    """Return the cheapest changes to workers after which enough of them can go at an asked start."""
    problem, able = board.problem, _able(board, job, start)
    missing = max(0, job.team - len(able))
    crew = _crew(problem, job, able)
    if crew is not None:
        return Remedy((), Visit(job.id, start, crew), able)
    options = sorted(
        (
            (sum(change.price for change in changes), worker.id, changes)
            for worker in problem.workers
            if worker.id not in able and (changes := lift(board, job, worker.id, start)) is not None
        ),
        key=lambda option: option[:2],
    )
    for need in range(max(1, missing), len(options) + 1):
        chosen = options[:need]
        changes = tuple(change for _price, _worker, found in chosen for change in found)
        remedy = Remedy(changes, Visit(job.id, start, ()), (*able, *(worker for _p, worker, _c in chosen)))
        crew = _crew(remedy.on(problem), job, remedy.able)
        if crew is not None:
            return replace(remedy, visit=Visit(job.id, start, crew))
    return None


def lift(board: Board, job: Job, worker: WorkerId, start: Minutes) -> tuple[Change, ...] | None:
    """Return the changes after which no rule refuses the worker there and then, or None when rest, breaks, another
    visit or a wish to stay apart stand in the way: those are not for sale."""
    problem, changes = board.problem, list[Change]()
    for _round in range(MOST_ROUNDS):
        found = refusals_on(_again(problem, board), job, problem.worker[worker], start)
        if not found:
            return tuple(changes)
        for refusal in found:
            change = _against(problem, refusal, job, worker, start)
            if change is None:
                return None
            changes.append(change)
            problem = change.on(problem)
    return None


def _against(problem: Problem, refusal: Refusal, job: Job, worker: WorkerId, start: Minutes) -> Change | None:
    end = start + job.minutes
    match refusal.rule:
        case "availability":
            return LongerAvailable(worker, start, end)
        case "contract":
            needed = int(str(refusal.facts["minutes"]))
            return LargerContract(worker, needed, needed - problem.worker[worker].contract)
        case "certificate":
            return ValidPaper(worker, str(refusal.facts["certificate"]), end)
        case "skill":
            return Learned(worker, job.skill)
    return None
