"""What is planned, as plain values: people, places, jobs, rules, prices, and a plan.

Time is whole minutes since Monday 00:00 local time, counted as they elapse; `day_starts` says where each day begins,
so a week in which the clock changes is right too. Places are metres on a street grid.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Literal

from scheduling.engine.rulebook import Moment

Minutes = int
Level = Literal["qualified", "learner"]
WorkerId = str
ClientId = str
JobId = str
Window = tuple[Minutes, Minutes]

DAY: Minutes = 1440
HISTORY_WEEKS = 13
EVEN_WEEK: tuple[Minutes, ...] = tuple(DAY * day for day in range(8))


@dataclass(frozen=True, slots=True)
class Worker:
    """A person who can be sent to jobs.

    `contract` is the most paid minutes in the week, `wanted` what the worker would like. `availability` are windows
    `(from, until)` of which none crosses midnight. `certificates` gives the last minute, inclusive, of each one.
    `previous_end` is the minute (zero or less) at which the last visit of the week before ended.

    `cannot` names tasks the worker does not do. `standby` are windows in which the worker is kept free for what falls
    out. `history` has the minutes worked and wanted of earlier weeks, the latest first. `limits` says what the law leaves
    for this week by the name of its rule (`four-weeks`, `sixteen-weeks`), as `working_time.left` works it out.
    """

    id: WorkerId
    x: int
    y: int
    mode: str
    contract: Minutes
    wanted: Minutes
    availability: tuple[Window, ...]
    languages: frozenset[str]
    skills: Mapping[str, Level]
    certificates: Mapping[str, Minutes] = field(default_factory=dict)
    excluded_clients: frozenset[ClientId] = frozenset()
    likes_late: bool = False
    previous_end: Minutes = -2 * DAY
    cannot: frozenset[str] = frozenset()
    standby: tuple[Window, ...] = ()
    history: tuple[tuple[Minutes, Minutes], ...] = ()
    limits: Mapping[str, Minutes] = field(default_factory=dict)

    @property
    def aim(self) -> Minutes:
        """The minutes at which the worker's week is fair: what is wanted, and a quarter of what earlier weeks left short.

        Weeks with too much count as much as weeks with too little. No more than a quarter of what is wanted is made up
        in one week, and the contract is not passed. Without a history it is what is wanted.
        """
        short = sum(wanted - worked for worked, wanted in self.history[:HISTORY_WEEKS]) // 4
        most = self.wanted // 4
        aim = self.wanted + max(-most, min(most, short))
        return aim if not self.history else max(0, min(aim, max(self.contract, self.wanted)))


@dataclass(frozen=True, slots=True)
class Client:
    """Who asked for a job. No languages means: any. `preferred_workers` are as welcome as those the client knows."""

    id: ClientId
    languages: frozenset[str] = frozenset()
    excluded_workers: frozenset[WorkerId] = frozenset()
    preferred_workers: frozenset[WorkerId] = frozenset()


@dataclass(frozen=True, slots=True)
class Job:
    """Work for `team` workers who begin together at one of `starts` and are each paid for `minutes`.

    `regulars` are workers whom the client knows. Jobs of one `series` want the same crew. `tasks` names what is done
    there, of which a worker may not do some.
    """

    id: JobId
    client: ClientId
    x: int
    y: int
    skill: str
    team: int
    minutes: Minutes
    starts: tuple[Minutes, ...]
    certificates: frozenset[str] = frozenset()
    regulars: tuple[WorkerId, ...] = ()
    series: str | None = None
    tasks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rules:
    """The figures of the hard rules and of the thresholds that cost something. Minutes, speeds in metres per minute.

    `travel_is_work` counts travel between two visits of a day as working time: in the longest day, the break counter,
    the contract and the paid minutes. It is on in the product and off for `week/1` files, whose checker knows no paid
    travel.
    """

    speed: Mapping[str, int]
    setup: Minutes = 5
    max_day: Minutes = 540
    break_after: Minutes = 330
    break_minutes: Minutes = 30
    daily_rest: Minutes = 660
    weekly_rest: Minutes = 2160
    notice: Minutes = 60
    late_after: Minutes = 1200
    short_day: Minutes = 180
    split_gap: Minutes = 120
    skill_certificates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    travel_is_work: bool = False


@dataclass(frozen=True, slots=True)
class Weights:
    """What one unit of each part of the soft cost weighs; a negative weight is a bonus."""

    travel: int = 1
    continuity: int = 30
    series: int = 20
    hours: int = 1
    learner: int = -20
    late: int = 15
    short: int = 20
    split: int = 15


@dataclass(frozen=True, slots=True)
class Visit:
    """A job at a start with a crew."""

    job: JobId
    start: Minutes
    workers: tuple[WorkerId, ...]


@dataclass(frozen=True)
class Plan:
    """The visits that will be made; a job that is not among them is unserved."""

    visits: tuple[Visit, ...] = ()

    @cached_property
    def by_job(self) -> Mapping[JobId, Visit]:
        """The visit of each job; of two visits of one job the first."""
        return {visit.job: visit for visit in reversed(self.visits)}

    def with_visit(self, visit: Visit) -> "Plan":
        """This plan with the visit in place of what it had for that job."""
        return Plan((*(other for other in self.visits if other.job != visit.job), visit))

    def without(self, job: JobId) -> "Plan":
        """This plan with the job unserved."""
        return Plan(tuple(visit for visit in self.visits if visit.job != job))


@dataclass(frozen=True)
class Problem:
    """Everything a plan is judged by.

    `published` is what people were told before, `locked` names the jobs whose published visit may not change (begun, or
    accepted by the worker), `now` is the minute at which is planned: nothing starts before it, and a worker who is new
    to a visit is told `rules.notice` ahead. `day_starts` has one entry more than there are days, the end of the last.
    """

    workers: tuple[Worker, ...]
    clients: tuple[Client, ...]
    jobs: tuple[Job, ...]
    rules: Rules
    weights: Weights = Weights()
    published: tuple[Visit, ...] = ()
    locked: frozenset[JobId] = frozenset()
    now: Minutes | None = None
    day_starts: tuple[Minutes, ...] = EVEN_WEEK
    name: str = ""

    def __post_init__(self) -> None:
        if len(self.day_starts) < 2 or any(a >= b for a, b in pairwise(self.day_starts)):
            raise ValueError("day_starts must rise, and end with the end of the last day")

    @cached_property
    def worker(self) -> Mapping[WorkerId, Worker]:
        return {worker.id: worker for worker in self.workers}

    @cached_property
    def client(self) -> Mapping[ClientId, Client]:
        return {client.id: client for client in self.clients}

    @cached_property
    def job(self) -> Mapping[JobId, Job]:
        return {job.id: job for job in self.jobs}

    @cached_property
    def told(self) -> Mapping[JobId, Visit]:
        """What was published, by job."""
        return {visit.job: visit for visit in self.published}

    @cached_property
    def series_size(self) -> Mapping[str, int]:
        """The largest team of each series, served or not."""
        size: dict[str, int] = {}
        for job in self.jobs:
            if job.series is not None:
                size[job.series] = max(size.get(job.series, 0), job.team)
        return size

    def is_locked(self, job: JobId) -> bool:
        """Whether the job has a published visit that may not change."""
        return job in self.locked and job in self.told

    def day_of(self, minute: Minutes) -> int:
        """The day a minute belongs to; days outside the table last 1440 minutes."""
        if minute < self.day_starts[0]:
            return (minute - self.day_starts[0]) // DAY
        if minute >= self.day_starts[-1]:
            return self.days + (minute - self.day_starts[-1]) // DAY
        return bisect_right(self.day_starts, minute) - 1

    def day_end(self, day: int) -> Minutes:
        """The minute at which the day ends."""
        if day < 0:
            return self.day_starts[0] + DAY * (day + 1)
        if day >= self.days:
            return self.day_starts[-1] + DAY * (day + 1 - self.days)
        return self.day_starts[day + 1]

    @property
    def days(self) -> int:
        return len(self.day_starts) - 1

    def late_from(self, day: int) -> Minutes:
        """The minute after which a visit of that day ends late, counted back from midnight because the clock
        changes in the early morning."""
        return self.day_end(day) - (DAY - self.rules.late_after)

    def moment(self, minute: Minutes) -> Moment:
        """The minute as people say it. The clock is counted back from midnight, as in `late_from`."""
        day = self.day_of(minute)
        return Moment(day, DAY - (self.day_end(day) - minute))

    def welcome(self, job: Job) -> frozenset[WorkerId]:
        """The workers whom the client of the job knows or prefers."""
        client = self.client.get(job.client)
        return frozenset(job.regulars) | (client.preferred_workers if client else frozenset())

    def certificates_for(self, job: Job) -> list[str]:
        """The certificates that each worker of the job needs, in order of name."""
        return sorted({*self.rules.skill_certificates.get(job.skill, ()), *job.certificates})
