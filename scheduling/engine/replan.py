"""What happened since a plan was published, merged into the problem that must now be solved."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from scheduling.engine.model import Job, JobId, Minutes, Plan, Problem, Visit, Window, Worker, WorkerId


class ImpossibleEvent(ValueError):
    """An event about a worker, job or visit that is not there, with a sentence that names it."""


@dataclass(frozen=True, slots=True)
class Absent:
    """The worker cannot come from `since` until `until`."""

    worker: WorkerId
    since: Minutes
    until: Minutes


@dataclass(frozen=True, slots=True)
class NoShow:
    """The worker did not turn up and is out for that day; the job may still begin at one of `starts`."""

    job: JobId
    worker: WorkerId
    starts: tuple[Minutes, ...]


@dataclass(frozen=True, slots=True)
class NewJob:
    """One more job, for a known client."""

    job: Job


@dataclass(frozen=True, slots=True)
class Cancel:
    """The job is no longer wanted."""

    job: JobId


Event = Absent | NoShow | NewJob | Cancel


@dataclass(frozen=True, slots=True)
class Case:
    """The moment of replanning, and the events up to it in order."""

    now: Minutes
    events: tuple[Event, ...]


def republish(problem: Problem, published: Plan) -> Problem:
    """Return the problem with what people were told; nothing is locked and no time has passed."""
    return replace(problem, published=published.visits, locked=frozenset(), now=None)


def freeze(problem: Problem, *, until: Minutes, pinned: Collection[JobId] = ()) -> Problem:
    """Return the problem in which published visits that begin before `until`, and pinned ones, stay as they are.

    Nothing new begins before `until` either: it is the earliest minute at which is planned.
    """
    kept = {visit.job for visit in problem.published if visit.start < until or visit.job in pinned}
    now = until if problem.now is None else max(problem.now, until)
    return replace(problem, locked=problem.locked | kept, now=now)


def merge(problem: Problem, published: Plan, case: Case) -> Problem:
    """Return the problem after the events. A published visit that has begun is locked, unless a no-show reopened it.

    :raises ImpossibleEvent: when an event names what is not there, or a job that is there already.
    """
    world = _World(problem, published)
    for event in case.events:
        world.apply(event)
    told = tuple(world.told.values())
    return replace(
        problem,
        workers=tuple(world.workers.values()),
        jobs=tuple(world.jobs.values()),
        published=told,
        locked=frozenset(v.job for v in told if v.start <= case.now and v.job not in world.reopened),
        now=case.now,
    )


class _World:
    def __init__(self, problem: Problem, published: Plan) -> None:
        self.problem = problem
        self.workers = dict(problem.worker)
        self.jobs = dict(problem.job)
        self.told = {visit.job: visit for visit in published.visits}
        self.reopened: set[JobId] = set()

    def apply(self, event: Event) -> None:
        match event:
            case Absent():
                self._away(event.worker, event.since, event.until)
            case NoShow():
                self._no_show(event)
            case NewJob():
                self._new_job(event.job)
            case Cancel():
                self._job(event.job)
                del self.jobs[event.job]
                self.told.pop(event.job, None)

    def _away(self, worker: WorkerId, since: Minutes, until: Minutes) -> None:
        if worker not in self.workers:
            raise ImpossibleEvent(f"An event is about worker {worker!r}, who is not in the week.")
        person: Worker = self.workers[worker]
        self.workers[worker] = replace(person, availability=subtract(person.availability, since, until))

    def _no_show(self, event: NoShow) -> None:
        job, visit = self._job(event.job), self._visit(event.job)
        day = self.problem.day_of(visit.start)
        self._away(event.worker, self.problem.day_end(day - 1), self.problem.day_end(day))
        self.jobs[job.id] = replace(job, starts=event.starts)
        self.reopened.add(job.id)

    def _new_job(self, job: Job) -> None:
        if job.id in self.jobs:
            raise ImpossibleEvent(f"New job {job.id!r} is in the week already.")
        if job.client not in self.problem.client:
            raise ImpossibleEvent(f"New job {job.id!r} is for client {job.client!r}, who is not in the week.")
        self.jobs[job.id] = job

    def _job(self, job: JobId) -> Job:
        if job not in self.jobs:
            raise ImpossibleEvent(f"An event is about job {job!r}, which is not in the week.")
        return self.jobs[job]

    def _visit(self, job: JobId) -> Visit:
        if job not in self.told:
            raise ImpossibleEvent(f"Nobody was published for job {job!r}, so nobody can have stayed away.")
        return self.told[job]


def subtract(windows: Sequence[Window], since: Minutes, until: Minutes) -> tuple[Window, ...]:
    """Return the windows less `[since, until)`; all of them when that is empty."""
    if since >= until:
        return tuple(windows)
    left: list[Window] = []
    for opens, closes in windows:
        if closes <= since or opens >= until:
            left.append((opens, closes))
            continue
        if opens < since:
            left.append((opens, since))
        if until < closes:
            left.append((until, closes))
    return tuple(left)
